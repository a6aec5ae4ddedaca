"""Forward through a computation graph in topological order, backward in reverse.

Edges carry values on the way forward and gradients on the way back. For the output J and a gate z = f(x, ...) between
x and J:

    downstream = upstream * local          dJ/dx = dJ/dz * dz/dx
    a node that feeds several gates sums what comes back from each of them

Nodes hold no results: `forward` returns the values and `backward` the gradients, as dicts by node. Each node is visited
once in either direction. What the gates compute, and their local gradients, stands in `gates`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from windowner.graph.gates import Gate, Gradient, Number, dense
from windowner.graph.nodes import Node

Values = dict[Node, Number]
Gradients = dict[Node, Gradient]


def topological_order(output: Node) -> list[Node]:
    """Return the output and all that it depends on, every node once and after its parents, first parents first.

    Raises
    ------
    ValueError
        If a node depends on itself.
    """
    order: dict[Node, None] = {}
    entered: set[Node] = set()
    stack = [(output, False)]  # a list, since Python's own stack would not hold a chain of 100,000 nodes
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order[node] = None
        elif node not in order:
            if node in entered:
                raise ValueError(f"cycle in the graph: {node} depends on itself")
            entered.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return list(order)


def forward(output: Node, inputs: Mapping[Node, Any] | None = None) -> Values:
    """Return the value of the output and of all that it depends on, in topological order.

    Parameters
    ----------
    output : Node
        The node to compute.
    inputs : mapping of Node to array, optional
        Values that stand in for those of the sources.

    Raises
    ------
    ValueError
        If a source has no value, or a gate cannot take its inputs' shapes: the message has the gate and all shapes.
    """
    values: Values = {}
    for node in topological_order(output):
        if node.gate:
            values[node] = _compute(node.gate, [values[parent] for parent in node.parents])
        else:
            values[node] = node.value if inputs is None else inputs.get(node, node.value)
            if values[node] is None:
                raise ValueError(f"source {node.name!r} has no value")
    return values


def backward(output: Node, values: Values) -> Gradients:
    """Return the gradient of a scalar output in every node, given what `forward` returned.

    Look-ups leave a `RowGradient` at their table. Arrays may be shared between nodes: do not write into them.
    """
    if np.size(values[output]) != 1:
        raise ValueError(f"only a number has a gradient; the output has shape {np.shape(values[output])}")
    gradients: Gradients = {output: np.ones_like(values[output])}
    for node in reversed(values):
        if node in gradients:
            for parent, gradient in zip(node.parents, downstream(node, values, gradients[node]), strict=True):
                if gradient is not None:
                    gradients[parent] = gradients[parent] + gradient if parent in gradients else gradient
    return gradients


def downstream(node: Node, values: Values, upstream: Gradient) -> tuple[Gradient | None, ...]:
    """Return the gradient that a node sends to each of its parents."""
    if not node.gate:
        return ()
    return node.gate.backward(dense(upstream), values[node], *(values[parent] for parent in node.parents))


def _compute(gate: Gate, inputs: list[Number]) -> Number:
    """Compute a gate's output; an error names the gate and the shapes."""
    try:
        return gate.forward(*inputs)
    except ValueError as error:
        shapes = " and ".join(str(np.shape(value)) for value in inputs)
        raise ValueError(f"{gate} of shapes {shapes}: {error}") from error
