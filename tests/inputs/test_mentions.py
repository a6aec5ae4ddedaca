"""The matrix A of other mentions: against its definition, entry by entry, and the groups of a text's words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.encoding import encode
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.mentions import ALONE, Mentions, in_documents


def written_out(groups):
    """A by its definition: 1 / (n - 1) for every other token of the same group."""
    A = np.zeros((len(groups), len(groups)))
    for t, group in enumerate(groups):
        others = [u for u, other in enumerate(groups) if other == group != ALONE and u != t]
        A[t, others] = 1 / len(others) if others else 0
    return A


def test_a_worked_example():
    """Group 7 has the tokens 0, 2 and 3: token 0 gets (3 + 5) / 2. Group 4 has one token. -1 is no group."""
    A = Mentions.of(np.array([7, 4, 7, 7, ALONE, ALONE]))
    V = np.array([[1.0], [2.0], [3.0], [5.0], [8.0], [9.0]])
    assert (A @ V).tolist() == [[4.0], [0.0], [3.0], [2.0], [0.0], [0.0]]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(-1, 5), max_size=12), st.integers(0, 2**32 - 1))
def test_products_are_those_of_the_matrix(groups, seed):
    """Tolerance: sums of at most 12 numbers of size 1 in float64."""
    V = np.random.default_rng(seed).normal(size=(len(groups), 3))
    np.testing.assert_allclose(Mentions.of(np.array(groups, dtype=int)) @ V, written_out(groups) @ V, atol=1e-14)


def test_the_precision_stays():
    assert (Mentions.of(np.array([0, 0])) @ np.ones((2, 3), np.float32)).dtype == np.float32


@pytest.fixture
def forms():
    return Forms(FormEncoder([]))


def test_mentions_are_the_same_lower_cased_form_in_the_same_document(forms):
    sentences = [["Paris", "is"], ["PARIS", "IS", "Paris"], ["paris"], ["Paris"], ["is", "x"]]
    text = in_documents(encode(sentences, forms, 1), forms, np.array([0, 2, 3, 5]))
    names = text.groups.tolist()
    assert names[0] == names[2] == names[4]
    assert names[1] == names[3]
    assert names[5] == ALONE  # the only sentence of its document
    assert len({*names[:2], *names[6:]}) == 5  # two documents share no group


def test_matches_in_a_gazetteer_make_no_other_group():
    """`Paris` and `Paris` in a name of two words are two forms, and mentions of one word."""
    forms = Forms(FormEncoder([], Gazetteer([(("Paris",), "LOC"), (("Paris", "Hilton"), "PER")])))
    text = in_documents(encode([["Paris", "x"], ["Paris", "Hilton"]], forms, 0), forms, np.array([0, 2]))
    assert len(forms) == 4
    assert text.groups[0] == text.groups[2]


def test_new_forms_get_numbers_of_their_own(forms):
    forms.numbers(["The", "the"], 2)
    assert forms.lowered.tolist() == [0, 1, 1]
    forms.numbers(["a", "THE"], 2)
    assert forms.lowered.tolist() == [0, 1, 1, 2, 1]
