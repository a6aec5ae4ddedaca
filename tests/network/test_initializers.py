"""What is drawn lies within its bounds, has the deviation it should, and is the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.config.loading import load_config
from windowner.errors import ConfigError
from windowner.network.initializers import INITIALIZERS, normal, uniform
from windowner.network.nonlinearities import NONLINEARITIES

COUNT = 40_000
DEVIATIONS = {  # of fan_in = 30, fan_out = 20
    "glorot-uniform": np.sqrt(2 / 50),  # Var U(-a, a) = a^2 / 3, a^2 = 6 / 50
    "glorot-normal": np.sqrt(2 / 50),
    "he": np.sqrt(2 / 30),
    "lecun": np.sqrt(1 / 30),
}


def test_every_initializer_is_under_its_name():
    assert set(INITIALIZERS) == set(DEVIATIONS)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_deviation_and_mean(name):
    """A deviation of n normal draws is off by about sqrt(1 / 2n) = 0.35 % at n = 40,000, of uniform ones by less.

    2 % is six times that; the mean is off by deviation / sqrt(n).
    """
    W = INITIALIZERS[name](np.random.default_rng(1), (COUNT,), 30, 20)
    assert W.std(dtype=float) == pytest.approx(DEVIATIONS[name], rel=0.02)
    assert abs(W.mean(dtype=float)) < 6 * DEVIATIONS[name] / np.sqrt(COUNT)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_kind_of_distribution(name):
    """A uniform draw stays within sqrt(3) deviations and comes near; of normal ones, 8.3 % lie beyond.

    The share of 40,000 draws is off by 0.14 %; float32 rounds the bound.
    """
    W = np.abs(INITIALIZERS[name](np.random.default_rng(1), (COUNT,), 30, 20))
    beyond = (W > np.sqrt(3) * DEVIATIONS[name] * (1 + 1e-6)).mean()
    if name == "glorot-uniform":
        assert beyond == 0
        assert W.max() == pytest.approx(np.sqrt(6 / 50), rel=1e-3)
    else:
        assert beyond == pytest.approx(0.0833, abs=0.01)


@pytest.mark.parametrize("name", INITIALIZERS)
@settings(derandomize=True, max_examples=10, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 2**32 - 1))
def test_the_fans_and_not_the_shape_set_the_deviation(name, fan_in, fan_out, seed):
    """W is (D, C, H), so its fan_in is no axis of it. 4,000 draws: a deviation is off by 1.1 %; 7 % is six times."""
    W = INITIALIZERS[name](np.random.default_rng(seed), (10, 5, 80), fan_in, fan_out)
    expected = {"he": 2 / fan_in, "lecun": 1 / fan_in}.get(name, 2 / (fan_in + fan_out))
    assert W.shape == (10, 5, 80)
    assert W.std(dtype=float) == pytest.approx(np.sqrt(expected), rel=0.07)


@pytest.mark.parametrize(
    ("name", "f", "kept"),
    [
        ("glorot-uniform", lambda z: z, 1.0),
        ("glorot-normal", lambda z: z, 1.0),
        ("lecun", lambda z: z, 1.0),
        ("he", lambda z: np.maximum(z, 0), 1.0),
        ("lecun", lambda z: np.maximum(z, 0), 0.5),  # He et al. double the variance of W because of this
    ],
)
def test_a_layer_keeps_the_size_of_its_inputs(name, f, kept):
    """E f(x W)^2 = kept E x^2 with fan_in = fan_out. 400 x 200 sums that share W: 8 % is several deviations."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(400, 200))
    W = INITIALIZERS[name](rng, (200, 200), 200, 200)
    assert np.mean(f(x @ W) ** 2) == pytest.approx(kept, rel=0.08)


def test_uniform_and_normal_have_the_deviation_asked_for():
    rows = uniform(np.random.default_rng(3), (COUNT // 4, 4), 0.1)
    assert rows.std(dtype=float) == pytest.approx(0.1, rel=0.02)
    assert np.abs(rows).max() <= np.sqrt(3) * 0.1 * (1 + 1e-6)
    assert normal(np.random.default_rng(3), (COUNT // 4, 4), 0.1).std(dtype=float) == pytest.approx(0.1, rel=0.02)


DRAWS = {
    **{name: lambda rng, f=f: f(rng, (3, 2, 4), 6, 4) for name, f in INITIALIZERS.items()},
    "uniform": lambda rng: uniform(rng, (3, 2, 4), 0.1),
    "normal": lambda rng: normal(rng, (3, 2, 4), 0.1),
}


@pytest.mark.parametrize("name", DRAWS)
def test_shape_dtype_and_seed(name):
    first, again, other = (DRAWS[name](np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert first.shape == (3, 2, 4)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first)) == first.size  # no two units start equal


# Zeros


def unit_gradients(case):
    """What flows back to the hidden units, (H, ...): the gradients of W, b1 and U, seen unit by unit."""
    _, gradients = case.network.loss(case.batch())
    H = len(case.network.b1)
    per_unit = (np.moveaxis(gradients["W"], 2, 0), gradients["b1"], gradients["U"])
    return [array.reshape(H, -1) for array in per_unit]


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("size", [0.0, 0.3])
def test_equal_hidden_units_stay_equal(draw_case, nonlinearity, size):
    """Symmetry: units of equal W, b1 and U get equal gradients, bit for bit, so every step keeps them equal."""
    case = draw_case(np.random.default_rng(5), hidden=3, nonlinearity=nonlinearity)
    D, C, H = case.network.W.shape
    equal = case.with_network(W=np.full((D, C, H), size), b1=np.zeros(H), U=np.full((H, 3), size))
    for gradient in unit_gradients(equal):
        np.testing.assert_array_equal(gradient[1:], gradient[:-1])


def test_units_that_differ_in_u_alone_get_different_gradients_unless_the_nonlinearity_is_flat_at_0(draw_case):
    """With W = 0 and U drawn: dz1 = dz2 U^T f'(0) differs from unit to unit. ReLU has f'(0) = 0: nothing arrives."""
    case = draw_case(np.random.default_rng(5), hidden=3)
    zeros = {"W": np.zeros_like(case.network.W), "b1": np.zeros(3)}
    dW, db1, _ = unit_gradients(case.with_network(**zeros))
    assert (dW[1:] != dW[:-1]).any(axis=1).all()
    assert (db1[1:] != db1[:-1]).all()
    dW, db1, dU = unit_gradients(case.with_network(**zeros, nonlinearity="relu"))
    assert not dW.any()
    assert not db1.any()
    assert not dU.any()  # h = 0: so it stays for ever


def test_zeros_are_refused(tiny_config):
    assert "zeros" not in INITIALIZERS
    with pytest.raises(ConfigError, match=r"model\.initializer = 'zeros': "):
        load_config(tiny_config, ["model.initializer=zeros"])
