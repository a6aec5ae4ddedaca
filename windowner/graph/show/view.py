"""The numbers that are shown of a graph: values and gradients, by node and by edge.

A scalar graph is shown with its numbers. Any other graph is shown with magnitudes: the mean of |value| and of
|gradient|. Local gradients are shown in scalar graphs only: the local gradient of an array is a matrix, which no gate
builds.
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
    """A node: its name, its title in a picture, the formula it computes ("input" for a source), and its numbers.

    `value` and `gradient` are numbers in a scalar graph, magnitudes in any other, and None for row ids. A gradient is
    the sum over the outward branches. The magnitude of a table's gradient is that of the looked-up rows.
    """

    name: str
    title: str
    formula: str
    shape: tuple[int, ...]
    value: float | None
    gradient: float | None

    @property
    def is_source(self) -> bool:
        """Whether the node is an input."""
        return self.formula == "input"


@dataclass(frozen=True)
class EdgeView:
    """An edge, from node `start` to node `end` (places in the view): the value it carries, and its gradients."""

    start: int
    end: int
    shape: tuple[int, ...]
    value: float | None
    local: float | None
    upstream: float | None
    downstream: float | None

    @property
    def product_text(self) -> str:
        """The rule with its numbers, downstream = upstream * local."""
        local = number_text(self.local)
        factor = f"({local})" if local.startswith("-") else local
        return f"{number_text(self.downstream)} = {number_text(self.upstream)} · {factor}"


@dataclass(frozen=True)
class GraphView:
    """A graph after forward and backward; nodes stand in topological order, the output last."""

    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]

    @property
    def is_scalar(self) -> bool:
        """Whether every node is a single number."""
        return all(node.shape == () for node in self.nodes)

    def branches(self, node: int) -> list[float]:
        """Return the gradient that each of a node's outward branches sends to it."""
        return [edge.downstream for edge in self.edges if edge.start == node and edge.downstream is not None]


def view_graph(values: Values, gradients: Gradients) -> GraphView:
    """Return the view of a graph, given what `forward` and `backward` returned.

    Arrays of row ids and of tag numbers are left out: they only select numbers.
    """
    names = _names(values)
    signed = _is_scalar(values)
    shown = [node for node in values if not _is_ids(values[node])]
    nodes = tuple(_node_view(node, names, values[node], gradients.get(node), signed) for node in shown)
    return GraphView(nodes, tuple(_edge_views(values, gradients, shown)))


def _is_ids(value: Any) -> bool:
    return np.ndim(value) > 0 and np.issubdtype(np.asarray(value).dtype, np.integer)


def summary(value: Any, signed: bool = False) -> float | None:
    """Return the mean of the absolute values, or if `signed` the number itself; None for ids and where nothing is."""
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
    """Return a number in a few digits, and a dash for none."""
    return "–" if number is None else f"{number + 0.0:.{digits}g}"  # -0.0 + 0.0 is 0.0


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as `5 × 50`."""
    return " × ".join(map(str, shape)) or "number"


def gradient_text(view: GraphView, place: int) -> str:
    """Return a node's gradient. Where branches of a scalar graph meet, it is written as the sum of theirs."""
    total = number_text(view.nodes[place].gradient)
    branches = view.branches(place)
    if not view.is_scalar or len(branches) < 2:
        return total
    return f"{total} = {' + '.join(map(number_text, branches))}".replace("+ -", "- ")


def _names(values: Values) -> dict[Node, str]:
    """Return a name for every node: its own, a constant's value, or n1, n2 ... in the order of forward."""
    given = {node.name for node in values}
    fresh = (name for number in count(1) if (name := f"n{number}") not in given)
    return {node: node.name or _constant(node) or next(fresh) for node in values}


def _constant(node: Node) -> str:
    """Return the value of a source that is a number."""
    return "" if node.gate or node.value is None or np.ndim(node.value) else number_text(float(node.value))


def _is_scalar(values: Values) -> bool:
    """Whether every node is a single number."""
    return all(np.shape(value) == () for value in values.values())


def _edge_views(values: Values, gradients: Gradients, shown: Sequence[Node]) -> Iterator[EdgeView]:
    """Yield the views of all edges between nodes that are shown, gate by gate."""
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
    return NodeView(name, title, formula, np.shape(value), summary(value, signed), summary(gradient, signed))


def _formula(label: str, operands: list[str]) -> str:
    """Write a gate with its operands: `x + y`, `x^2`, `tanh(x)`."""
    if label in INFIX:
        return f" {label} ".join(operands)
    return f"{operands[0]}{label}" if label.startswith("^") else f"{label}({', '.join(operands)})"
