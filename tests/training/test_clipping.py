"""Clipping by global norm: one factor for all gradients, so that the direction stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.network.rows import RowGradient
from windowner.training.clipping import clip, entries, euclidean_norm, global_norm


def draw(seed=1, scale=1.0, dtype=np.float64):
    """A sparse gradient between two dense ones."""
    rng = np.random.default_rng(seed)
    W, words, b = (scale * rng.normal(size=shape).astype(dtype) for shape in ((3, 2, 4), (2, 5), (4,)))
    return {"W": W, "E.words": RowGradient(np.array([3, 9]), words), "b1": b}


def flat(gradients):
    return np.concatenate([entries(gradient).reshape(-1) for gradient in gradients.values()]).astype(np.float64)


def test_by_hand():
    """|(1, 2), row (4), (10)| = sqrt(1 + 4 + 16 + 100) = 11; cut to 5.5 each entry is halved."""
    gradients = {"a": np.array([1.0, 2.0]), "t": RowGradient(np.array([7]), np.array([[4.0]])), "b": np.array([10.0])}
    assert global_norm(gradients) == 11
    clip(gradients, 5.5)
    assert gradients["a"].tolist() == [0.5, 1]
    assert gradients["t"].values.tolist() == [[2]]
    assert gradients["t"].rows.tolist() == [7]
    assert gradients["b"].tolist() == [5]


@settings(derandomize=True, max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_the_norm_is_the_limit_and_the_direction_stays(seed, scale, limit):
    """Tolerance: a rounding or two of each of 38 entries."""
    before, after = draw(seed, scale), draw(seed, scale)
    clip(after, limit)
    norm = np.linalg.norm(flat(before))
    assert global_norm(before) == pytest.approx(norm, rel=1e-13)
    assert global_norm(after) == pytest.approx(min(norm, limit), rel=1e-13)
    np.testing.assert_allclose(flat(after), flat(before) * min(1, limit / norm), rtol=1e-13)


@pytest.mark.parametrize("limit", [0.0, 1e9])
def test_off_or_not_reached_it_changes_no_bit(limit):
    gradients = draw()
    clip(gradients, limit)
    assert flat(gradients).tobytes() == flat(draw()).tobytes()


def test_the_limit_itself_is_not_cut():
    gradients = {"a": np.array([3.0, 4.0])}
    clip(gradients, 5.0)
    assert gradients["a"].tolist() == [3, 4]


def test_it_works_in_place_and_in_float32():
    gradients = draw(dtype=np.float32)
    arrays = [entries(gradient) for gradient in gradients.values()]
    clip(gradients, 0.5)
    assert all(entries(g) is array for g, array in zip(gradients.values(), arrays, strict=True))
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert global_norm(gradients) == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_float32_gradients_whose_squares_leave_float32(size):
    """1e60 is no float32, nor is 1e-60: a wild batch must be cut to the limit, not to nothing."""
    gradients = {"a": np.full(4, size, dtype=np.float32)}
    assert euclidean_norm(gradients["a"]) == pytest.approx(2 * size, rel=1e-6)
    clip(gradients, size)
    np.testing.assert_allclose(gradients["a"], size / 2, rtol=1e-6)


def test_no_gradients_have_the_norm_0():
    assert global_norm({}) == 0
    assert global_norm({"t": RowGradient(np.array([], dtype=np.int32), np.empty((0, 3)))}) == 0
    clip({}, 1.0)


def test_gradients_of_zero_stay_zero():
    gradients = {"a": np.zeros(3)}
    clip(gradients, 1.0)
    assert not gradients["a"].any()
