"""The base classes of gates, and the types of values and gradients."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from windowner.arrays import Array, Indices

Value = Any
"""The value of a node: an array, a numpy scalar or a Python number. Numpy accepts all three."""


@dataclass(frozen=True)
class RowGradient:
    """The gradient of a table. The gradient of all rows that are not listed is 0.

    Attributes
    ----------
    rows : array of int, shape (n,)
        The rows, distinct and ascending.
    values : array, shape (n, ...)
        Their gradients.
    shape : tuple of int
        Shape of the table.
    """

    __array_ufunc__: ClassVar[None] = None  # so that `array + gradient` calls `RowGradient.__radd__`

    rows: Indices
    values: Array
    shape: tuple[int, ...]

    @classmethod
    def summed(cls, ids: Indices, values: Array, shape: tuple[int, ...]) -> "RowGradient":
        """Return the gradient of look-ups: row v is the sum of `values[i]` over all i with `ids[i] == v`."""
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
    each input. It has the input's shape. It is None for an input without a gradient, such as row ids. Wrong shapes
    raise a `ValueError`. The engine adds the gate and all shapes to the message.
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
    """Return a gradient in the shape of its input, which numpy broadcast. The gradients of all copies are summed."""
    shape = np.shape(like)
    if np.shape(gradient) == shape:
        return gradient
    gradient = gradient.sum(axis=tuple(range(np.ndim(gradient) - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size != gradient.shape[axis])
    return gradient.sum(axis=stretched, keepdims=True)
