"""The view of a graph: the values and gradients that are shown, by node and by edge.

The view of a scalar graph has the numbers themselves. The view of any other graph has magnitudes: the mean of |value|
and the mean of |gradient|. Only a scalar graph has local gradients in its view. The local gradient of an array would be
a matrix, which no gate builds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from windowner.graph.engine import Gradients, Values, downstream
from windowner.graph.gates import RowGradient
from windowner.graph.nodes import Node

INFIX = {"+", "-", "*", "/", "@"}


@dataclass(frozen=True)
class NodeView:
    """A node of a view.

    Attributes
    ----------
    name, title
        Its name, and its title in a picture.
    formula
        The formula that it computes. "input" for a source.
    shape
        Shape of its value.
    value, gradient
        Its value, and its gradient, which is the sum over the outward branches. They are numbers in a scalar graph and
        magnitudes in any other. They are None for row ids. The magnitude of a table's gradient is that of the rows that
        were looked up.
    gate
        The symbol of its gate. Empty for a source.
    """

    name: str
    title: str
    formula: str
    shape: tuple[int, ...]
    value: float | None
    gradient: float | None
    gate: str = ""

    @property
    def is_source(self) -> bool:
        """Whether the node is a source."""
        return self.formula == "input"


@dataclass(frozen=True)
class EdgeView:
    """An edge of a view, from node number `start` to node number `end`, with its value and its gradients."""

    start: int
    end: int
    shape: tuple[int, ...]
    value: float | None
    local: float | None
    upstream: float | None
    downstream: float | None

    @property
    def product_text(self) -> str:
        """The equation downstream = upstream * local, with the numbers of this edge."""
        local = number_text(self.local)
        factor = f"({local})" if local.startswith("-") else local
        return f"{number_text(self.downstream)} = {number_text(self.upstream)} · {factor}"


@dataclass(frozen=True)
class GraphView:
    """The view of a graph. Its nodes are in topological order, with the output last."""

    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]

    @property
    def is_scalar(self) -> bool:
        """Whether every node is a single number."""
        return all(node.shape == () for node in self.nodes)

    def branches(self, node: int) -> list[float]:
        """Return the gradients that a node receives from its outward branches."""
        return [edge.downstream for edge in self.edges if edge.start == node and edge.downstream is not None]


def view_graph(values: Values, gradients: Gradients) -> GraphView:
    """Return the view of a graph, given what `forward` and `backward` returned.

    Arrays of row ids and of tag numbers are not shown, because they only select numbers.
    """
    names = _names(values)
    signed = _is_scalar(values)
    shown = [node for node in values if not _is_ids(values[node])]
    nodes = tuple(_node_view(node, names, values[node], gradients.get(node), signed) for node in shown)
    return GraphView(nodes, tuple(_edge_views(values, gradients, shown)))


def _is_ids(value: Any) -> bool:
    return np.ndim(value) > 0 and np.issubdtype(np.asarray(value).dtype, np.integer)


def summary(value: Any, signed: bool = False) -> float | None:
    """Return the magnitude of a value, or the number itself if `signed`. None for ids, for no numbers and for None."""
    if isinstance(value, RowGradient):
        value = value.values
    if (
        value is None
        or not np.size(value)
        or (np.ndim(value) and not np.issubdtype(np.asarray(value).dtype, np.inexact))
    ):
        return None
    return float(value) if signed else float(np.mean(np.abs(value)))


def number_text(number: float | None, digits: int = 4) -> str:
    """Return a number with a few digits. None gives a dash."""
    return "–" if number is None else f"{number + 0.0:.{digits}g}"  # -0.0 + 0.0 is 0.0


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as `5 × 50`."""
    return " × ".join(map(str, shape)) or "number"


def gradient_text(view: GraphView, place: int) -> str:
    """Return the text of a node's gradient. In a scalar graph, several branches are written as a sum."""
    total = number_text(view.nodes[place].gradient)
    branches = view.branches(place)
    if not view.is_scalar or len(branches) < 2:
        return total
    return f"{total} = {' + '.join(map(number_text, branches))}".replace("+ -", "- ")


def _names(values: Values) -> dict[Node, str]:
    """Return a name for every node: its own name, the value of a constant, or n1, n2, ... in topological order."""
    given = {node.name for node in values}
    unused = (name for number in count(1) if (name := f"n{number}") not in given)
    return {node: node.name or _constant(node) or next(unused) for node in values}


def _constant(node: Node) -> str:
    """Return the text of a source's value if it is a number. Empty for other nodes."""
    return "" if node.gate or node.value is None or np.ndim(node.value) else number_text(float(node.value))


def _is_scalar(values: Values) -> bool:
    """Return whether every node is a single number."""
    return all(np.shape(value) == () for value in values.values())


def _edge_views(values: Values, gradients: Gradients, shown: Sequence[Node]) -> Iterator[EdgeView]:
    """Yield the views of all edges between shown nodes, gate by gate."""
    signed = _is_scalar(values)
    places = {node: place for place, node in enumerate(shown)}
    for node in shown:
        none = (None,) * len(node.parents)
        back = downstream(node, values, gradients[node]) if node in gradients else none
        local = downstream(node, values, np.float64(1)) if signed else none
        for parent, derivative, returned in zip(node.parents, local, back, strict=True):
            if parent in places:
                numbers = (values[parent], derivative, gradients.get(node), returned)
                shown_numbers = (summary(number, signed) for number in numbers)
                yield EdgeView(places[parent], places[node], np.shape(values[parent]), *shown_numbers)


def _node_view(node: Node, names: dict[Node, str], value: Any, gradient: Any, signed: bool) -> NodeView:
    """Return the view of one node."""
    name, title, formula = names[node], names[node], "input"
    if node.gate:
        title = f"{name}: {node.gate}" if node.name else str(node.gate)
        formula = _formula(str(node.gate), [names[parent] for parent in node.parents])
    numbers = summary(value, signed), summary(gradient, signed)
    return NodeView(name, title, formula, np.shape(value), *numbers, gate=str(node.gate) if node.gate else "")


def _formula(label: str, operands: list[str]) -> str:
    """Return the formula of a gate with its operands, such as `x + y`, `x^2` or `tanh(x)`."""
    if label in INFIX:
        return f" {label} ".join(operands)
    return f"{operands[0]}{label}" if label.startswith("^") else f"{label}({', '.join(operands)})"
