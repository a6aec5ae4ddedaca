"""Tables: rows of values, how a form finds its row, and which columns belong together."""

import numpy as np
import pytest

from windowner.inputs.features import Feature
from windowner.inputs.tables import FIRST, MANY, PAD, UNK, NewForms, Table, group_columns


def table(values, feature=None, size=3):
    return Table("x", np.zeros((FIRST + len(values), size)), FIRST + len(values), values, feature)


def test_values_have_the_rows_after_padding_and_unknown():
    assert (PAD, UNK, FIRST) == (0, 1, 2)
    assert table(["a", "b"]).rows == {"a": 2, "b": 3}


@pytest.mark.parametrize(
    ("form", "row"), [("Paris", 3), ("paris", 2), ("PARIS", 2), ("Rome", UNK), ("1984", 4), ("", UNK)]
)
def test_a_word_finds_its_row_by_the_ladder(form, row):
    words = table(["paris", "Paris", "0000"])
    assert words.word_row(form) == row
    assert words.find_rows(NewForms([form, form])).tolist() == [row, row]


def test_a_feature_looks_its_own_value_up_and_nothing_else():
    """`PARIS` has the shape `X`; the ladder, which would find `x`, is for words alone."""
    assert table(["x"], Feature("shape")).find_rows(NewForms(["paris", "PARIS"])) == [2, UNK]


def test_a_gazetteer_reads_the_matches():
    assert table(["B", "E"], Feature("gazetteer", "LOC")).find_rows(NewForms(["E", "York"], ["", "E-LOC"])) == [UNK, 3]


@pytest.mark.parametrize(
    "feature", [Feature("capitals"), Feature("shape"), Feature("prefix", "2"), Feature("suffix", "3")]
)
def test_many_forms_have_the_rows_of_each_form(feature):
    forms = [f"{start}{middle}{end}" for start in "aBñ1-" for middle in ["", "x", "7Q"] for end in range(40)]
    assert len(forms) >= MANY
    known = table(sorted({feature.value(form) for form in forms})[::2], feature)
    rows = [row for form in forms for row in known.find_rows(NewForms([form]))]
    assert known.find_rows(NewForms(forms)).tolist() == rows
    assert set(rows) == {UNK, *range(FIRST, len(known.E))}


def test_name_size_and_group():
    words, shapes = table([], size=5), table([], Feature("shape"))
    assert (words.size, words.group, words.parameter) == (5, "words", "E.x")
    assert shapes.group == "features"
    assert group_columns([words, shapes, words], "words") == [0, 2]
    assert group_columns([words, shapes, words], "features") == [1]


def test_other_rows_leave_the_table_as_it_was():
    words = table(["a"])
    other = words.with_rows(np.ones((3, 7)))
    assert (words.size, other.size, other.rows) == (3, 7, {"a": 2})
