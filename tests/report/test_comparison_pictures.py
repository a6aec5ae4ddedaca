"""The pictures of an experiment's page, from answers made by hand."""

import pytest
from answers import BOTH, FROZEN, TUNED, answer_of, contrast, trial

from windowner.experiments.contrasts import Crossing
from windowner.report import comparison_pictures
from windowner.report.figures import LIGHT

pytest.importorskip("matplotlib")


@pytest.fixture
def answer():
    return answer_of(
        [
            trial(TUNED, 1.0, 1, 0.8),
            trial(FROZEN, 1.0, 1, 0.6),
            trial(FROZEN, 1.0, 0, 0.7),
            trial(FROZEN, 0.1, 0, 0.3),
        ]
    )


def drawn(picture):
    """The axes of a picture."""
    (axes,) = picture.figure(LIGHT).axes
    return axes


def test_a_learning_curve_has_one_point_per_amount_of_data(answer):
    axes = drawn(comparison_pictures.learning_curves(answer.cells[::-1]))  # in any order
    curves = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert curves["frozen"] == [[100, pytest.approx(30)], [1000, pytest.approx(65)]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["frozen", "tuned"]


def test_with_one_amount_of_data_settings_are_listed_below_each_other(answer):
    axes = drawn(comparison_pictures.score_plot(answer.cells_on_most_data))
    assert [text.get_text() for text in axes.get_yticklabels()] == ["frozen", "tuned"]
    assert [text.get_text() for text in axes.texts] == ["65.0", "80.0"]
    assert comparison_pictures.score_plot(answer.cells).name == "learning-curves"


def test_training_curves_name_each_setting_once(answer):
    pictures = comparison_pictures.training_curves(answer)
    assert [picture.name for picture in pictures] == ["dev-f1-1", "loss-1", "dev-f1-0.1", "loss-0.1"]
    assert [picture.caption.split(": ")[1] for picture in pictures[::2]] == [
        "1,000 training words.",
        "100 training words.",
    ]
    axes = drawn(pictures[0])
    assert len(axes.get_lines()) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["frozen", "tuned"]


def intervals(axes):
    """Ends and colour of each interval."""
    return [
        (list(line.get_xdata()), line.get_color())
        for line in axes.get_lines()
        if line.get_linewidth() > 2 and len(line.get_xdata()) == 2
    ]


def test_only_an_interval_without_zero_has_the_colour_of_the_better_setting():
    picture = comparison_pictures.difference_plot(
        [contrast(-0.02, -0.03, -0.01, words=100), contrast(0.005, -0.002, 0.012, words=1000)]
    )
    axes = drawn(picture)
    first, second = intervals(axes)
    assert first == ([pytest.approx(-3), pytest.approx(-1)], LIGHT.color(0))
    assert second == ([pytest.approx(-0.2), pytest.approx(1.2)], LIGHT.muted)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["100\nwords", "1,000\nwords"]
    assert {"← frozen better", "tuned better →"} <= {text.get_text() for text in axes.texts}
    assert picture.caption.startswith("F1 of tuned minus F1 of frozen, ")


def test_of_several_settings_the_contrasts_on_the_most_data_are_drawn():
    picture = comparison_pictures.difference_plot(
        [
            contrast(-0.02, -0.03, -0.01, words=100),
            contrast(0.02, 0.01, 0.03, words=1000),
            contrast(0.03, 0.02, 0.04, words=1000, other=BOTH),
        ]
    )
    axes = drawn(picture)
    assert intervals(axes) == [([1, 3], LIGHT.color(1)), ([2, 4], LIGHT.color(2))]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["tuned", "both"]
    assert {"← frozen better", "other better →"} <= {text.get_text() for text in axes.texts}
    assert picture.caption.startswith("F1 of each setting minus F1 of frozen, ")


def test_a_crossing_is_marked_and_described(answer):
    picture = comparison_pictures.score_plot(answer.cells, [Crossing(FROZEN, TUNED, 400, upwards=True, sure=True)])
    assert picture.caption.endswith("The means cross at about 400 words. With more words, tuned is ahead of frozen.")
    assert [400, 400] in [list(line.get_xdata()) for line in drawn(picture).get_lines()]


def test_a_crossing_within_the_noise_is_not_marked(answer):
    picture = comparison_pictures.score_plot(answer.cells, [Crossing(FROZEN, TUNED, 400, upwards=True, sure=False)])
    assert "cross" not in picture.caption
    assert [400, 400] not in [list(line.get_xdata()) for line in drawn(picture).get_lines()]


def test_bands_end_at_0_and_at_100():
    """0 and 2 points have a mean of 1 and a deviation of 1.4; 100 and 98 the same from above."""
    low, high = [
        comparison_pictures._spread(
            answer_of([trial(FROZEN, 1.0, 0, ends[0]), trial(FROZEN, 1.0, 1, ends[1])]).cells[0]
        )
        for ends in ((0.0, 0.02), (1.0, 0.98))
    ]
    assert low == (pytest.approx(1), 0, pytest.approx(1 + 2**0.5))
    assert high == (pytest.approx(99), pytest.approx(99 - 2**0.5), 100)


def test_bars_are_grouped_by_familiarity_on_the_most_data(answer):
    axes = drawn(comparison_pictures.familiarity_bars(answer.cells_on_most_data))
    assert [patch.get_height() for patch in axes.patches] == pytest.approx([65, 80])
    assert [text.get_text() for text in axes.get_xticklabels()] == ["seen"]
