"""The engine: forward and backward passes through a computation graph.

The forward pass visits the nodes in topological order and computes their values. The backward pass visits them in
reverse and computes the gradient of the output J in each node. For a gate z = f(x, ...):

    downstream = upstream * local          dJ/dx = dJ/dz * dz/dx, the part of dJ/dx that this gate sends to x
    gradient   = sum of downstream         over all gates that have x as an input

Nodes hold no results. `forward` returns the values and `backward` the gradients, as dictionaries by node. Each pass
visits each node once. `gates` has the functions of the gates and their local gradients.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from windowner.graph.gates import Gate, Gradient, Value, dense
from windowner.graph.nodes import Node

Values = dict[Node, Value]
Gradients = dict[Node, Gradient]


def topological_order(output: Node) -> list[Node]:
    """Return the output and all nodes that it depends on, without repeats. Parents come before their children.

    Raises
    ------
    ValueError
        If a node depends on itself.
    """
    order: dict[Node, None] = {}
    entered: set[Node] = set()
    stack = [(output, False)]  # no recursion: Python's stack would not hold a chain of 100,000 nodes
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
    """Return the value of the output and of all nodes that it depends on, in topological order.

    Parameters
    ----------
    output : Node
        The node to compute.
    inputs : mapping of Node to array, optional
        Values that replace those of the sources.

    Raises
    ------
    ValueError
        If a source has no value, or if a gate does not accept the shapes of its inputs. The message names both.
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

    The gradient of a table that only `Gather` reads is a `RowGradient`. Several nodes may share one array. So do not
    change these arrays.
    """
    if np.size(values[output]) != 1:
        raise ValueError(f"the output has shape {np.shape(values[output])}; only a single number has a gradient")
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


def _compute(gate: Gate, inputs: list[Value]) -> Value:
    """Return the output of a gate. An error names the gate and the shapes of its inputs."""
    try:
        return gate.forward(*inputs)
    except ValueError as error:
        shapes = " and ".join(str(np.shape(value)) for value in inputs)
        raise ValueError(f"{gate} of shapes {shapes}: {error}") from error
