"""What is drawn lies within its bounds, has the variance it should, and is the same for the same seed."""

import numpy as np
import pytest

from windowner.network.initializers import glorot_uniform, small_uniform

COUNT = 40_000


def test_glorot_bounds_and_variance():
    """Var U(-a, a) = a^2 / 3 = 2 / (fan_in + fan_out).

    The variance of n draws is off by about sqrt(4/5 / n) = 0.45 % at n = 40,000; 3 % is six times that.
    """
    W = glorot_uniform(np.random.default_rng(1), (COUNT,), fan_in=30, fan_out=20)
    assert np.abs(W).max() <= np.sqrt(6 / 50)
    assert W.var() == pytest.approx(2 / 50, rel=0.03)
    assert abs(W.mean()) < 6 * np.sqrt(2 / 50 / COUNT)


def test_a_layer_keeps_the_variance():
    """Var(x W) = fan_in Var(x) Var(W) = Var(x) when fan_in = fan_out; 200 x 200 sums, 5 % is several deviations."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(400, 200))
    assert (x @ glorot_uniform(rng, (200, 200), 200, 200)).var() == pytest.approx(x.var(), rel=0.05)


def test_small_uniform_has_the_deviation_asked_for():
    """As above: a deviation is off by half of what the variance is."""
    rows = small_uniform(np.random.default_rng(3), (COUNT // 4, 4), 0.1)
    assert rows.std() == pytest.approx(0.1, rel=0.02)
    assert np.abs(rows).max() <= np.sqrt(3) * 0.1 * (1 + 1e-6)  # float32 rounds the bound


@pytest.mark.parametrize(
    "draw",
    [lambda rng: glorot_uniform(rng, (3, 2, 4), 6, 4), lambda rng: small_uniform(rng, (3, 2, 4), 0.1)],
    ids=["glorot", "small"],
)
def test_shape_dtype_and_seed(draw):
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert first.shape == (3, 2, 4)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first)) == first.size  # no two units start equal
