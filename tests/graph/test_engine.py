"""Forward in topological order, backward in reverse: order, sums at branches, cost, and what is refused."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph.engine import backward, downstream, forward, topological_order
from windowner.graph.gates import Gate, RowGradient
from windowner.graph.nodes import Node, apply, concatenate, source

NUMBERS = st.floats(-100, 100).map(lambda number: round(number, 3))


def differentiate(output):
    values = forward(output)
    return values[output], backward(output, values)


def test_the_lecture_example_by_hand():
    """J = (x + y) max(y, z) at x = 1, y = 2, z = 0.

    Forward: a = x + y = 3, b = max(y, z) = 2, J = a b = 6. Backward: dJ/da = b = 2, dJ/db = a = 3; + distributes the
    2 to x and y; max routes the 3 to y and nothing to z. So dJ/dx = 2, dJ/dy = 2 + 3 = 5, dJ/dz = 0.
    """
    x, y, z = source(1.0, "x"), source(2.0, "y"), source(0.0, "z")
    a, b = x + y, y.max(z)
    J, gradients = differentiate(a * b)
    assert J == 6
    assert [gradients[node] for node in (a, b, x, y, z)] == [2, 3, 2, 5, 0]


@given(NUMBERS, NUMBERS, NUMBERS)
def test_plus_distributes_the_upstream_gradient(x, y, upstream):
    x, y = source(x), source(y)
    _, gradients = differentiate((x + y) * upstream)
    assert gradients[x] == gradients[y] == upstream


@given(NUMBERS, NUMBERS, NUMBERS)
def test_max_routes_the_upstream_gradient(x, y, upstream):
    larger, smaller = source(max(x, y)), source(min(x, y))
    _, gradients = differentiate(larger.max(smaller) * upstream)
    assert (gradients[larger], gradients[smaller]) == (upstream, 0)
    if x != y:
        _, gradients = differentiate(smaller.max(larger) * upstream)
        assert (gradients[larger], gradients[smaller]) == (upstream, 0)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_times_switches_the_upstream_gradient(x, y, upstream):
    x, y = source(x), source(y)
    _, gradients = differentiate(x * y * upstream)
    assert (gradients[x], gradients[y]) == (upstream * y.value, upstream * x.value)


def test_in_a_tie_max_routes_to_the_first():
    x, y = source(np.array([1.0, 2.0])), source(np.array([1.0, 3.0]))
    _, gradients = differentiate(x.max(y).sum())
    np.testing.assert_array_equal(gradients[x], [1, 0])
    np.testing.assert_array_equal(gradients[y], [0, 1])


def test_gradients_sum_where_one_gate_takes_a_node_twice():
    x = source(3.0)
    assert differentiate(x * x)[1][x] == 6
    assert differentiate(x - x)[1][x] == 0
    assert differentiate(x * x + x * 2)[1][x] == 8


def test_order_is_parents_first_and_the_same_each_time():
    x, y = source(1.0, "x"), source(2.0, "y")
    a = x + y
    b = y * a
    output = concatenate(b.reshape(shape=(1,)), a.reshape(shape=(1,))).sum()
    order = topological_order(output)
    assert order[:4] == [y, x, a, b]
    assert order == topological_order(output)
    place = {node: at for at, node in enumerate(order)}
    assert all(place[parent] < place[node] for node in order for parent in node.parents)
    assert len(order) == len(place) == 8


@settings(max_examples=50, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=60))
def test_every_drawn_graph_is_ordered_parents_first(links):
    nodes = [source(1.0)]
    for left, right in links:
        nodes.append(nodes[left % len(nodes)] + nodes[right % len(nodes)])
    order = topological_order(nodes[-1])
    place = {node: at for at, node in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[parent] < place[node] for node in order for parent in node.parents)


def test_a_chain_of_100_000_nodes():
    x = source(np.float64(0.5))
    output = x
    for _ in range(99_999):
        output = output + 1e-5
    value, gradients = differentiate(output)
    assert value == pytest.approx(0.5 + 0.99999)
    assert gradients[x] == 1


class Counted(Gate):
    """z = x + y, counting its calls."""

    symbol = "counted"

    def __init__(self, calls):
        self.calls = calls

    def forward(self, x, y):
        self.calls["forward"] += 1
        return x + y

    def backward(self, upstream, z, x, y):
        self.calls["backward"] += 1
        return upstream, upstream


def test_a_diamond_of_depth_2000_costs_2000_calls_in_either_direction():
    """There are 2^2000 paths from x to the output, so visiting paths instead of nodes would never end."""
    calls = Counter()
    output = x = source(np.float64(1.0))
    for _ in range(2000):
        output = apply(Counted(calls), output, output) * 0.5
    _, gradients = differentiate(output)
    assert calls == {"forward": 2000, "backward": 2000}
    assert gradients[x] == 1


def test_a_cycle_is_named():
    x = source(1.0, "x")
    a = (x + 1.0).named("a")
    b = (a * 2.0).named("b")
    a.parents = (b, x)
    with pytest.raises(ValueError, match=r"cycle in the graph: <Node [ab]> depends on itself"):
        forward(b.exp())


def test_a_node_that_is_its_own_parent_is_a_cycle():
    node = (source(1.0) + 1.0).named("a")
    node.parents = (node, node)
    with pytest.raises(ValueError, match="cycle in the graph: <Node a>"):
        topological_order(node)


def test_backward_twice_is_the_same():
    x, W = source(np.ones((2, 3))), source(np.arange(6.0).reshape(3, 2))
    loss = (x @ W).tanh().mean()
    values = forward(loss)
    first = {node: np.copy(gradient) for node, gradient in backward(loss, values).items()}
    second = backward(loss, values)
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[node], second[node]) for node in first)


def test_forward_takes_other_inputs_and_leaves_the_graph_alone():
    x, y = source(1.0), source(2.0)
    output = x * y
    assert forward(output, {x: 5.0})[output] == 10
    assert forward(output)[output] == 2


def test_downstream_is_upstream_times_local():
    x, y = source(3.0), source(4.0)
    product = x * y
    assert downstream(product, forward(product), np.float64(10.0)) == (40, 30)


def test_backward_from_a_node_inside_the_graph():
    x = source(3.0)
    inner = x * x
    values = forward(inner.exp())
    gradients = backward(inner, values)
    assert gradients[x] == 6
    assert len(gradients) == 2


def test_numpy_operands_become_sources():
    W = source(np.eye(2))
    output = (np.ones((1, 2)) @ W + np.array([1.0, 2.0])) * 2 - 1
    np.testing.assert_array_equal(forward(output)[output], [[3, 5]])
    right = 1 - 2 / (1 + W)
    np.testing.assert_allclose(forward(right)[right], [[0, -1], [-1, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_follows_the_inputs(dtype):
    table = source(np.ones((4, 3), dtype))
    x = table.gather(np.array([1, 1]))
    h = (0.5 * x + 1).tanh().hard_tanh().leaky_relu().swish().sigmoid().relu() ** 2 / 3
    loss = h.cross_entropy(np.array([0, 2])) + 0.1 * table.squared_norm() + h.softmax().log().logsumexp().mean()
    values = forward(loss)
    gradients = backward(loss, values)
    assert {values[node].dtype for node in (x, h, loss)} == {np.dtype(dtype)}
    assert {np.asarray(gradients[node]).dtype for node in (x, h, table)} == {np.dtype(dtype)}


def test_gradients_of_look_ups_stay_sparse_and_sum_at_branches():
    table = source(np.arange(12.0).reshape(4, 3))
    twice = table.gather(np.array([[2, 0], [2, 2]])).sum() + table.gather(np.array([3, 2])).sum()
    _, gradients = differentiate(twice)
    assert isinstance(gradients[table], RowGradient)
    np.testing.assert_array_equal(gradients[table].rows, [0, 2, 3])
    np.testing.assert_array_equal(gradients[table].values, np.array([[1.0], [4], [1]]) * np.ones(3))
    for penalised in (twice + table.squared_norm(), table.squared_norm() + twice):
        _, gradients = differentiate(penalised)
        expected = 2 * table.value + np.array([[1.0], [0], [4], [1]])
        np.testing.assert_array_equal(gradients[table], expected)


def test_a_gate_behind_a_look_up_gets_the_whole_gradient():
    table = source(np.arange(12.0).reshape(4, 3))
    _, gradients = differentiate((table * 2.0).gather(np.array([1, 1])).sum())
    np.testing.assert_array_equal(gradients[table], [[0] * 3, [4] * 3, [0] * 3, [0] * 3])


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda x, y: x + y, r"\+ of shapes \(2, 3\) and \(2, 4\)"),
        (lambda x, y: x * y, r"\* of shapes \(2, 3\) and \(2, 4\)"),
        (lambda x, y: x.max(y), r"max of shapes \(2, 3\) and \(2, 4\)"),
        (lambda x, y: x @ y, r"@ of shapes \(2, 3\) and \(2, 4\)"),
        (lambda x, y: x @ 2.0, r"@ of shapes \(2, 3\) and \(\): expected matrices or vectors"),
        (lambda x, y: concatenate(x, y, axis=0), r"concatenate of shapes \(2, 3\) and \(2, 4\)"),
        (lambda x, y: x.reshape(shape=(7,)), r"reshape of shapes \(2, 3\)"),
        (lambda x, y: x.dropout(np.ones(3)), r"dropout of shapes \(2, 3\) and \(3,\): expected a mask"),
        (lambda x, y: x.cross_entropy(np.array([0])), r"cross-entropy of shapes \(2, 3\) and \(1,\): expected one"),
        (lambda x, y: x.cross_entropy(np.array([0, 3])), "targets from 0 to 3, expected 0 to 2"),
        (lambda x, y: x.cross_entropy(np.array([-1, 0])), "targets from -1 to 0, expected 0 to 2"),
        (lambda x, y: x.gather(np.array([0, 2])), "ids from 0 to 2, expected 0 to 1"),
        (lambda x, y: x.gather(np.array([-1, 0])), "ids from -1 to 0, expected 0 to 1"),
    ],
)
def test_wrong_shapes_are_named_with_the_gate(build, message):
    with pytest.raises(ValueError, match=message):
        forward(build(source(np.ones((2, 3))), source(np.ones((2, 4)))))


def test_only_a_number_has_a_gradient():
    output = source(np.ones(3)).exp()
    values = forward(output)
    with pytest.raises(ValueError, match=r"the output has shape \(3,\)"):
        backward(output, values)


def test_a_source_without_a_value_is_named():
    x = source(name="x")
    assert forward(x + 1.0, {x: 2.0})
    with pytest.raises(ValueError, match="source 'x' has no value"):
        forward(x + 1.0)


def test_nodes_say_what_they_are():
    x = source(2.0, "x")
    assert [repr(node) for node in (x, x**3, (x + x).named("z"), source(1.5))] == [
        "<Node x>",
        "<Node ^3>",
        "<Node z>",
        "<Node 1.5>",
    ]
    assert isinstance(x.exp(), Node)
