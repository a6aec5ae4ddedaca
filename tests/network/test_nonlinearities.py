"""Each nonlinearity against its definition, and its derivative against a difference."""

import numpy as np
import pytest

from windowner.network.nonlinearities import NONLINEARITIES

Z = np.array([-3.0, -1.5, -0.9, -0.1, 0.1, 0.5, 0.999, 2.0, 40.0])  # no corner among them


def test_every_nonlinearity_is_under_its_name():
    assert list(NONLINEARITIES) == ["tanh", "hard-tanh", "relu"]
    assert all(name == f.name for name, f in NONLINEARITIES.items())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tanh", [(np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)) for z in Z]),
        ("hard-tanh", [-1, -1, -0.9, -0.1, 0.1, 0.5, 0.999, 1, 1]),
        ("relu", [0, 0, 0, 0, 0.1, 0.5, 0.999, 2, 40]),
    ],
)
def test_values(name, expected):
    """Tolerance: a few roundings of a number of at most 1."""
    np.testing.assert_allclose(NONLINEARITIES[name].value(Z), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_the_derivative_is_the_slope(name):
    """Central difference, step 1e-5: truncation step^2 / 6 * |f'''| <= 4e-11, roundoff 1e-16 / step = 1e-11."""
    f, step = NONLINEARITIES[name], 1e-5
    slope = (f.value(Z + step) - f.value(Z - step)) / (2 * step)
    scale = np.maximum(1, np.abs(f.value(Z)))  # roundoff grows with the value
    np.testing.assert_allclose(f.derivative(f.value(Z)) / scale, slope / scale, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("name", "corners"), [("tanh", []), ("hard-tanh", [-1, 1]), ("relu", [0])])
def test_at_a_corner_the_flat_side_is_taken(name, corners):
    f = NONLINEARITIES[name]
    assert list(f.corners) == corners
    np.testing.assert_array_equal(f.derivative(f.value(np.array(corners, dtype=float))), np.zeros(len(corners)))


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_float32_stays_float32(name):
    """One float64 in the hidden layer would double the time of everything after it."""
    f = NONLINEARITIES[name]
    h = f.value(Z.astype(np.float32))
    assert h.dtype == f.derivative(h).dtype == np.float32


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_extremes_are_finite(name):
    f = NONLINEARITIES[name]
    h = f.value(np.array([-1e30, -1e4, 0, 1e4, 1e30]))
    assert np.isfinite(h).all()
    assert np.isin(f.derivative(h), [0, 1]).all()
