"""A graph as SVG that a page shows step by step: values forward, then gradients backward, gate by gate.

    step 0              the sources have their values
    step 1 to G         one gate at a time computes its value, in topological order
    step G + 1 to 2 G   one gate at a time, in reverse, sends its upstream gradient times its local gradients

Each text has the step at which it appears as `data-step`. Without a script all of them are visible. Lines and boxes
carry the classes that a style sheet colours. The module needs matplotlib, which measures text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from windowner.graph.show.canvas import FONT, Line, bend, extent
from windowner.graph.show.layout import Layout, Point, lay_out
from windowner.graph.show.local import array_formula, local_formula
from windowner.graph.show.view import EdgeView, GraphView, gradient_text, number_text, shape_text

MARGIN = 10.0


@dataclass(frozen=True)
class Animation:
    """A graph as SVG, its width in CSS pixels, and one caption for each step."""

    svg: str
    width: float
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """The step at which each node has its value and its gradient, and at which each gate sends gradients back."""

    value: list[int]
    gradient: list[int]


def animate(view: GraphView) -> Animation:
    """Return the animation of a graph."""
    steps = number_steps(view)
    nodes = [_node_lines(view, place) for place in range(len(view.nodes))]
    labels = [_edge_lines(view, edge) for edge in view.edges]
    node_sizes, label_sizes = [extent(lines, 9) for lines in nodes], [extent(lines, 5) for lines in labels]
    ends = [(edge.start, edge.end) for edge in view.edges]
    if view.is_scalar:
        layout = lay_out(node_sizes, ends, label_sizes, layer_gap=22, item_gap=16)
    else:
        turned = [[(height, width) for width, height in sizes] for sizes in (node_sizes, label_sizes)]
        layout = lay_out(turned[0], ends, turned[1], layer_gap=14, item_gap=22).turned()
    layout = layout.moved(MARGIN, MARGIN)
    parts = [
        *(_edge_svg(view, number, labels[number], layout, steps) for number in range(len(labels))),
        *(_node_svg(view, place, nodes[place], layout.nodes[place], steps) for place in range(len(nodes))),
    ]
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    svg = (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="computation graph">{"".join(parts)}</svg>'
    )
    return Animation(svg, round(width * 4 / 3), tuple(_captions(view)))


def number_steps(view: GraphView) -> Steps:
    """Return the steps of a graph."""
    gates = [place for place, node in enumerate(view.nodes) if not node.is_source]
    forward = {place: number for number, place in enumerate(gates, start=1)}
    backward = {place: 2 * len(gates) + 1 - number for place, number in forward.items()}
    children: list[list[int]] = [[] for _ in view.nodes]
    for edge in view.edges:
        children[edge.start].append(edge.end)
    # A source has its whole gradient when the last of its children has sent its part.
    gradient = [
        backward.get(place, max((backward[child] for child in children[place]), default=0))
        for place in range(len(view.nodes))
    ]
    return Steps([forward.get(place, 0) for place in range(len(view.nodes))], gradient)


def _captions(view: GraphView) -> list[str]:
    """Return what happens at each step."""
    gates = [place for place, node in enumerate(view.nodes) if not node.is_source]
    inputs = [f"{node.name} = {number_text(node.value)}" for node in view.nodes if node.is_source]
    first = f"Inputs: {', '.join(inputs)}." if view.is_scalar else "The inputs have their values."
    return [
        first,
        *(_forward_caption(view, place) for place in gates),
        *(_backward_caption(view, place) for place in reversed(gates)),
    ]


def _forward_caption(view: GraphView, place: int) -> str:
    node = view.nodes[place]
    if view.is_scalar:
        return f"Forward: {node.name} = {node.formula} = {number_text(node.value)}."
    magnitude = f"Its mean |value| is {number_text(node.value)}."
    return f"Forward: {node.name} = {node.formula}, {shape_text(node.shape)}. {magnitude}"


def _backward_caption(view: GraphView, place: int) -> str:
    """Return what a gate receives and what it sends to each of its inputs."""
    node = view.nodes[place]
    kind = "the gradient" if view.is_scalar else "the mean |gradient|"
    sent = [edge for edge in view.edges if edge.end == place]
    return " ".join(
        [
            f"Backward: {node.name} = {node.formula} has {kind} {number_text(node.gradient)}.",
            *(
                _sent(view, edge, number, [view.nodes[each.start].name for each in sent])
                for number, edge in enumerate(sent)
            ),
        ]
    )


def _sent(view: GraphView, edge: EdgeView, place: int, operands: Sequence[str]) -> str:
    """Return the sentence about one edge: the local gradient by its formula and number, and the product."""
    gate, target = view.nodes[edge.end], view.nodes[edge.start].name
    if not view.is_scalar:
        ids = [*operands, "y"]  # row ids and tag numbers are no nodes of a view
        formula = array_formula(gate.gate, gate.name, ids, place)
        return f"{target} receives {formula or f'its part of d{gate.name}'}: {number_text(edge.downstream)}."
    formula, number = local_formula(gate.gate, gate.name, operands, place), number_text(edge.local)
    formula = f"({formula})" if " if " in formula else formula
    local = formula if formula == number else f"{formula} = {number}"
    product = " = ".join(reversed(edge.product_text.split(" = ")))
    return f"Locally, d{gate.name}/d{target} = {local}, so {target} receives {product}."


def _node_lines(view: GraphView, place: int) -> list[Line]:
    node = view.nodes[place]
    return [
        Line(node.title, size=FONT + 2, weight="bold"),
        Line(number_text(node.value, 4 if view.is_scalar else 3)),
        Line(gradient_text(view, place) if view.is_scalar else number_text(node.gradient, 3)),
    ]


def _edge_lines(view: GraphView, edge: EdgeView) -> list[Line]:
    if view.is_scalar:
        return [Line(number_text(edge.value)), Line(edge.product_text)]
    return [Line(shape_text(edge.shape), size=FONT - 1)]


def _node_svg(view: GraphView, place: int, lines: Sequence[Line], center: Point, steps: Steps) -> str:
    """Return a node: a box, its title, its value and its gradient."""
    width, height = extent(lines, 9)
    x, y = center[0] - width / 2, center[1] - height / 2
    kind = "source" if view.nodes[place].is_source else "gate"
    at = f"{steps.value[place]} {steps.gradient[place]}"
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6"/>'
    shown = (None, steps.value[place], steps.gradient[place])
    return f'<g class="node {kind}" data-at="{at}">{box}{_texts(lines, center, shown)}</g>'


def _edge_svg(view: GraphView, number: int, lines: Sequence[Line], layout: Layout, steps: Steps) -> str:
    """Return an edge: a line with an arrow at its end, and its label."""
    edge, route, down = view.edges[number], layout.routes[number], not view.is_scalar
    (x, y), tip = route[-1], 4.0
    wings = (
        ((x - tip, y - 2 * tip), (x + tip, y - 2 * tip)) if down else ((x - 2 * tip, y - tip), (x - 2 * tip, y + tip))
    )
    head = " ".join(f"{px:.1f},{py:.1f}" for px, py in (route[-1], *wings))
    at = f"{steps.value[edge.end]} {steps.gradient[edge.end]}"
    shown = (steps.value[edge.end], steps.gradient[edge.end]) if view.is_scalar else (None,)
    line = f'<path d="{_path(route, down)}"/><polygon points="{head}"/>'
    return f'<g class="edge" data-at="{at}">{line}{_texts(lines, layout.labels[number], shown, boxed=down)}</g>'


def _texts(lines: Sequence[Line], center: Point, shown: Sequence[int | None], boxed: bool = False) -> str:
    """Return lines of text below each other, each with the step at which it appears. None: it is always there."""
    kinds = ("value", "gradient") if len(lines) == 2 else ("title", "value", "gradient")
    y = center[1] - sum(line.height for line in lines) / 2
    found = []
    for line, step, kind in zip(lines, shown, kinds, strict=False):
        at = "" if step is None else f' data-step="{step}"'
        name = "shape" if boxed else kind
        place = f'x="{center[0]:.1f}" y="{y + line.height * 0.72:.1f}"'
        found.append(f'<text class="{name}" {place} font-size="{line.size:g}"{at}>{escape(line.text)}</text>')
        y += line.height
    return "".join(found)


def _path(route: Sequence[Point], down: bool) -> str:
    """Return the line of an edge: straight inside the layers and curved between them."""
    parts = [f"M{route[0][0]:.1f} {route[0][1]:.1f}"]
    for place, (start, end) in enumerate(pairwise(route)):
        corners = [end] if place % 2 == 0 else [*bend(start, end, down), end]
        parts.append(("L" if place % 2 == 0 else "C") + " ".join(f"{x:.1f} {y:.1f}" for x, y in corners))
    return "".join(parts)
