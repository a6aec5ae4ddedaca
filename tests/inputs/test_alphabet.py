"""The characters of a form: which have rows, and which of a long form are read."""

import numpy as np
import pytest

from windowner.inputs.alphabet import COLUMNS, END, MARKS, START, Alphabet, make_alphabet
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.tables import FIRST, PAD, UNK, Table

ABC = Alphabet([*MARKS, "a", "b", "c"])
A, B, C = 4, 5, 6


def by_hand(alphabet, form):
    """The rows of a form's characters, one after the other: at most 24, of which 12 are the last ones."""
    if len(form) > 24:
        form = form[:12] + form[-12:]
    rows = [START]
    for character in form:
        rows.append(FIRST + alphabet.values.index(character) if character in alphabet.values else UNK)
    rows.append(END)
    return rows + [PAD] * (26 - len(rows))


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("abc", [START, A, B, C, END]),
        ("a", [START, A, END]),
        ("xaé", [START, UNK, A, UNK, END]),  # without rows of their own
        ("start", [START, UNK, UNK, A, UNK, UNK, END]),  # the name of a mark is no mark
        ("", [START, END]),
        ("a" * 12 + "b" * 12, [START, *[A] * 12, *[B] * 12, END]),
        ("a" * 12 + "c" + "b" * 12, [START, *[A] * 12, *[B] * 12, END]),  # of 25, the one in the middle is not read
        ("a" * 13 + "c" * 74 + "b" * 13, [START, *[A] * 12, *[B] * 12, END]),
    ],
)
def test_characters_are_rows(form, rows):
    expected = [*rows, *[PAD] * (COLUMNS - len(rows))]
    np.testing.assert_array_equal(ABC.spell([form]), [expected])
    assert by_hand(ABC, form) == expected


def test_forms_together_are_as_each_form_alone():
    rng = np.random.default_rng(1)
    forms = ["".join(rng.choice(list("abcdé"), size=length)) for length in [*range(30), 100, 7, 7]]
    spelled = ABC.spell(forms)
    assert spelled.dtype == np.int32
    np.testing.assert_array_equal(spelled, [by_hand(ABC, form) for form in forms])
    assert ABC.spell([]).shape == (0, COLUMNS)


def test_a_character_has_a_row_from_three_forms_on_and_counts_once_per_form():
    forms = ["ab", "ac", "ad", "bbbbb", "cc", "c"]  # a 3, b 2, c 3, d 1
    assert make_alphabet(forms, 3).values == [*MARKS, "a", "c"]
    assert make_alphabet(forms, 1).values == [*MARKS, "a", "b", "c", "d"]


def test_characters_that_are_not_read_do_not_count():
    middle = "a" * 12 + "b" + "a" * 12
    assert make_alphabet([middle], 1).values == [*MARKS, "a"]


def test_the_columns_stand_behind_those_of_the_tables_and_the_padding_has_no_characters():
    encoder = FormEncoder([Table("words", np.zeros((3, 2)), 3, ["ab"])], alphabet=ABC)
    forms = Forms(encoder)
    forms.numbers(["ab", "ca"], 2)
    np.testing.assert_array_equal(forms.F[0], np.full(1 + COLUMNS, PAD))
    np.testing.assert_array_equal(forms.F[1:, 0], [FIRST, UNK])
    np.testing.assert_array_equal(forms.F[1:, 1:], ABC.spell(["ab", "ca"]))
