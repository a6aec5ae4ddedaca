"""What is shown of a graph, as text and Mermaid: numbers of scalars, magnitudes of arrays."""

import re

import numpy as np
import pytest

from windowner.graph.engine import backward, forward
from windowner.graph.expressions import differentiate
from windowner.graph.nodes import source
from windowner.graph.show.text import to_mermaid, to_text
from windowner.graph.show.view import gradient_text, number_text, shape_text, summary, view_graph


def test_a_scalar_graph_shows_every_number(lecture_view):
    assert lecture_view.is_scalar
    assert to_text(lecture_view) == (
        "node  is         value  gradient\n"
        "x     input      1      2\n"
        "y     input      2      5 = 2 + 3\n"
        "n1    x + y      3      2\n"
        "z     input      0      0\n"
        "n2    max(y, z)  2      3\n"
        "n3    n1 * n2    6      1\n"
        "\n"
        "backward  upstream  * local  = downstream\n"
        "n3 -> n2  1         3        3\n"
        "n3 -> n1  1         2        2\n"
        "n2 -> z   3         0        0\n"
        "n2 -> y   3         1        3\n"
        "n1 -> y   2         1        2\n"
        "n1 -> x   2         1        2\n"
    )


def test_downstream_is_upstream_times_local_on_every_edge():
    _, values, gradients = differentiate("exp(-x * y) / (1 + y ** 2) - max(x, 3) * tanh(y)", {"x": 0.4, "y": -1.2})
    view = view_graph(values, gradients)
    for edge in view.edges:
        np.testing.assert_allclose(edge.downstream, edge.upstream * edge.local, rtol=1e-14)
    for place, node in enumerate(view.nodes[:-1]):
        np.testing.assert_allclose(node.gradient, sum(view.branches(place)), rtol=1e-14)


def test_arrays_show_shapes_and_magnitudes(window_view):
    assert not window_view.is_scalar
    nodes = {node.name: node for node in window_view.nodes}
    assert (nodes["x"].title, nodes["x"].shape) == ("x: reshape", (1, 20))
    assert not {"ids", "y"} & set(nodes)  # they say which numbers take part, and carry none themselves
    assert nodes["b1"].value == 0
    assert nodes["J"].gradient == 1
    assert all(edge.local is None for edge in window_view.edges)
    assert [line.split()[:1] for line in to_text(window_view).splitlines()[1:4]] == [["E"], ["n1"], ["x"]]
    assert "9 × 4" in to_text(window_view)
    assert "mean |gradient|" in to_text(window_view)


def test_the_magnitude_of_a_sparse_gradient_is_that_of_its_rows():
    table = source(np.ones((100, 2)), "E")
    values = forward(J := table.gather(np.array([4, 4, 7])).sum())
    view = view_graph(values, backward(J, values))
    assert view.nodes[0].gradient == 1.5  # row 4 twice, row 7 once


def test_numbers_among_arrays_are_shown_by_magnitude():
    x = source(np.array([1.0, 3.0]), "x")
    values = forward(J := x.mean() - x.sum())
    view = view_graph(values, backward(J, values))
    assert [(node.value, node.gradient) for node in view.nodes[1:]] == [(2, 1), (4, 1), (2, 1)]
    assert [edge.downstream for edge in view.edges] == [0.5, 1, 1, 1]


def test_unnamed_nodes_get_names_that_are_free():
    x = source(np.float64(2.0), "n1")
    values = forward(J := 3 * x.exp() - source(np.ones(2)).sum())
    view = view_graph(values, backward(J, values))
    assert [node.name for node in view.nodes] == ["3", "n1", "n2", "n3", "n4", "n5", "n6"]
    assert [node.formula for node in view.nodes if not node.is_source] == ["exp(n1)", "3 * n2", "sum(n4)", "n3 - n5"]


@pytest.mark.parametrize(("name", "direction"), [("lecture_view", "LR"), ("window_view", "TB")])
def test_mermaid_holds_all_nodes_and_edges_and_no_markup_but_its_own(name, direction, request):
    view = request.getfixturevalue(name)
    head, *lines = to_mermaid(view).splitlines()
    assert head == f"flowchart {direction}"
    assert len(lines) == len(view.nodes) + len(view.edges)
    for line in lines:
        assert re.fullmatch(r'    v\d+(\(\["[^"]+"\]\)|\["[^"]+"\]| -- "[^"]+" --> v\d+)', line), line
        text = re.search('"(.*)"', line).group(1).replace("<br/>", "")
        assert re.fullmatch(r"(?:[\w .=,()]|#\d+;)+", text), text


def test_mermaid_of_a_node_and_an_edge(lecture_view):
    lines = to_mermaid(lecture_view).splitlines()
    assert '    v3(["z<br/>value 0<br/>gradient 0"])' in lines
    assert '    v4 -- "2<br/>3 = 1 #183; 3" --> v5' in lines


def test_how_numbers_and_shapes_are_written():
    assert [number_text(number) for number in (None, -0.0, 2.0, 1 / 3, 1e-12)] == ["–", "0", "2", "0.3333", "1e-12"]
    assert [shape_text(shape) for shape in ((), (5,), (5, 50))] == ["number", "5", "5 × 50"]
    assert summary(np.array([-1.0, 3.0])) == 2
    assert (summary(np.float32(-1.0), signed=True), summary(np.float32(-1.0))) == (-1, 1)


def test_a_sum_over_branches_keeps_its_signs():
    _, values, gradients = differentiate("x * 2 - x * 3 + x", {"x": 1})
    assert gradient_text(view_graph(values, gradients), 0) == "0 = 2 - 3 + 1"
    products = [edge.product_text for edge in view_graph(values, gradients).edges]
    assert "-1 = 1 · (-1)" in products
