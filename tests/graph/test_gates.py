"""Every gate's local gradient against central differences, and drawn compositions against the library autograd."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph import gates
from windowner.graph.engine import backward, forward
from windowner.graph.gates import RowGradient, dense
from windowner.graph.nodes import apply, concatenate, source
from windowner.graph.numeric import check_gradients, passed, worst

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what an outside library does when it is imported is not ours to judge
    import autograd
    import autograd.numpy as anp

IDS = np.array([2, 0, 2, 1, 2])
MASK = np.array([[2.0, 0.0, 2.0], [0.0, 2.0, 2.0]])

# Each gate in its methods and shapes: a function of nodes, and the shapes of the nodes.
CASES = {
    "add": (lambda x, y: x + y, (2, 3), (2, 3)),
    "add: a row to each row": (lambda x, y: x + y, (2, 3), (3,)),
    "add: a column to each column": (lambda x, y: x + y, (2, 1), (2, 3)),
    "add: both stretched": (lambda x, y: x + y, (2, 1), (1, 3)),
    "add: a number": (lambda x, y: x + y, (2, 3), ()),
    "add: a row of one to more axes": (lambda x, y: x + y, (2, 2, 3), (1, 3)),
    "subtract": (lambda x, y: x - y, (3,), (2, 3)),
    "multiply": (lambda x, y: x * y, (2, 3), (2, 1)),
    "multiply by itself": (lambda x: x * x, (2, 3)),
    "divide": (lambda x, y: x / (y * y + 1), (2, 3), (3,)),
    "negate": (lambda x: -x, (2, 3)),
    "power 3": (lambda x: x**3, (2, 3)),
    "power 1": (lambda x: x**1, (2, 3)),
    "power 0": (lambda x: x**0, (2, 3)),
    "power -2": (lambda x: (x * x + 1) ** -2, (2, 3)),
    "power 0.5": (lambda x: (x * x + 1) ** 0.5, (2, 3)),
    "max": (lambda x, y: x.max(y), (2, 3), (2, 3)),
    "max: broadcast": (lambda x, y: x.max(y), (2, 3), (3,)),
    "matrix product": (lambda x, y: x @ y, (2, 3), (3, 4)),
    "vector times matrix": (lambda x, y: x @ y, (3,), (3, 4)),
    "matrix times vector": (lambda x, y: x @ y, (2, 3), (3,)),
    "vector times vector": (lambda x, y: x @ y, (3,), (3,)),
    "sum": (lambda x: x.sum(), (2, 3)),
    "sum over rows": (lambda x: x.sum(axis=0), (2, 3)),
    "sum over columns": (lambda x: x.sum(axis=-1), (2, 3)),
    "mean": (lambda x: x.mean(), (2, 3)),
    "mean over rows": (lambda x: x.mean(axis=0), (2, 3)),
    "squared norm": (lambda x: x.squared_norm(), (2, 3)),
    "exp": (lambda x: x.exp(), (2, 3)),
    "log": (lambda x: (x * x + 1).log(), (2, 3)),
    "sigmoid": (lambda x: x.sigmoid(), (2, 3)),
    "tanh": (lambda x: x.tanh(), (2, 3)),
    "hard tanh": (lambda x: x.hard_tanh(), (2, 3)),
    "relu": (lambda x: x.relu(), (2, 3)),
    "leaky relu": (lambda x: x.leaky_relu(slope=0.2), (2, 3)),
    "swish": (lambda x: x.swish(), (2, 3)),
    "gather with repeats": (lambda x: x.gather(IDS), (4, 3)),
    "gather of windows": (lambda x: x.gather(IDS[:4].reshape(2, 2)), (4, 3)),
    "gather of numbers": (lambda x: x.gather(IDS), (4,)),
    "concatenate": (lambda x, y: concatenate(x, y), (2, 3), (2, 1)),
    "concatenate rows": (lambda x, y: concatenate(x, y, x, axis=0), (2, 3), (1, 3)),
    "reshape": (lambda x: x.reshape(shape=(3, 2)), (2, 3)),
    "transpose": (lambda x: x.transpose(), (2, 3)),
    "softmax": (lambda x: x.softmax(), (2, 3)),
    "softmax over rows": (lambda x: x.softmax(axis=0), (2, 3)),
    "logsumexp": (lambda x: x.logsumexp(), (2, 3)),
    "logsumexp over rows": (lambda x: x.logsumexp(axis=0), (2, 3)),
    "cross-entropy": (lambda x: x.cross_entropy(IDS), (5, 3)),
    "cross-entropy of one row": (lambda x: x.cross_entropy(np.array(1)), (3,)),
    "cross-entropy of sentences": (lambda x: x.cross_entropy(IDS[:4].reshape(2, 2)), (2, 2, 3)),
    "dropout": (lambda x: x.dropout(MASK), (2, 3)),
}


def loss_function(build):
    """Make a function of parameters from a function of nodes; its output is weighted, so that entries differ."""

    def function(parameters):
        nodes = {name: source(value, name) for name, value in parameters.items()}
        output = build(*nodes.values())
        values = forward(output)
        weights = np.cos(np.arange(np.size(values[output]))).reshape(np.shape(values[output]))
        loss = (output * weights).sum()
        values = forward(loss)
        gradients = backward(loss, values)
        return values[loss], {name: dense(gradients[node]) for name, node in nodes.items()}

    return function


def draw(shapes, seed=5):
    rng = np.random.default_rng(seed)
    return {f"x{at}": rng.normal(size=shape) for at, shape in enumerate(shapes)}


@pytest.mark.parametrize("case", CASES)
def test_local_gradients_are_the_slopes(case):
    build, *shapes = CASES[case]
    checks = check_gradients(loss_function(build), draw(shapes))
    assert passed(checks), worst(checks)


def test_every_gate_is_checked():
    tried = set()
    for build, *shapes in CASES.values():
        output = build(*(source(value) for value in draw(shapes).values()))
        tried |= {type(node.gate) for node in forward(output)}
    every = {gate for name in gates.__all__ if isinstance(gate := getattr(gates, name), type)}
    every = {gate for gate in every if issubclass(gate, gates.Gate)} - {gates.Gate, gates.Elementwise}
    assert every == tried - {type(None)}


@dataclass(frozen=True)
class AlmostTanh(gates.Tanh):
    """tanh with a local gradient that is wrong by a factor."""

    factor: float

    def local(self, y, x):
        return self.factor * super().local(y, x)


def test_a_gate_that_is_wrong_by_0_05_percent_is_caught():
    right = check_gradients(loss_function(lambda x: apply(AlmostTanh(1.0), x)), draw([(2, 3)]))
    wrong = check_gradients(loss_function(lambda x: apply(AlmostTanh(1.0005), x)), draw([(2, 3)]))
    assert passed(right)
    assert not passed(wrong)
    assert worst(wrong).error == pytest.approx(0.0005 / 2.0005, rel=1e-3)


def value_and_gradient(node, at):
    values = forward(node)
    return values[node], dense(backward(node, values)[at])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e4, -1e4])
def test_logits_of_10_000_are_finite_and_right(scale, dtype):
    z = source(np.array([[scale, 0, 0], [0, scale, 0]], dtype))
    loss, gradient = value_and_gradient(z.cross_entropy(np.array([0, 0])), z)
    # Positive: row 1 has p = (1, 0, 0), row 2 (0, 1, 0) costs 10^4. Negative: 10^4 + log 2, and log 2.
    expected = 5e3 if scale > 0 else 5e3 + np.log(2)
    assert loss == pytest.approx(expected, rel=1e-6)
    rows = [[0, 0, 0], [-1, 1, 0]] if scale > 0 else [[-1, 0.5, 0.5], [-0.5, 0, 0.5]]
    np.testing.assert_allclose(gradient, np.array(rows) / 2, atol=1e-7)
    p = forward(softmax := z.softmax())[softmax]
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    summed, share = value_and_gradient(z.logsumexp().sum(), z)
    assert np.isfinite(summed)
    np.testing.assert_allclose(share, p, atol=1e-7)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "hard_tanh", "relu", "leaky_relu", "swish"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nonlinearities_do_not_overflow(name, dtype):
    x = source(np.array([-1e4, -50, 0, 50, 1e4], dtype))
    value, gradient = value_and_gradient(getattr(x, name)().sum(), x)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    assert gradient.dtype == dtype


def test_uniform_logits_cost_log_k():
    z = source(np.full((4, 7), 3.0))
    loss, gradient = value_and_gradient(z.cross_entropy(np.array([0, 1, 2, 6])), z)
    assert loss == pytest.approx(np.log(7), rel=1e-14)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-16)


def test_cross_entropy_by_hand():
    """z = (0, log 3), y = 0: p = (1/4, 3/4), J = log 4, dJ/dz = (1/4 - 1, 3/4)."""
    z = source(np.array([[0, np.log(3)]]))
    loss, gradient = value_and_gradient(z.cross_entropy(np.array([0])), z)
    assert loss == pytest.approx(np.log(4), rel=1e-15)
    np.testing.assert_allclose(gradient, [[-0.75, 0.75]], rtol=1e-14)


def test_corners_take_the_flatter_side():
    x = source(np.array([-1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(value_and_gradient(x.hard_tanh().sum(), x)[1], [0, 1, 0])
    np.testing.assert_array_equal(value_and_gradient(x.relu().sum(), x)[1], [0, 0, 1])
    np.testing.assert_array_equal(value_and_gradient(x.leaky_relu().sum(), x)[1], [0.01, 0.01, 1])


def test_power_zero_has_no_gradient_at_zero():
    x = source(np.array([0.0, 2.0]))
    np.testing.assert_array_equal(value_and_gradient((x**0).sum(), x)[1], [0, 0])


def test_no_look_ups_leave_no_rows():
    table = source(np.ones((4, 3)))
    values = forward(loss := table.gather(np.array([], dtype=int)).sum())
    gradient = backward(loss, values)[table]
    assert len(gradient.rows) == 0
    np.testing.assert_array_equal(gradient.dense(), np.zeros((4, 3)))


def test_row_gradients_sum_with_each_other_and_with_arrays():
    one = RowGradient.summed(np.array([3, 1, 3]), np.array([[1.0], [2.0], [4.0]]), (5, 1))
    other = RowGradient.summed(np.array([1, 0]), np.array([[10.0], [20.0]]), (5, 1))
    both = one + other
    assert isinstance(both, RowGradient)
    np.testing.assert_array_equal(both.rows, [0, 1, 3])
    np.testing.assert_array_equal(both.values, [[20], [12], [5]])
    whole = np.ones((5, 1))
    np.testing.assert_array_equal(one + whole, [[1], [3], [1], [6], [1]])
    np.testing.assert_array_equal(whole + one, one + whole)


# Drawn compositions: the same steps on nodes and on autograd's arrays. Each step keeps the shape (3, 4), and numbers
# stay near 1, so that a dozen steps lose four or five of 16 digits at worst: 1e-10 is a tolerance for rounding alone.
STEPS = {
    "tanh": (lambda a, b: a.tanh(), lambda a, b: anp.tanh(a)),
    "sigmoid": (lambda a, b: a.sigmoid(), lambda a, b: 1 / (1 + anp.exp(-a))),
    "exp": (lambda a, b: (a.tanh()).exp(), lambda a, b: anp.exp(anp.tanh(a))),
    "log": (lambda a, b: (a * a + 1).log(), lambda a, b: anp.log(a * a + 1)),
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (lambda a, b: a.tanh() * b, lambda a, b: anp.tanh(a) * b),
    "divide": (lambda a, b: a / (b * b + 1), lambda a, b: a / (b * b + 1)),
    "negate": (lambda a, b: -a, lambda a, b: -a),
    "power": (lambda a, b: (a * a + 1) ** -1.5, lambda a, b: (a * a + 1) ** -1.5),
    "max": (lambda a, b: a.max(b), lambda a, b: anp.maximum(a, b)),
    "hard tanh": (lambda a, b: a.hard_tanh(), lambda a, b: anp.clip(a, -1, 1)),
    "relu": (lambda a, b: a.relu(), lambda a, b: anp.maximum(a, 0)),
    "leaky relu": (lambda a, b: a.leaky_relu(), lambda a, b: anp.where(a > 0, a, 0.01 * a)),
    "swish": (lambda a, b: a.swish(), lambda a, b: a / (1 + anp.exp(-a))),
    "matrix product": (
        lambda a, b: a @ b.tanh().transpose() @ b.tanh() / 12,
        lambda a, b: anp.dot(anp.dot(a, anp.tanh(b).T), anp.tanh(b)) / 12,
    ),
    "row": (lambda a, b: a + b.mean(axis=0), lambda a, b: a + anp.mean(b, axis=0)),
    "column": (
        lambda a, b: a * b.sum(axis=1).tanh().reshape(shape=(3, 1)),
        lambda a, b: a * anp.tanh(anp.sum(b, axis=1)).reshape(3, 1),
    ),
    "number": (lambda a, b: a + b.tanh().squared_norm(), lambda a, b: a + anp.sum(anp.tanh(b) ** 2)),
    "gather": (
        lambda a, b: a.gather(np.array([2, 0, 2])) + b,
        lambda a, b: a[np.array([2, 0, 2])] + b,
    ),
    "concatenate": (
        lambda a, b: concatenate(a, b, axis=0).gather(np.array([5, 1, 5])),
        lambda a, b: anp.concatenate([a, b], axis=0)[np.array([5, 1, 5])],
    ),
    "softmax": (
        lambda a, b: a.softmax() + b,
        lambda a, b: anp.exp(a) / anp.sum(anp.exp(a), axis=1, keepdims=True) + b,
    ),
    "logsumexp": (
        lambda a, b: a - b.logsumexp().reshape(shape=(3, 1)),
        lambda a, b: a - anp.log(anp.sum(anp.exp(b), axis=1, keepdims=True)),
    ),
    "dropout": (lambda a, b: a.dropout(np.eye(3, 4) * 2), lambda a, b: a * np.eye(3, 4) * 2),
}
TARGETS = np.array([0, 3, 3])


def compose(steps, inputs, side):
    """Apply steps, each to two earlier results; `side` 0 is ours and 1 is autograd's. Halving keeps sums small."""
    results = list(inputs)
    for name, left, right in steps:
        results.append(0.5 * STEPS[name][side](results[left % len(results)], results[right % len(results)]))
    return results[-1]


def outside_loss(inputs, steps):
    z = anp.tanh(compose(steps, inputs, 1))
    log_p = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
    return -anp.mean(log_p[np.arange(3), TARGETS])


def check_against_autograd(steps, seed):
    numbers = list(np.random.default_rng(seed).normal(size=(2, 3, 4)))
    inputs = [source(value) for value in numbers]
    loss = compose(steps, inputs, 0).tanh().cross_entropy(TARGETS)
    values = forward(loss)
    gradients = backward(loss, values)
    expected, slopes = autograd.value_and_grad(outside_loss)(numbers, steps)
    np.testing.assert_allclose(values[loss], expected, rtol=1e-10, atol=1e-10)
    for node, slope in zip(inputs, slopes, strict=True):
        found = dense(gradients[node]) if node in gradients else np.zeros((3, 4))
        np.testing.assert_allclose(found, slope, rtol=1e-10, atol=1e-10)


PLACE = st.integers(0, 10**6)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), PLACE, PLACE), min_size=1, max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_drawn_expressions_agree_with_autograd(steps, seed):
    check_against_autograd(steps, seed)


@pytest.mark.parametrize("name", STEPS)
def test_each_step_agrees_with_autograd_by_itself(name):
    check_against_autograd([(name, 0, 1), (name, 1, 2)], 7)
