"""Each nonlinearity against its definition, its derivative against a difference, and both against its gate."""

import numpy as np
import pytest

from windowner.graph import gates
from windowner.network.initializers import INITIALIZERS
from windowner.network.nonlinearities import LEAK, NONLINEARITIES

Z = np.array([-3.0, -1.5, -0.9, -0.1, 0.1, 0.5, 0.999, 2.0, 40.0])  # no corner among them
GATES = {
    "sigmoid": gates.Sigmoid(),
    "tanh": gates.Tanh(),
    "hard-tanh": gates.HardTanh(),
    "relu": gates.ReLU(),
    "leaky-relu": gates.LeakyReLU(),
    "swish": gates.Swish(),
}
CORNERS = {"hard-tanh": [-1, 1], "relu": [0], "leaky-relu": [0]}


def derivative(name, z):
    f = NONLINEARITIES[name]
    return f.derivative(z, f.value(z))


def test_every_nonlinearity_is_under_its_name():
    assert set(NONLINEARITIES) == {"sigmoid", "tanh", "hard-tanh", "relu", "leaky-relu", "swish"}
    assert all(name == f.name for name, f in NONLINEARITIES.items())


def test_each_has_an_initializer_that_suits_it():
    """He for what is about z above 0 and about 0 below, Glorot for what is near z around 0 or bends both ways."""
    he = {"relu", "leaky-relu", "swish"}
    assert {name for name, f in NONLINEARITIES.items() if f.initializer == "he"} == he
    assert {f.initializer for name, f in NONLINEARITIES.items() if name not in he} == {"glorot-uniform"}
    assert {f.initializer for f in NONLINEARITIES.values()} <= set(INITIALIZERS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sigmoid", [1 / (1 + np.exp(-z)) for z in Z]),
        ("tanh", [(np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)) for z in Z]),
        ("hard-tanh", [-1, -1, -0.9, -0.1, 0.1, 0.5, 0.999, 1, 1]),
        ("relu", [0, 0, 0, 0, 0.1, 0.5, 0.999, 2, 40]),
        ("leaky-relu", [-0.03, -0.015, -0.009, -0.001, 0.1, 0.5, 0.999, 2, 40]),
        ("swish", [z / (1 + np.exp(-z)) for z in Z]),
    ],
)
def test_values(name, expected):
    """Tolerance: a few roundings of a number near 1; those of the sigmoid are times z in swish."""
    np.testing.assert_allclose(NONLINEARITIES[name].value(Z), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("name", "z", "h", "slope"),
    [
        ("sigmoid", 0.0, 1 / 2, 1 / 4),
        ("sigmoid", np.log(3), 3 / 4, 3 / 16),
        ("tanh", np.log(3) / 2, 1 / 2, 3 / 4),
        ("hard-tanh", 0.5, 0.5, 1),
        ("hard-tanh", -7.0, -1, 0),
        ("relu", 7.0, 7, 1),
        ("relu", -7.0, 0, 0),
        ("leaky-relu", 7.0, 7, 1),
        ("leaky-relu", -7.0, -0.07, 0.01),
        ("swish", 0.0, 0, 1 / 2),
        ("swish", np.log(3), np.log(3) * 3 / 4, 3 / 4 + np.log(3) * 3 / 16),  # s + z s (1 - s)
    ],
)
def test_worked_numbers(name, z, h, slope):
    """exp(ln 3) = 3, so sigmoid(ln 3) = 1 / (1 + 1/3) = 3/4 and tanh(ln(3) / 2) = (3 - 1) / (3 + 1) = 1/2."""
    z = np.array([z])
    np.testing.assert_allclose(NONLINEARITIES[name].value(z), [h], rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(derivative(name, z), [slope], rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_the_derivative_is_the_slope(name):
    """Central difference, step 1e-5: truncation step^2 / 6 * |f'''| <= 4e-11, roundoff 1e-16 / step = 1e-11."""
    f, step = NONLINEARITIES[name], 1e-5
    slope = (f.value(Z + step) - f.value(Z - step)) / (2 * step)
    scale = np.maximum(1, np.abs(f.value(Z)))  # roundoff grows with the value
    np.testing.assert_allclose(derivative(name, Z) / scale, slope / scale, rtol=0, atol=1e-10)


def test_tanh_is_a_rescaled_sigmoid():
    """tanh(z) = 2 sigmoid(2 z) - 1. Tolerance: roundings of numbers up to 2."""
    sigmoid, tanh = NONLINEARITIES["sigmoid"].value, NONLINEARITIES["tanh"].value
    np.testing.assert_allclose(tanh(Z), 2 * sigmoid(2 * Z) - 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_at_a_corner_the_flatter_side_is_taken(name):
    """Where no derivative exists. At each corner the slopes on the two sides differ, and nowhere else."""
    corners = NONLINEARITIES[name].corners
    assert list(corners) == CORNERS.get(name, [])
    flatter = LEAK if name == "leaky-relu" else 0
    z = np.array(corners, dtype=float)
    np.testing.assert_array_equal(derivative(name, z), np.full(len(corners), flatter))
    assert (np.abs(derivative(name, z + 1e-9) - derivative(name, z - 1e-9)) > 0.9).all()
    grid = np.arange(-400, 400) / 100 + 0.005
    jumps = grid[:-1][np.abs(np.diff(derivative(name, grid))) > 0.1] + 0.005
    np.testing.assert_allclose(jumps, corners, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_the_gate_of_that_name_agrees(name):
    """In value and derivative, corners included. Tolerance: sigmoid is written in another way, 1e-16, times |z|."""
    f, gate = NONLINEARITIES[name], GATES[name]
    z = np.concatenate([Z, -Z, [0.0, 1.0, -1.0], np.random.default_rng(1).normal(scale=5, size=500)])
    h = gate.forward(z)
    np.testing.assert_allclose(f.value(z), h, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(f.derivative(z, f.value(z)), gate.local(h, z), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_float32_stays_float32(name):
    """One float64 in the hidden layer would double the time of everything after it."""
    f = NONLINEARITIES[name]
    z = Z.astype(np.float32)
    h = f.value(z)
    assert h.dtype == f.derivative(z, h).dtype == np.float32
    np.testing.assert_allclose(h, f.value(Z), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(f.derivative(z, h), derivative(name, Z), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NONLINEARITIES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extremes_neither_overflow_nor_lose_their_limits(name, dtype):
    """Numpy's warnings are errors here. Far out each is flat or straight: no term of swish' is infinity times 0."""
    f = NONLINEARITIES[name]
    z = np.array([-1e30, -1e4, 1e4, 1e30], dtype=dtype)
    h = f.value(z)
    left, right = {
        "sigmoid": (0 * z, 0 * z + 1),
        "tanh": (0 * z - 1, 0 * z + 1),
        "hard-tanh": (0 * z - 1, 0 * z + 1),
        "relu": (0 * z, z),
        "leaky-relu": (dtype(LEAK) * z, z),
        "swish": (0 * z, z),
    }[name]
    np.testing.assert_array_equal(h, np.where(z < 0, left, right))
    slopes = {"relu": (0, 1), "leaky-relu": (dtype(LEAK), 1), "swish": (0, 1)}.get(name, (0, 0))
    np.testing.assert_array_equal(f.derivative(z, h), np.where(z < 0, *slopes))


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_the_arguments_are_left_as_they_were(name):
    """z1 and h are needed again."""
    z = Z.copy()
    h = NONLINEARITIES[name].value(z)
    before = h.copy()
    NONLINEARITIES[name].derivative(z, h)
    np.testing.assert_array_equal(z, Z)
    np.testing.assert_array_equal(h, before)
