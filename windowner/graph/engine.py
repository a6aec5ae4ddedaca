"""A computation graph: forward in topological order, backward in reverse.

A source node is an input, an interior node is a gate's output, an edge carries a value on the way forward and a
gradient on the way back. For the output J, and each gate z = f(x, ...) on the way from x to J:

    downstream = upstream * local        dJ/dx = dJ/dz * dz/dx
    a node that feeds several gates sums what comes back from each of them

Nodes hold no results: `forward` returns the values and `backward` the gradients, each a dict by node. The rules of the
gates stand in `gates`; nothing here knows any of them by what it computes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from windowner.graph import gates
from windowner.graph.gates import Array, Gate, Gradient, dense

Values = dict["Node", Array]


class Node:
    """A source with a value, or the output of a gate; two nodes are equal only if they are one.

    Parameters
    ----------
    gate : Gate, optional
        What computes this node from its parents; None for a source.
    parents : sequence of Node
        The gate's inputs, in order.
    value : array, optional
        A source's value; `forward` can be given another.
    name : str
        How messages and pictures call the node.
    """

    __array_ufunc__ = None  # so that `array @ node` is left to the node

    def __init__(self, gate: Gate | None, parents: Sequence["Node"] = (), value: Any = None, name: str = "") -> None:
        self.gate, self.parents, self.value, self.name = gate, tuple(parents), value, name

    def __repr__(self) -> str:
        return f"<Node {self.name or (self.gate.symbol if self.gate else self.value)}>"

    def named(self, name: str) -> "Node":
        """Return the same node under a name."""
        return Node(self.gate, self.parents, self.value, name)

    def __pow__(self, exponent: float) -> "Node":
        return apply(gates.Power(exponent), self)


def source(value: Any = None, name: str = "") -> Node:
    """Return an input: an array, a Python number (which leaves float32 as it is), or a place for `forward` to fill."""
    return Node(None, (), value if isinstance(value, int | float | None) else np.asarray(value), name)


def apply(gate: Gate, *operands: Any) -> Node:
    """Return the output of a gate; operands that are not nodes become sources."""
    return Node(gate, [operand if isinstance(operand, Node) else source(operand) for operand in operands])
