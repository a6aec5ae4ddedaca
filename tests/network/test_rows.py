"""A row that is looked up twice gets both gradients."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs.batches import Distinct, distinct_by_sorting
from windowner.network.rows import RowGradient, dense, gather_gradient


def test_worked_example():
    """Ids 4 1 4: row 1 gets the second look-up's gradient, row 4 the sum of the first and the third."""
    gradient = gather_gradient(np.array([4, 1, 4]), np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]), Distinct(5))
    assert dict(zip(gradient.rows.tolist(), gradient.values.tolist(), strict=True)) == {1: [10, 20], 4: [101, 202]}


def test_assignment_counts_a_repeated_id_once_and_would_be_wrong():
    """The bug that this module exists to avoid: `dE[ids] += dX` keeps the last of a row's gradients."""
    ids, dX = np.array([4, 1, 4]), np.array([[1.0], [10.0], [100.0]])
    wrong = np.zeros((5, 1))
    wrong[ids] += dX
    assert wrong[4] == 100
    assert gather_gradient(ids, dX, Distinct(5)).dense((5, 1))[4] == 101


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.integers(0, 30), st.integers(1, 8), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_equals_add_at_on_the_dense_table(R, V, D, seed):
    """Tolerance: a sum of at most 30 numbers of size 1, in another order."""
    rng = np.random.default_rng(seed)
    ids, dX = rng.integers(0, V, R).astype(np.int32), rng.normal(size=(R, D))
    expected = np.zeros((V, D))
    np.add.at(expected, ids, dX)
    for distinct in (Distinct(V), distinct_by_sorting):
        gradient = gather_gradient(ids, dX, distinct)
        np.testing.assert_array_equal(np.sort(gradient.rows), np.unique(ids))  # each once
        np.testing.assert_allclose(gradient.dense((V, D)), expected, rtol=0, atol=1e-13)


def test_nothing_of_the_tables_size_is_made():
    """The gradient of a table of a million rows, two of them touched, has two rows, of the precision that came in."""
    ids = np.array([1_000_000, 0, 0], dtype=np.int32)
    gradient = gather_gradient(ids, np.ones((3, 3), dtype=np.float32), Distinct(1_000_000))
    assert gradient.values.shape == (2, 3)
    assert gradient.values.dtype == np.float32


def test_dense_is_zero_where_nothing_was_touched():
    gradient = RowGradient(np.array([1]), np.array([[2.0, 3.0]])).dense((3, 2))
    np.testing.assert_array_equal(gradient, [[0, 0], [2, 3], [0, 0]])


def test_dense_takes_either_kind():
    """A gradient that is dense already is itself."""
    gradient = np.ones((3, 2))
    assert dense(gradient, (3, 2)) is gradient
    np.testing.assert_array_equal(dense(RowGradient(np.array([1]), np.array([[2.0]])), (3, 1)), [[0], [2], [0]])
