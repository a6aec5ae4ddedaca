"""What a gate is, and what flows back through it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from windowner.arrays import Indices

Number = Any
"""An array, a numpy scalar or a Python number: numpy takes them alike."""


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
    values: Number
    shape: tuple[int, ...]

    @classmethod
    def summed(cls, ids: Number, values: Number, shape: tuple[int, ...]) -> "RowGradient":
        """Sum the gradients of look-ups, `values[i]` for row `ids[i]`, over repeated ids."""
        rows, places = np.unique(ids, return_inverse=True)
        sums = np.zeros((len(rows), *shape[1:]), dtype=values.dtype)
        np.add.at(sums, places, values)  # sums[places] += values would count a repeated id once
        return cls(rows, sums, shape)

    def dense(self) -> Number:
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


Gradient = Number | RowGradient


def dense(gradient: Gradient) -> Number:
    """Return a gradient as an array of its node's shape."""
    return gradient.dense() if isinstance(gradient, RowGradient) else gradient


class Gate:
    """A function of its inputs, and the way back through it.

    `forward(*inputs)` returns the output. `backward(upstream, output, *inputs)` returns one downstream gradient for
    each input, of the input's shape, or None for an input that has none, such as row ids. Wrong shapes raise a
    `ValueError`, to which the engine adds the gate and all shapes.
    """

    symbol: ClassVar[str]
    forward: Callable[..., Number]
    backward: Callable[..., tuple[Gradient | None, ...]]

    def __str__(self) -> str:
        return self.symbol


class Elementwise(Gate):
    """A function of one number, applied to each entry: downstream = upstream * local(output, input)."""

    local: Callable[..., Number]

    def backward(self, upstream: Number, y: Number, x: Number) -> tuple[Number]:  # noqa: D102
        return (upstream * self.local(y, x),)


def unbroadcast(gradient: Number, like: Number) -> Number:
    """Sum a gradient over the axes along which its input was stretched: a copied value is an outward branch."""
    shape = np.shape(like)
    if np.shape(gradient) == shape:
        return gradient
    gradient = gradient.sum(axis=tuple(range(np.ndim(gradient) - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size != gradient.shape[axis])
    return gradient.sum(axis=stretched, keepdims=True)
