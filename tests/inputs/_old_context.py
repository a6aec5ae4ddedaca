"""What a sentence tells of its words: casing alone, matches alone, both; and what tokens that look like marks do."""

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.inputs.context import CASING_MARK, CASINGS, Context, Told, casing, casing_feature, told
from windowner.inputs.encoding import encode
from windowner.inputs.features import UNK, value_rows
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.gazetteer import MARK, POSITIONS, Gazetteer
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger

NAMES = Gazetteer([(("New", "York"), "LOC")])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("SOCCER - JAPAN WIN 2 - 1 .", "upper"),
        ("A", "upper"),
        ("McDonald", "title"),  # not all of it in capitals
        ("Rain Ends Drought in Spain", "title"),
        ("Ann saw Bob", "title"),  # two for each
        ("Ann saw Bob run", "mixed"),
        ("Ann saw a man", "mixed"),
        ("JAPAN beat the others", "mixed"),
        ("it rained", "lower"),
        ("rt @USER", "lower"),
        ("iPhone", "none"),  # neither in lower case nor with a capital before
        ("1 - 2", "none"),
        ("東京 は", "none"),
        ("", "none"),
    ],
)
def test_casing(sentence, expected):
    assert casing(sentence.split()) == expected
    assert expected in CASINGS


def test_tokens_are_marked_and_taken_apart():
    tokens = ["in", "New", "York"]
    assert Context().mark(tokens) is tokens
    assert [told(form) for form in Context(NAMES).mark(tokens)] == [
        Told("in", "", ""),
        Told("New", "B-LOC", ""),
        Told("York", "E-LOC", ""),
    ]
    assert [told(form) for form in Context(NAMES, casing=True).mark(tokens)] == [
        Told("in", "", "title"),
        Told("New", "B-LOC", "title"),
        Told("York", "E-LOC", "title"),
    ]
    assert [told(form) for form in Context(casing=True).mark(["so", ""])] == [
        Told("so", "", "lower"),
        Told("", "", "lower"),
    ]


def test_a_form_in_sentences_of_two_casings_is_two_forms_that_share_the_word():
    """Columns of F: the word, the casing, the position in names."""
    features = [*casing_feature(2), *NAMES.features(3)]
    rows = [value_rows(CASINGS), value_rows(POSITIONS)]
    forms = Forms(FormEncoder({"york": 2}, features, rows, context=Context(NAMES, casing=True)))
    encode([["York"], ["York", "is", "big"], ["New", "York"], ["York"]], forms, radius=0)
    title, mixed = (value_rows(CASINGS)[name] for name in ("title", "mixed"))
    E = value_rows(POSITIONS)["E"]
    np.testing.assert_array_equal(forms.table[1], [2, title, UNK])
    np.testing.assert_array_equal(forms.table[2], [2, mixed, UNK])
    np.testing.assert_array_equal(forms.table[-1], [2, title, E])
    assert len(forms.table) == 1 + 6  # padding; York twice, is, big, New and York that match


def test_tokens_that_hold_marks_are_words_that_nobody_knows():
    forms = Forms(FormEncoder({"york": 2}, casing_feature(2), [value_rows(CASINGS)], context=Context(casing=True)))
    encode([["x" + CASING_MARK + "y", "York" + MARK + "z"]], forms, radius=0)
    assert len(forms.table) == 3


def test_no_dimensions_no_feature():
    assert casing_feature(0) == []


@pytest.mark.parametrize("size", [0, 3])
def test_a_tagger_sees_it_after_a_training_and_a_reading(tiny_config, tmp_path, size):
    """V stands outside the window of x, whose scores it changes by the casing of the sentence and by nothing else."""
    run = train(load_config(tiny_config, [f"features.sentence_casing={size}", "train.epochs=4"]), tmp_path / "run")
    tagger = Tagger.load(tmp_path / "run")
    assert tagger.config.model.radius == 2
    sentences = [["x", "y", "z", "v"], ["x", "y", "z", "V"]]
    assert ("casing" in tagger.network.tables) == (size > 0)
    lower, mixed = tagger.predict(sentences).logits[[0, 4]]
    assert np.allclose(lower, mixed) == (size == 0)
    np.testing.assert_array_equal(run.tagger.predict(sentences).logits[4], mixed)
