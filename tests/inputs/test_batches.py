"""A batch against its windows written out: F and S say the same, and a form that stands twice counts twice."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs import batches
from windowner.inputs.batches import Distinct, make_batch, make_batches, window_incidence
from windowner.inputs.encoding import lay_out

drawn = settings(derandomize=True, max_examples=50, deadline=None)


@drawn
@given(st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=30), min_size=1, max_size=4))
def test_distinct_finds_what_unique_finds_batch_after_batch(arrays):
    """One `Distinct` serves many batches: its marker array still holds the last one's places."""
    distinct = Distinct(20)
    for numbers in arrays:
        numbers = np.array(numbers, dtype=np.int32)
        found, places = distinct(numbers)
        np.testing.assert_array_equal(np.sort(found), np.unique(numbers))
        np.testing.assert_array_equal(found[places], numbers)


def test_a_batch_worked_by_hand():
    """One sentence "a b a" with radius 1: windows [_ a b], [a b a], [b a _] over the distinct forms _, a, b.

    Column r * 3 + c of S stands for form r at position c of the window; a stands at both ends of the second one.
    """
    text = lay_out(np.array([1, 2, 1], dtype=np.int32), np.array([3]), np.array([4, 5, 6], dtype=np.int32), 1)
    table = np.array([[0, 0], [7, 2], [8, 3]], dtype=np.int32)
    batch = make_batch(text, table, Distinct(3))
    order = np.argsort(batch.F[:, 0])  # padding, a, b, in whatever order the batch has them
    np.testing.assert_array_equal(batch.F[order], table)
    S = batch.S.toarray().reshape(3, 3, 3)[:, order]  # (windows, forms, positions)
    #                              _          a          b
    np.testing.assert_array_equal(S[0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(S[1], [[0, 0, 0], [1, 0, 1], [0, 1, 0]])
    np.testing.assert_array_equal(S[2], [[0, 0, 1], [0, 1, 0], [1, 0, 0]])
    np.testing.assert_array_equal(batch.y, [4, 5, 6])
    np.testing.assert_array_equal(batch.offsets, [0, 3])


@drawn
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
    st.integers(0, 3),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_f_and_s_say_which_form_stands_where(lengths, radius, forms, seed):
    """S is the dense one-hot of the windows, built by loops over the stream."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(1, forms + 1, sum(lengths)).astype(np.int32)
    text = lay_out(numbers, np.array(lengths), None, radius)
    table = np.arange(forms + 1, dtype=np.int32)[:, None]  # a form's row is its number
    batch = make_batch(text, table, Distinct(forms + 1))
    assert len(np.unique(batch.F)) == len(batch.F)
    C, places = 2 * radius + 1, {form: r for r, form in enumerate(batch.F[:, 0].tolist())}
    expected = np.zeros((sum(lengths), len(places) * C))
    for n, center in enumerate(text.centers):
        for c in range(C):
            expected[n, places[int(text.stream[center - radius + c])] * C + c] += 1
    np.testing.assert_array_equal(batch.S.toarray(), expected)
    assert batch.y is None


def test_a_form_that_stands_twice_gets_both_gradients():
    """Sentence "a a": a is the center of both windows, so S.T adds 3 and 4 up; each neighbour stands once."""
    text = lay_out(np.array([1, 1], dtype=np.int32), np.array([2]), None, 1)
    batch = make_batch(text, np.array([[0], [5]], dtype=np.int32), Distinct(2))
    a = int(np.flatnonzero(batch.F[:, 0] == 5)[0])
    dP = (batch.S.T @ np.array([[3.0], [4.0]])).reshape(2, 3)
    np.testing.assert_array_equal(dP[a], [4, 7, 3])  # before the center in window 2, center, after it in window 1
    np.testing.assert_array_equal(dP[1 - a], [3, 0, 4])  # padding: before window 1's center, after window 2's


# Several batches together


@drawn
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.integers(0, 3),
    st.integers(1, 9),
    st.sampled_from([1, 25, 1000]),
    st.integers(0, 2**32 - 1),
)
def test_batches_that_are_made_together_are_those_made_one_by_one(lengths, radius, size, marker, seed):
    """Bit for bit, with the distinct forms in the same order, however many fit into the marker array."""
    rng = np.random.default_rng(seed)
    T = sum(lengths)
    forms, tags = rng.integers(1, 8, T).astype(np.int32), rng.integers(0, 5, T).astype(np.int32)
    text = replace(lay_out(forms, np.array(lengths), tags, radius), groups=rng.integers(-1, 5, T))
    F = rng.integers(0, 99, (8, 2)).astype(np.int32)
    cuts = text.cuts(size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "MARKER", marker)
        together = list(make_batches(text, cuts, F))
    assert len(together) == len(cuts)
    for found, cut in zip(together, cuts, strict=True):
        expected = make_batch(text.sentences(*cut), F, Distinct(8))
        np.testing.assert_array_equal(found.F, expected.F)
        np.testing.assert_array_equal(found.S.columns, expected.S.columns)
        assert found.S.shape == expected.S.shape
        assert found.S.columns.dtype == np.int32
        np.testing.assert_array_equal(found.y, expected.y)
        np.testing.assert_array_equal(found.offsets, expected.offsets)
        np.testing.assert_array_equal(found.A.tokens, expected.A.tokens)
        np.testing.assert_array_equal(found.A.groups, expected.A.groups)


def test_batches_without_tags():
    text = lay_out(np.array([1, 2, 1], dtype=np.int32), np.array([2, 1]), None, 1)
    found = list(make_batches(text, text.cuts(1), np.arange(3, dtype=np.int32)[:, None]))
    assert [len(batch) for batch in found] == [2, 1]
    assert all(batch.y is None for batch in found)


def test_mirrored_rows_give_the_same_sums_in_the_same_order():
    """S and P of a mirrored incidence have the rows of each form from the last position to the first."""
    rng = np.random.default_rng(3)
    text = lay_out(rng.integers(1, 7, 30).astype(np.int32), np.array([4, 0, 25, 1]), None, radius=2)
    P = rng.normal(size=(7, 5, 3)).astype(np.float32)
    sums = window_incidence(text, text.stream, 7) @ P.reshape(-1, 3)
    mirrored = window_incidence(text, text.stream, 7, is_mirrored=True) @ np.ascontiguousarray(P[:, ::-1]).reshape(
        -1, 3
    )
    np.testing.assert_array_equal(mirrored, sums)
