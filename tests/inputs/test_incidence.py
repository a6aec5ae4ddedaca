"""The incidence matrix against the dense matrix that it stands for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.inputs import incidence
from windowner.inputs.incidence import Incidence


def draw(seed, n, k, width):
    rng = np.random.default_rng(seed)
    return rng, Incidence(rng.integers(0, width, (n, k)).astype(np.int32), width)


def test_it_is_the_sum_of_one_hot_rows():
    S = Incidence(np.array([[0, 3], [2, 2], [1, 0]], dtype=np.int32), 4)
    one_hot = np.eye(4)[S.columns].sum(axis=1)  # (3, 2, 4) summed over the two columns of each row
    np.testing.assert_array_equal(one_hot[1], [0, 0, 2, 0])  # a column named twice has a 2
    assert S.shape == (3, 4)
    np.testing.assert_array_equal(S.toarray(), one_hot)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 9), st.integers(1, 5), st.integers(1, 9), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_products_are_the_dense_ones(n, k, width, H, seed):
    """Few columns for many ones, so that most of them coincide; sums of whole numbers are exact."""
    rng, S = draw(seed, n, k, width)
    P, dZ = rng.integers(-9, 9, (width, H)).astype(float), rng.integers(-9, 9, (n, H)).astype(float)
    np.testing.assert_array_equal(S @ P, S.toarray() @ P)
    np.testing.assert_array_equal(S.T @ dZ, S.toarray().T @ dZ)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kept", [0, 5, 1000])
def test_matrices_of_all_sizes_share_starts_and_ones(kept, dtype, monkeypatch):
    """Large and small ones by turns, of several k, above and below the size up to which the arrays are kept."""
    monkeypatch.setattr(incidence, "KEPT", kept)
    incidence._kept_structure.cache_clear()
    for seed, (n, k) in enumerate([(3, 2), (9, 2), (1, 2), (4, 5), (9, 1), (0, 3), (2, 2)]):
        rng, S = draw(seed, n, k, 4)
        P, dZ = rng.integers(-9, 9, (4, 3)).astype(dtype), rng.integers(-9, 9, (n, 3)).astype(dtype)
        np.testing.assert_array_equal(S @ P, S.toarray() @ P)
        np.testing.assert_array_equal(S.T @ dZ, S.toarray().T @ dZ)
    incidence._kept_structure.cache_clear()


def test_operands_need_not_be_contiguous():
    rng, S = draw(1, 6, 3, 5)
    P, dZ = rng.integers(-9, 9, (8, 10)).astype(float).T[::2, ::2], rng.integers(-9, 9, (4, 6)).astype(float).T
    np.testing.assert_array_equal(S @ P, S.toarray() @ P)
    np.testing.assert_array_equal(S.T @ dZ, S.toarray().T @ dZ)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_products_keep_the_dtype(dtype):
    """Else a float32 network would compute in float64."""
    _, S = draw(1, 3, 2, 4)
    assert (S @ np.ones((4, 2), dtype)).dtype == dtype
    assert (S.T @ np.ones((3, 2), dtype)).dtype == dtype


def test_without_rows():
    """A batch of which no word's row may move."""
    S = Incidence(np.empty((0, 1), dtype=np.int32), 0)
    assert (S.T @ np.empty((0, 3), dtype=np.float32)).shape == (0, 3)


def test_wrong_shapes_are_refused():
    """The compiled loops do not look: they would read beyond the end of the operand."""
    _, S = draw(1, 3, 2, 4)
    with pytest.raises(ValueError, match=r"S of shape \(3, 4\) times \(3, 2\)"):
        S @ np.ones((3, 2))
    with pytest.raises(ValueError, match=r"S\.T of shape \(4, 3\) times \(4, 2\)"):
        S.T @ np.ones((4, 2))
    with pytest.raises(ValueError, match="times"):
        S @ np.ones(4)
