"""Advice agrees with the numbers, and with data of which the answer is known."""

import answers
import pytest
from known_answers import write_known

from windowner.experiments.advice import advise, points
from windowner.experiments.grid import Setting
from windowner.experiments.running import compare


def cells(*f1):
    """One cell per setting, on all data."""
    settings = [Setting(number, str(number), "", str(number), {}) for number in range(len(f1))]
    trials = [answers.trial(setting, 1.0, 0, value) for setting, value in zip(settings, f1, strict=True)]
    return answers.answer_of(trials).cells


LEARNT = cells(0.5, 0.5)


def contrast(*interval, other="fine-tuned", reference="frozen", context="", **keywords):
    sides = (Setting(number, value, context, value, {}) for number, value in enumerate([reference, other]))
    return answers.contrast(*interval, **dict(zip(("reference", "other"), sides, strict=True)), **keywords)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            contrast(0.006, -0.003, 0.015),
            "At 23,000 training words, fine-tuning gains 0.6 points of F1 [-0.3, 1.5]: no evidence of a difference; "
            "keep frozen, which the file names first.",
        ),
        (
            contrast(0.02, 0.01, 0.03),
            "At 23,000 training words, fine-tuning gains 2.0 points of F1 [1.0, 3.0]: fine-tune.",
        ),
        (
            contrast(-0.02, -0.03, -0.01),
            "At 23,000 training words, fine-tuning loses 2.0 points of F1 [-3.0, -1.0]: freeze.",
        ),
        (
            contrast(0.02, 0.01, 0.03, n=1),
            "At 23,000 training words, fine-tuning gains 2.0 points of F1 [1.0, 3.0], with one seed: fine-tune.",
        ),
    ],
)
def test_the_sentence(found, sentence):
    assert advise("vectors.mode", [found], LEARNT) == sentence


def test_of_three_modes_the_best_is_named_against_the_first():
    found = [
        contrast(0.012, 0.002, 0.022),
        contrast(0.018, 0.008, 0.028, other="frozen-then-fine-tuned"),
    ]
    assert advise("vectors.mode", found, LEARNT) == (
        "At 23,000 training words, freezing and then fine-tuning gains 1.8 points of F1 against freezing "
        "[0.8, 2.8]: freeze, then fine-tune."
    )


def test_the_most_data_count():
    found = [contrast(-0.02, -0.03, -0.01, words=2_000), contrast(0.02, 0.01, 0.03, words=20_000)]
    assert advise("vectors.mode", found, LEARNT).endswith(
        "20,000 training words, fine-tuning gains 2.0 points of F1 [1.0, 3.0]: fine-tune."
    )


def test_of_several_settings_the_best_is_named():
    found = [
        contrast(value, value - 0.01, value + 0.01, other=other, reference="100")
        for other, value in (("50", -0.02), ("200", 0.015), ("400", 0.012))
    ]
    assert advise("model.hidden", found, LEARNT) == (
        "At 23,000 training words, hidden 200 gains 1.5 points of F1 against hidden 100 [0.5, 2.5]: use 200."
    )


def test_contexts_have_a_sentence_each():
    found = [contrast(0.02, 0.01, 0.03, context="radius 1"), contrast(0.01, -0.01, 0.03, context="radius 2")]
    first, second = advise("vectors.mode", found, LEARNT).split(". At ")
    assert first == "At 23,000 training words and radius 1, fine-tuning gains 2.0 points of F1 [1.0, 3.0]: fine-tune"
    assert second.endswith("no evidence of a difference; keep frozen, which the file names first.")


@pytest.mark.parametrize("interval", [(0.0, 0.0, 0.0), (0.02, 0.01, 0.03), (-0.02, -0.03, -0.01)])
def test_settings_that_learnt_nothing_are_not_compared(interval):
    """Whatever the interval says: one setting of 5 points is enough for an advice, 4.9 are not."""
    found = [contrast(*interval)]
    assert advise("vectors.mode", found, cells(0.007, 0.049)) == (
        "At 23,000 training words, no setting has an F1 above 4.9. Nothing is learnt yet: no advice."
    )
    assert "othing is learnt" not in advise("vectors.mode", found, cells(0.007, 0.05))


def test_what_was_learnt_by_other_settings_or_on_less_data_does_not_count():
    """Setting 2 is of another context. Cells of other fractions are not those of the contrast."""
    found = [contrast(0.001, -0.01, 0.01)]
    assert advise("vectors.mode", found, cells(0.01, 0.02, 0.9)).endswith("no advice.")
    less = answers.answer_of([answers.trial(answers.FROZEN, 0.1, 0, 0.9), answers.trial(answers.FROZEN, 1.0, 0, 0.01)])
    assert advise("vectors.mode", found, less.cells).endswith("no advice.")


def test_nothing_to_compare():
    assert "nothing can be compared" in advise("vectors.mode", [], [])


def test_small_negative_numbers_are_not_minus_zero():
    assert [points(-0.0001), points(-0.0006), points(0.0)] == ["0.0", "-0.1", "0.0"]


def test_vectors_that_are_noise_are_to_be_fine_tuned(tmp_path):
    answer = compare(write_known(tmp_path, signal=False), tmp_path / "out", jobs=1)
    assert answer.advice.endswith("]: fine-tune.")
    assert answer.contrasts[0].low > 0.05


def test_vectors_that_carry_all_the_signal_are_to_be_frozen(tmp_path):
    answer = compare(write_known(tmp_path, signal=True), tmp_path / "out", jobs=1)
    frozen = answer.cells[0]
    assert answer.advice.endswith("keep frozen, which the file names first.")
    assert frozen.dev.mean > 0.98
    assert frozen.familiarity["only as vectors"].mean > 0.98
