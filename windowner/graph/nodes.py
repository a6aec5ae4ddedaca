"""The nodes of a computation graph, and the operators that build a graph.

    loss = ((x @ W + b).tanh() @ U).cross_entropy(y)

A source is an input of the graph. Every other node is the output of a gate. The inputs of the gate are the node's
parents, and an edge leads from each parent to the node. Building a graph computes nothing; `engine` computes.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from windowner.graph import gates
from windowner.graph.gates import Gate


def _method(make_gate: Callable[..., Gate], *, swapped: bool = False) -> Callable[..., "Node"]:
    """Return a method of `Node` that applies a gate. `x.max(y)` applies `Max()`; `x.sum(axis=0)` `Sum(axis=0)`."""

    def method(*operands: Any, **settings: Any) -> "Node":
        return apply(make_gate(**settings), *(reversed(operands) if swapped else operands))

    method.__doc__ = make_gate.__doc__
    return method


class Node:
    """A source, or the output of a gate. Its operators and methods return further nodes.

    Parameters
    ----------
    gate : Gate, optional
        The gate that computes this node from its parents. None for a source.
    parents : sequence of Node
        The gate's inputs, in order.
    value : array, optional
        A source's value.
    name : str
        The node's name in messages and pictures.
    """

    __array_ufunc__ = None  # so that numpy leaves `array @ node` to the node

    def __init__(self, gate: Gate | None, parents: Sequence["Node"] = (), value: Any = None, name: str = "") -> None:
        self.gate, self.parents, self.value, self.name = gate, tuple(parents), value, name

    def __repr__(self) -> str:
        return f"<Node {self.name or self.gate or self.value}>"

    def named(self, name: str) -> "Node":
        """Give the node a name and return it."""
        self.name = name
        return self

    __add__, __radd__ = _method(gates.Add), _method(gates.Add, swapped=True)
    __sub__, __rsub__ = _method(gates.Subtract), _method(gates.Subtract, swapped=True)
    __mul__, __rmul__ = _method(gates.Multiply), _method(gates.Multiply, swapped=True)
    __truediv__, __rtruediv__ = _method(gates.Divide), _method(gates.Divide, swapped=True)
    __matmul__, __rmatmul__ = _method(gates.MatrixProduct), _method(gates.MatrixProduct, swapped=True)
    __neg__ = _method(gates.Negate)
    exp, log, sigmoid, tanh = map(_method, (gates.Exp, gates.Log, gates.Sigmoid, gates.Tanh))
    hard_tanh, relu, leaky_relu, swish = map(_method, (gates.HardTanh, gates.ReLU, gates.LeakyReLU, gates.Swish))
    max, sum, mean, squared_norm = map(_method, (gates.Max, gates.Sum, gates.Mean, gates.SquaredNorm))
    logsumexp, softmax, cross_entropy = map(_method, (gates.LogSumExp, gates.Softmax, gates.CrossEntropy))
    gather, dropout = map(_method, (gates.Gather, gates.Dropout))
    reshape, transpose = map(_method, (gates.Reshape, gates.Transpose))

    def __pow__(self, exponent: float) -> "Node":
        return apply(gates.Power(exponent), self)


def source(value: Any = None, name: str = "") -> Node:
    """Return a source with a value. If it is None, `forward` must be given the value.

    A Python number stays one, so that its sum with a float32 array is float32. All other values become arrays.
    """
    return Node(None, (), value if isinstance(value, int | float | None) else np.asarray(value), name)


def apply(gate: Gate, *operands: Any) -> Node:
    """Return the output of a gate. Operands that are not nodes become sources."""
    return Node(gate, [operand if isinstance(operand, Node) else source(operand) for operand in operands])


def concatenate(*parts: Any, axis: int = -1) -> Node:
    """Return the parts side by side along an axis."""
    return apply(gates.Concatenate(axis), *parts)
