"""Features of many forms at once, against the functions of one form in `inputs.features`."""

import random
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowner.formats.reading import read_corpus
from windowner.inputs.code_points import CLASSES, CodePoints, letters_of
from windowner.inputs.features import Feature, capitals
from windowner.inputs.known_values import KnownValues

ROOT = Path(__file__).parents[2]

FEATURES = [
    Feature("capitals"),
    Feature("shape"),
    *(Feature(kind, str(length)) for kind in ("prefix", "suffix") for length in (1, 2, 3, 4, 7, 10)),
]
HOSTILE = [
    "",
    "a",
    "\0",
    "\0\0a",
    "A\0",
    "e\u0301\u0301\u0301",
    "Ⓐ",  # upper case and no letter
    "ª",  # lower case and no letter
    "ǅ",  # title case
    "ǅa",
    "Aǅ",
    "İstanbul",
    "ẞß",
    "²",  # a digit, and no decimal
    "½",
    "٣",
    "日本",
    "\ud800",  # half a character
    "1\udfff",
    "\U0001f600",
    "\U00010400\U00010428",  # upper and lower case beyond 16 bits
    "\U0010ffff",
    "x" * 10_000,
    "aB" * 5_000,
    "",
]


def check(forms):
    """Compare the values of many forms with the values of each form."""
    code_points = CodePoints.of(forms)
    for feature in FEATURES:
        expected = list(map(feature.value, forms))
        known = sorted(set(expected))
        found = KnownValues(known, feature.width).find(feature.letters(code_points))
        assert [known[number] for number in found] == expected, feature
        half = known[::2]  # the others have no row, and are found nowhere
        numbers = {value: number for number, value in enumerate(half)}
        found = KnownValues(half, feature.width).find(feature.letters(code_points))
        assert found.tolist() == [numbers.get(value, -1) for value in expected], feature


@pytest.mark.parametrize("name", ["btc", "factrueval", "ncbi-disease", "wikigold", "wnut17"])
def test_all_forms_of_a_corpus(name):
    files = sorted((ROOT / "data" / name).glob("*.conll"))
    check(list({token: None for file in files for token in chain.from_iterable(read_corpus(file).tokens)}))


def test_hostile_forms():
    check(HOSTILE)
    check(HOSTILE[::-1])
    for form in HOSTILE:
        check([form])


def test_drawn_forms_of_hostile_characters():
    draw = random.Random(0)
    check(["".join(draw.choices("aA1.ǅ\0Ⓐª\u0301²-日\U0001f600", k=draw.randrange(12))) for _ in range(5_000)])


@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=12)))
def test_any_forms(forms):
    check(forms)


def test_no_forms():
    code_points = CodePoints.of([])
    for feature in FEATURES:
        assert feature.letters(code_points).shape == (feature.width, 0)


def test_letters_by_hand():
    """R is 82, o is 111, A is 65. A letter is the code point plus 1."""
    assert letters_of(["Ro", "A", ""], 2).T.tolist() == [[83, 112], [66, 0], [0, 0]]


def test_every_class_of_capitals_has_a_name():
    assert set(map(capitals, ["1", "a", "AB", "A", "Ab", "aB", ","])) == set(CLASSES)


def test_a_value_that_is_longer_than_the_feature_allows_is_never_found():
    """Such a value is in damaged files alone."""
    known = KnownValues(["Paris", "Pa"], 2)
    np.testing.assert_array_equal(known.find(letters_of(["Pa", "Pb"], 2)), [1, -1])


@pytest.mark.parametrize("width", [1, 3, 8])
def test_without_known_values_nothing_is_found(width):
    assert KnownValues([], width).find(letters_of(["", "", ""], width)).tolist() == [-1, -1, -1]
