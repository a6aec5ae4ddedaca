"""Shares of a logit difference: they add up to it for each nonlinearity, and are gradients."""

import numpy as np
import pytest

from windowner.network import shares as module
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.shares import position_shares, slopes, window_shares

LINEAR = ["relu", "leaky-relu", "hard-tanh"]
SMOOTH = ["tanh", "sigmoid", "swish"]


@pytest.fixture
def windows(draw_case, request):
    """A network with characters, and X, (N, C, D), and z2 of all of its windows from the forward pass."""
    case = draw_case(np.random.default_rng(5), nonlinearity=request.param, characters=True, radius=2)
    batch, network = case.batch(), case.network
    columns = batch.S.columns
    X = network.embed(batch.F)[columns // columns.shape[1]]
    return network, X, network.forward(batch).z2


def difference(network):
    return network.U[:, 2] - network.U[:, 0], network.b2[2] - network.b2[0]


@pytest.mark.parametrize("windows", NONLINEARITIES, indirect=True)
def test_the_shares_add_up(windows):
    """Tolerance: float64 sums of a few hundred numbers."""
    network, X, z2 = windows
    u, b = difference(network)
    for window, z in zip(X, z2, strict=True):
        parts, bias = window_shares(network, window, u)
        assert parts.shape == (5, 3)  # two tables, and the characters
        np.testing.assert_allclose(parts.sum() + bias + b, z[2] - z[0], atol=1e-12)


def by_differences(network, window, u):
    """h . u, its gradient with respect to X by central differences, and that gradient times X, part by part."""

    def value(X):
        z1 = network.b1 + np.einsum("cd,dch->h", X, network.W)
        return network.hidden(z1) @ u

    gradient = np.zeros_like(window)
    for place in np.ndindex(*window.shape):
        step = np.zeros_like(window)
        step[place] = 1e-6
        gradient[place] = (value(window + step) - value(window - step)) / 2e-6
    return gradient


@pytest.mark.parametrize("windows", LINEAR, indirect=True)
def test_piecewise_linear_shares_are_gradient_times_input(windows):
    """Tolerance: that of central differences of a linear function."""
    network, X, _ = windows
    u, _ = difference(network)
    for window in X:
        products = by_differences(network, window, u) * window
        expected = np.stack([products[:, part].sum(axis=1) for part in module.part_columns(network)], axis=1)
        np.testing.assert_allclose(window_shares(network, window, u)[0], expected, atol=1e-7)


@pytest.mark.parametrize("windows", SMOOTH, indirect=True)
def test_smooth_shares_are_integrated_gradients(windows):
    """Tolerance: 60 points of the midpoint rule, which leave an error of the order of 1 / 60^2."""
    network, X, _ = windows
    u, _ = difference(network)
    window = X[3]
    points = (np.arange(60) + 0.5) / 60
    products = np.mean([by_differences(network, a * window, u) for a in points], axis=0) * window
    expected = np.stack([products[:, part].sum(axis=1) for part in module.part_columns(network)], axis=1)
    np.testing.assert_allclose(window_shares(network, window, u)[0], expected, atol=2e-3)


@pytest.mark.parametrize("windows", ["relu"], indirect=True)
@pytest.mark.parametrize(
    "mistake",
    [
        lambda f, z1, b1: np.ones_like(z1),  # a unit that is off counts
        lambda f, z1, b1: f.derivative(b1, f.value(b1)),  # the gradient at another point
        lambda f, z1, b1: f.value(z1) / z1 * (z1 > 1),  # a corner at the wrong place
    ],
)
def test_a_planted_mistake_of_the_slope_is_noticed(windows, monkeypatch, mistake):
    """A wrong slope still adds up, because the bias takes the rest. The gradient shows it."""
    monkeypatch.setattr(module, "slopes", mistake)
    network, X, _ = windows
    u, _ = difference(network)
    errors = []
    for window in X:
        products = by_differences(network, window, u) * window
        errors.append(abs(window_shares(network, window, u)[0].sum() - products.sum()))
    assert max(errors) > 0.01


@pytest.mark.parametrize("windows", ["relu"], indirect=True)
def test_a_position_that_is_left_out_is_noticed(windows, monkeypatch):
    network, X, z2 = windows
    u, b = difference(network)
    monkeypatch.setattr(module, "part_columns", lambda network: network.embedding.parts)  # without the characters
    sums = [window_shares(network, window, u) for window in X]
    assert max(abs(parts.sum() + bias + b - z[2] + z[0]) for (parts, bias), z in zip(sums, z2, strict=True)) > 0.01


@pytest.mark.parametrize("windows", NONLINEARITIES, indirect=True)
def test_many_windows_have_the_shares_of_each(windows):
    network, X, _ = windows
    u, _ = difference(network)
    terms = np.einsum("ncd,dch->nch", X, network.W)
    z1 = network.b1 + terms.sum(axis=1)
    for c in range(5):
        together = position_shares(network, terms[:, c], z1, np.broadcast_to(u, z1.shape))
        np.testing.assert_allclose(together, [window_shares(network, x, u)[0][c].sum() for x in X], atol=1e-12)


@pytest.mark.parametrize("name", SMOOTH)
def test_the_slope_is_smooth_where_the_way_is_short(name):
    """Tolerance: at 1e-5 the quotient has lost 5 of 16 digits."""
    f, b1 = NONLINEARITIES[name], np.full(7, 0.7)
    ways = np.array([0, 1e-12, -1e-9, 9.9e-6, 1.01e-5, -2e-5, 1e-4])
    np.testing.assert_allclose(slopes(f, b1 + ways, b1), f.derivative(b1, f.value(b1)), atol=1e-4)
    near = slopes(f, b1[:2] + np.array([9.9e-6, 1.01e-5]), b1[:2])
    np.testing.assert_allclose(near[0], near[1], atol=1e-6)
