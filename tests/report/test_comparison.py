"""The numbers of an experiment's page, from run folders written by hand."""

from pathlib import Path

import pytest

from windowner.report import comparison, comparison_pictures
from windowner.report.comparison import Crossing, Difference, Score, Trial
from windowner.report.figures import LIGHT
from windowner.report.runs import Epoch, RunFolder, Tagged


def trial(label, setting, fraction, seed, f1, types=None, test=None):
    """A trial that scored `f1` on dev."""

    def scores(f1):
        part = {"precision": f1, "recall": f1, "f1": f1, "support": 9}
        of_types = {name: {**part, "f1": value} for name, value in (types or {"LOC": f1}).items()}
        return {"overall": part, "types": of_types}

    metrics = {"dev": scores(f1), "familiarity": {"seen": {"f1": f1}}, "train_seconds": 2.0 + seed, "mode": label}
    if test is not None:
        metrics["test"] = scores(test)
    history = [Epoch(1, 1.0, f1 / 2), Epoch(2, 0.5, f1)]
    dev = [Tagged(["a"], ["B-LOC"], ["O"])]
    return Trial(
        label, setting, fraction, seed, int(1000 * fraction), RunFolder(Path(f"{label}-{seed}"), history, metrics, dev)
    )


@pytest.fixture
def trials():
    return [
        trial("tuned", 1, 1.0, 1, 0.8, test=0.7),
        trial("frozen", 0, 1.0, 1, 0.6, test=0.5),
        trial("frozen", 0, 1.0, 0, 0.7, {"LOC": 0.9, "PER": 0.2}),
        trial("frozen", 0, 0.1, 0, 0.3),
    ]


def test_means_and_deviations_by_hand(trials):
    """0.6 and 0.7: mean 0.65, deviation sqrt(2 * 0.05^2 / 1) = 0.0707; one seed has none."""
    rows = comparison.score_table(trials)
    assert [(row.label, row.words, row.n) for row in rows] == [
        ("frozen", 100, 1),
        ("frozen", 1000, 2),
        ("tuned", 1000, 1),
    ]
    assert comparison.splits(trials) == ["dev", "test"]
    (small, none), (dev, test), _ = (row.scores for row in rows)
    assert (small, none) == (Score(0.3, 0.0), None)
    assert (dev.mean, dev.deviation) == pytest.approx((0.65, 0.05 * 2**0.5))
    assert test == Score(0.5, 0.0)
    assert rows[1].seconds == 2.5


def test_types_on_the_most_data(trials):
    """A type that a trial neither has nor finds scores 0 there."""
    rows = {(row.type, row.label): row for row in comparison.type_table(trials)}
    assert rows["LOC", "frozen"].f1 == pytest.approx((0.6 + 0.9) / 2)
    assert rows["PER", "frozen"].f1 == pytest.approx(0.2 / 2)
    assert rows["all", "frozen"].f1 == pytest.approx(0.65)
    assert rows["PER", "tuned"].f1 == 0
    assert [row.order for row in rows.values()] == [0, 0, 1, 1, 2, 2]


def test_representatives_are_of_the_first_seed_on_the_most_data(trials):
    chosen = comparison.representatives(trials)
    assert {label: (one.fraction, one.seed) for label, one in chosen.items()} == {"frozen": (1.0, 0), "tuned": (1.0, 1)}


def drawn(picture):
    """The axes of a picture."""
    (axes,) = picture.figure(LIGHT).axes
    return axes


def test_a_learning_curve_has_a_point_an_amount_of_data(trials):
    axes = drawn(comparison_pictures.learning_curves(comparison.score_table(trials)))
    curves = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert curves["frozen"] == [[100, pytest.approx(30)], [1000, pytest.approx(65)]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["frozen", "tuned"]


def test_with_one_amount_of_data_settings_stand_below_each_other(trials):
    picture = comparison_pictures.score_plot(comparison.score_table(comparison.full(trials)))
    axes = drawn(picture)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["frozen", "tuned"]
    assert [text.get_text() for text in axes.texts] == ["65.0", "80.0"]
    assert comparison_pictures.score_plot(comparison.score_table(trials)).name == "learning-curves"


def test_training_curves_name_each_setting_once(trials):
    pictures = comparison_pictures.training_curves(trials)
    assert [picture.name for picture in pictures] == ["dev-f1-1", "loss-1", "dev-f1-0.1", "loss-0.1"]
    axes = drawn(pictures[0])
    assert len(axes.get_lines()) == 3
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["frozen", "tuned"]


def sure(axes):
    """Ends and colour of each interval."""
    return [
        (list(line.get_xdata()), line.get_color())
        for line in axes.get_lines()
        if line.get_linewidth() > 2 and len(line.get_xdata()) == 2
    ]


NUMBERS = {"frozen": 0, "tuned": 1, "both": 2}


def test_only_a_difference_that_is_sure_has_the_winners_colour():
    differences = [
        Difference("frozen", "tuned", 100, -2, -3, -1, 0.01),
        Difference("frozen", "tuned", 1000, 0.5, -0.2, 1.2, 0.3),
    ]
    axes = drawn(comparison_pictures.difference_plot(differences, NUMBERS))
    assert sure(axes) == [([-3, -1], LIGHT.of(0)), ([-0.2, 1.2], LIGHT.muted)]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["1,000\nwords", "100\nwords"][::-1]


def test_of_more_settings_those_on_the_most_data_are_drawn():
    differences = [
        Difference("frozen", "tuned", 100, -2, -3, -1, 0.01),
        Difference("frozen", "tuned", 1000, 2, 1, 3, 0.01),
        Difference("frozen", "both", 1000, 3, 2, 4, 0.01),
    ]
    axes = drawn(comparison_pictures.difference_plot(differences, NUMBERS))
    assert sure(axes) == [([1, 3], LIGHT.of(1)), ([2, 4], LIGHT.of(2))]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["tuned", "both"]


def test_a_crossing_is_marked_and_told(trials):
    picture = comparison_pictures.score_plot(comparison.score_table(trials), [Crossing(400, "tuned", "frozen")])
    assert picture.caption.endswith("The means cross at about 400 words; beyond, tuned is ahead of frozen.")
    assert [400, 400] in [list(line.get_xdata()) for line in drawn(picture).get_lines()]


def test_scores_of_seen_and_unseen_are_means_on_the_most_data(trials):
    groups = comparison.seen_scores(trials)
    assert groups["frozen"]["seen"].mean == pytest.approx((0.6 + 0.7) / 2)
    assert groups["tuned"] == {"seen": Score(0.8, 0.0)}


def test_bars_of_seen_and_unseen():
    scores = {
        "frozen": {"seen": Score(0.8, 0.1), "unseen": Score(0.4, 0.0)},
        "tuned": {"seen": Score(0.9, 0), "unseen": Score(0.3, 0)},
    }
    axes = drawn(comparison_pictures.seen_bars(scores))
    bars = [patch.get_height() for patch in axes.patches]
    assert bars == pytest.approx([80, 40, 90, 30])
