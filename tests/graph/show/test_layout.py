"""Nothing overlaps: nodes, labels, and edges that are not their own."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph.show.layout import lay_out

GAP = 10.0


@st.composite
def drawn_graphs(draw):
    """A connected graph in topological order: every node but the first takes one to three earlier ones."""
    count = draw(st.integers(2, 14))
    edges = []
    for end in range(1, count):
        edges += [(draw(st.integers(0, end - 1)), end) for _ in range(draw(st.integers(0, 3)))]
    edges += [(node, count) for node in range(count) if all(start != node for start, _ in edges)]
    size = st.tuples(st.floats(5, 80), st.floats(5, 40))
    return [draw(size) for _ in range(count + 1)], edges, [draw(size) for _ in edges]


def rectangles(centers, sizes):
    return [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in zip(centers, sizes, strict=True)]


def overlap(one, other, slack=1e-6):
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


def hull(one, other):
    """What a curve between two points stays within."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(drawn_graphs())
def test_nothing_overlaps(graph):
    node_sizes, edges, label_sizes = graph
    layout = lay_out(node_sizes, edges, label_sizes, layer_gap=GAP, item_gap=GAP)
    nodes = rectangles(layout.nodes, node_sizes)
    labels = rectangles(layout.labels, label_sizes)
    boxes = nodes + labels
    for place, box in enumerate(boxes):
        assert not any(overlap(box, other) for other in boxes[place + 1 :])
        assert box[0] >= -1e-6
        assert box[1] >= -1e-6
        assert box[2] <= layout.width + 1e-6
        assert box[3] <= layout.height + 1e-6
    for number, route in enumerate(layout.routes):
        others = [box for place, box in enumerate(boxes) if place != len(nodes) + number]
        for one, other in pairwise(route):
            x0, y0, x1, y1 = hull(one, other)
            line = x0, y0 - 1e-3, x1, y1 + 1e-3
            assert x0 <= x1
            assert not any(overlap(line, box) for box in others)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(drawn_graphs())
def test_edges_run_forward_from_border_to_border(graph):
    node_sizes, edges, label_sizes = graph
    layout = lay_out(node_sizes, edges, label_sizes, layer_gap=GAP, item_gap=GAP)
    for (start, end), route, label in zip(edges, layout.routes, layout.labels, strict=True):
        assert route[0] == pytest.approx((layout.nodes[start][0] + node_sizes[start][0] / 2, layout.nodes[start][1]))
        assert route[-1] == pytest.approx((layout.nodes[end][0] - node_sizes[end][0] / 2, layout.nodes[end][1]))
        assert all(one[0] <= other[0] + 1e-9 for one, other in pairwise(route))
        assert any(label[1] == y and one <= label[0] <= other for (one, y), (other, _) in pairwise(route))


def test_crossings_that_need_not_be_are_not():
    """Two inputs and two gates, given crosswise: 0 feeds 3 and 1 feeds 2."""
    layout = lay_out([(10, 10)] * 5, [(1, 2), (0, 3), (2, 4), (3, 4)], [(10, 10)] * 4, layer_gap=GAP, item_gap=GAP)
    y = [center[1] for center in layout.nodes]
    assert (y[0] < y[1]) == (y[3] < y[2])


def test_the_computation_is_straight_and_its_parameters_stand_beside_it():
    """A chain of four gates, each with a parameter of its own: x W1 ... W4."""
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)]
    layout = lay_out([(20, 20)] * 7, edges, [(10, 10)] * 6, layer_gap=GAP, item_gap=GAP)
    spine = [layout.nodes[node][1] for node in (2, 4, 6)]
    assert max(spine) - min(spine) < 5
    assert layout.nodes[3][0] == layout.nodes[2][0]  # right before the gate it feeds, not at the far left
    assert layout.nodes[5][0] == layout.nodes[4][0]


def test_turned_and_moved():
    layout = lay_out([(10, 20), (30, 40)], [(0, 1)], [(5, 6)], layer_gap=GAP, item_gap=GAP)
    turned = layout.turned().moved(100, 0)
    assert turned.nodes == [(y + 100, x) for x, y in layout.nodes]
    assert turned.routes[0] == [(y + 100, x) for x, y in layout.routes[0]]
    assert (turned.width, turned.height) == (layout.height, layout.width)


def test_one_node_alone():
    layout = lay_out([(10, 20)], [], [], layer_gap=GAP, item_gap=GAP)
    assert (layout.nodes, layout.width, layout.height) == ([(5, 10)], 10, 20)


def test_a_long_edge_is_no_staircase():
    """A chain of eight gates, and an edge from its first source to its last gate: its seven layers share one y."""
    edges = [(0, 2), (1, 2), *((gate, gate + 1) for gate in range(2, 9)), (0, 9)]
    layout = lay_out([(20, 20)] * 10, edges, [(10, 10)] * len(edges), layer_gap=GAP, item_gap=GAP)
    assert layout.nodes[0][1] != layout.nodes[9][1]
    between = layout.routes[-1][2:-2]
    assert len(between) > 10
    assert len({y for _, y in between}) == 1
