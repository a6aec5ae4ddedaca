"""A batch against its windows written out: F and S say the same, and a form that stands twice counts twice."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import lay_out

drawn = settings(derandomize=True, max_examples=50, deadline=None)


@drawn
@given(st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=30), min_size=1, max_size=4))
def test_distinct_finds_what_unique_finds_batch_after_batch(batches):
    """One `Distinct` serves many batches: its marker array still holds the last one's places."""
    distinct = Distinct(20)
    for numbers in batches:
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
