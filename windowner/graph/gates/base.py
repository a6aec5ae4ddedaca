"""What a gate is, and the gradients that flow back through it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from windowner.arrays import Array, Indices

Value = Any
"""What a node holds: an array, a numpy scalar or a Python number. Numpy accepts all three."""


@dataclass(frozen=True)
class RowGradient:
    """The gradient of a table of which only some rows were looked up; all others are zero.

    Attributes
    ----------
    rows : array of int, shape (n,)
        The rows, distinct and ascending.
    values : array, shape (n, ...)
        Their gradients.
    shape : tuple of int
        Shape of the table.
    """

    __array_ufunc__: ClassVar[None] = None  # so that `array + gradient` is left to the gradient

    rows: Indices
    values: Array
    shape: tuple[int, ...]

    @classmethod
    def summed(cls, ids: Indices, values: Array, shape: tuple[int, ...]) -> "RowGradient":
        """Return the sum of the gradients of look-ups, `values[i]` for row `ids[i]`, over repeated ids."""
        rows, places = np.unique(ids, return_inverse=True)
        sums = np.zeros((len(rows), *shape[1:]), dtype=values.dtype)
        np.add.at(sums, places, values)  # sums[places] += values would count a repeated id once
        return cls(rows, sums, shape)

    def dense(self) -> Array:
        """Return the gradient of the whole table."""
        gradient = np.zeros(self.shape, dtype=self.values.dtype)
        gradient[self.rows] = self.values
        return gradient

    def __add__(self, other: "Gradient") -> "Gradient":
        if not isinstance(other, RowGradient):
            return self.dense() + other
        ids = np.concatenate([self.rows, other.rows])
        return RowGradient.summed(ids, np.concatenate([self.values, other.values]), self.shape)

    __radd__ = __add__


Gradient = Value | RowGradient


def dense(gradient: Gradient) -> Value:
    """Return a gradient as an array of its node's shape."""
    return gradient.dense() if isinstance(gradient, RowGradient) else gradient


class Gate:
    """A function of its inputs, and its backward pass.

    `forward(*inputs)` returns the output. `backward(upstream, output, *inputs)` returns one downstream gradient for
    each input, of the input's shape, or None for an input that has none, such as row ids. Wrong shapes raise a
    `ValueError`. The engine adds the gate and all shapes to its message.
    """

    symbol: ClassVar[str]
    forward: Callable[..., Value]
    backward: Callable[..., tuple[Gradient | None, ...]]

    def __str__(self) -> str:
        return self.symbol


class Elementwise(Gate):
    """A function of one number, applied to each entry: downstream = upstream * local(output, input)."""

    local: Callable[..., Value]

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:  # noqa: D102
        return (upstream * self.local(y, x),)


def unbroadcast(gradient: Value, like: Value) -> Value:
    """Return a gradient summed over the axes along which its input was stretched: each copy is an outward branch."""
    shape = np.shape(like)
    if np.shape(gradient) == shape:
        return gradient
    gradient = gradient.sum(axis=tuple(range(np.ndim(gradient) - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size != gradient.shape[axis])
    return gradient.sum(axis=stretched, keepdims=True)
