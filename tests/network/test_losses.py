"""Cross-entropy by hand, by plain loops, by differences, and where numbers get large."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph.numeric import check_gradients, worst
from windowner.network.losses import cross_entropy

drawn = settings(derandomize=True, max_examples=40, deadline=None)
shapes = {"N": st.integers(1, 6), "K": st.integers(1, 5), "seed": st.integers(0, 2**32 - 1)}


def draw(N, K, seed):
    rng = np.random.default_rng(seed)
    return 3 * rng.normal(size=(N, K)), rng.integers(0, K, N)


def test_worked_example():
    """Logits (ln 3, 0) give p = (3/4, 1/4), logits (0, 0) give (1/2, 1/2); the tags are 0 and 1.

    J    = -(ln 3/4 + ln 1/2) / 2 = ln(8/3) / 2
    dz_1 = ((3/4, 1/4) - (1, 0)) / 2 = (-1/8, 1/8)
    dz_2 = ((1/2, 1/2) - (0, 1)) / 2 = (1/4, -1/4)

    Tolerance: a few roundings of numbers near 1.
    """
    J, dz = cross_entropy(np.array([[np.log(3), 0], [0, 0]]), np.array([0, 1]))
    assert J == pytest.approx(np.log(8 / 3) / 2, rel=1e-15)
    np.testing.assert_allclose(dz, [[-1 / 8, 1 / 8], [1 / 4, -1 / 4]], rtol=0, atol=1e-15)


@drawn
@given(**shapes)
def test_the_formula_in_plain_loops(N, K, seed):
    """Tolerance: float64 sums of at most 30 numbers below 20."""
    z, y = draw(N, K, seed)
    p = [[np.exp(z[n, k]) / sum(np.exp(z[n])) for k in range(K)] for n in range(N)]
    J, dz = cross_entropy(z, y)
    assert J == pytest.approx(-sum(np.log(p[n][y[n]]) for n in range(N)) / N, rel=0, abs=1e-13)
    np.testing.assert_allclose(
        dz, [[(p[n][k] - (k == y[n])) / N for k in range(K)] for n in range(N)], rtol=0, atol=1e-14
    )


@drawn
@given(**shapes)
def test_the_gradient_is_the_slope(N, K, seed):
    """Tolerance of the gradient check, 1e-7: correct code gives about 2e-10."""
    z, y = draw(N, K, seed)

    def loss(parameters):
        J, dz = cross_entropy(parameters["z"], y)
        return J, {"z": dz}

    assert worst(check_gradients(loss, {"z": z})).error < 1e-7


@drawn
@given(**shapes, constant=st.floats(-1e3, 1e3))
def test_a_constant_added_to_the_logits_changes_nothing(N, K, seed, constant):
    """Tolerance: z + 1e3 loses the last 1e3 * 1e-16 = 1e-13 of z."""
    z, y = draw(N, K, seed)
    J, dz = cross_entropy(z, y)
    shifted_J, shifted_dz = cross_entropy(z + constant, y)
    assert shifted_J == pytest.approx(J, rel=0, abs=1e-12)
    np.testing.assert_allclose(shifted_dz, dz, rtol=0, atol=1e-12)


@drawn
@given(**shapes)
def test_gradients_of_a_window_sum_to_zero(N, K, seed):
    """Probabilities sum to 1 whatever z is; tolerance: K roundings."""
    _, dz = cross_entropy(*draw(N, K, seed))
    np.testing.assert_allclose(dz.sum(axis=1), 0, rtol=0, atol=1e-15 * 5)


@pytest.mark.parametrize("K", [1, 2, 17])
def test_equal_logits_give_log_K(K):
    """Tolerance: one rounding of log K < 3 and those of the mean."""
    J, dz = cross_entropy(np.full((5, K), 7.0), np.zeros(5, dtype=int))
    assert J == pytest.approx(np.log(K), rel=1e-15, abs=1e-15)
    np.testing.assert_allclose(dz[:, 0], (1 / K - 1) / 5, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_1e4_neither_overflow_nor_vanish(dtype):
    """Exact: exp(-2e4) is 0 beside exp(0), so the losses are 0 and 2e4, their mean 1e4."""
    z = np.array([[1e4, -1e4], [1e4, -1e4]], dtype=dtype)
    J, dz = cross_entropy(z, np.array([0, 1]))
    assert J == 1e4
    np.testing.assert_array_equal(dz, [[0, 0], [0.5, -0.5]])


def test_infinite_logits_are_no_finite_loss():
    """So that a network which has run away is noticed."""
    with np.errstate(invalid="ignore"):
        J, _ = cross_entropy(np.array([[np.inf, 0.0]]), np.array([0]))
    assert not np.isfinite(J)


def test_float32_stays_float32():
    _, dz = cross_entropy(np.ones((2, 3), dtype=np.float32), np.array([0, 1]))
    assert dz.dtype == np.float32


def test_the_logits_are_left_as_they_were():
    z, y = draw(4, 3, 1)
    before = z.copy()
    cross_entropy(z, y)
    np.testing.assert_array_equal(z, before)


def test_the_gradient_of_a_window_sums_to_zero():
    """So do p and the target, less one another. Tolerance: K roundings."""
    z, y = draw(6, 5, 2)
    np.testing.assert_allclose(cross_entropy(z, y)[1].sum(axis=1), 0, rtol=0, atol=1e-15 * 5)
