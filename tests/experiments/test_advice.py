"""Advice agrees with the numbers, and with data of which the answer is known."""

import answers
import pytest
from known_answers import write_known

from windowner.experiments.advice import advise, points
from windowner.experiments.grid import Setting
from windowner.experiments.running import compare


def contrast(*interval, other="fine-tuned", reference="frozen", context="", **keywords):
    sides = (Setting(number, value, context, value, {}) for number, value in enumerate([reference, other]))
    return answers.contrast(*interval, **dict(zip(("reference", "other"), sides, strict=True)), **keywords)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            contrast(0.006, -0.003, 0.015),
            "At 23,000 training words fine-tuning gains 0.6 F1 [-0.3, 1.5]: no evidence that it matters; freeze.",
        ),
        (contrast(0.02, 0.01, 0.03), "At 23,000 training words fine-tuning gains 2.0 F1 [1.0, 3.0]: fine-tune."),
        (contrast(-0.02, -0.03, -0.01), "At 23,000 training words fine-tuning loses 2.0 F1 [-3.0, -1.0]: freeze."),
        (
            contrast(0.02, 0.01, 0.03, n=1),
            "At 23,000 training words fine-tuning gains 2.0 F1 [1.0, 3.0], of one seed: fine-tune.",
        ),
    ],
)
def test_the_sentence(found, sentence):
    assert advise("vectors.mode", [found]) == sentence


def test_the_most_data_count():
    found = [contrast(-0.02, -0.03, -0.01, words=2_000), contrast(0.02, 0.01, 0.03, words=20_000)]
    assert advise("vectors.mode", found).endswith(
        "20,000 training words fine-tuning gains 2.0 F1 [1.0, 3.0]: fine-tune."
    )


def test_of_several_settings_the_best_is_named():
    found = [
        contrast(value, value - 0.01, value + 0.01, other=other, reference="100")
        for other, value in (("50", -0.02), ("200", 0.015), ("400", 0.012))
    ]
    assert advise("model.hidden", found) == (
        "At 23,000 training words hidden 200 against hidden 100 gains 1.5 F1 [0.5, 2.5]: use 200."
    )


def test_contexts_have_a_sentence_each():
    found = [contrast(0.02, 0.01, 0.03, context="radius 1"), contrast(0.01, -0.01, 0.03, context="radius 2")]
    first, second = advise("vectors.mode", found).split(". At ")
    assert first == "At 23,000 training words and radius 1 fine-tuning gains 2.0 F1 [1.0, 3.0]: fine-tune"
    assert second.endswith("no evidence that it matters; freeze.")


def test_nothing_to_compare():
    assert "nothing can be compared" in advise("vectors.mode", [])


def test_small_negative_numbers_are_not_minus_zero():
    assert [points(-0.0001), points(-0.0006), points(0.0)] == ["0.0", "-0.1", "0.0"]


def test_vectors_that_are_noise_are_to_be_fine_tuned(tmp_path):
    answer = compare(write_known(tmp_path, signal=False), tmp_path / "out", jobs=1)
    assert answer.advice.endswith("]: fine-tune.")
    assert answer.contrasts[0].low > 0.05


def test_vectors_that_carry_all_the_signal_are_to_be_frozen(tmp_path):
    answer = compare(write_known(tmp_path, signal=True), tmp_path / "out", jobs=1)
    frozen = answer.cells[0]
    assert answer.advice.endswith("freeze.")
    assert frozen.dev.mean > 0.98
    assert frozen.familiarity["only as vectors"].mean > 0.98
