"""Gates that select, join, rearrange or drop numbers. The backward pass sends each gradient to its number."""
# ruff: noqa: D102 (a gate's docstring holds its function, which is forward, and its local derivative, which is backward)

from dataclasses import dataclass

import numpy as np

from windowner.graph.gates.base import Gate, RowGradient, Value


class Gather(Gate):
    """X_i = E[ids_i];  dJ/dE[v] = sum of dJ/dX_i over all i with ids_i = v, a `RowGradient`."""

    symbol = "gather"

    def forward(self, E: Value, ids: Value) -> Value:
        if np.any((ids < 0) | (ids >= len(E))):
            raise ValueError(f"ids from {np.min(ids)} to {np.max(ids)}, expected 0 to {len(E) - 1}")
        return E[ids]

    def backward(self, upstream: Value, X: Value, E: Value, ids: Value) -> tuple[RowGradient, None]:
        return RowGradient.summed(ids.ravel(), upstream.reshape(-1, *E.shape[1:]), E.shape), None


@dataclass(frozen=True)
class Concatenate(Gate):
    """y = [x_1 x_2 ...] along an axis;  dJ/dx_i is the part of dJ/dy that x_i became."""

    symbol = "concatenate"
    axis: int = -1

    def forward(self, *parts: Value) -> Value:
        return np.concatenate(parts, axis=self.axis)

    def backward(self, upstream: Value, y: Value, *parts: Value) -> tuple[Value, ...]:
        ends = np.cumsum([part.shape[self.axis] for part in parts])
        return tuple(np.split(upstream, ends[:-1], axis=self.axis))


@dataclass(frozen=True)
class Reshape(Gate):
    """The same numbers in another shape;  dJ/dx is dJ/dy in the shape of x."""

    shape: tuple[int, ...]
    symbol = "reshape"

    def forward(self, x: Value) -> Value:
        return np.reshape(x, self.shape)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        return (upstream.reshape(x.shape),)


class Transpose(Gate):
    """y = x^T, the axes in reverse;  dJ/dx = (dJ/dy)^T."""

    symbol = "transpose"

    def forward(self, x: Value) -> Value:
        return np.transpose(x)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        return (upstream.T,)


class Dropout(Gate):
    """y = x m for a given mask m, 0 where dropped and 1 / (1 - rate) elsewhere;  dy/dx = m."""

    symbol = "dropout"

    def forward(self, x: Value, mask: Value) -> Value:
        if np.shape(x) != np.shape(mask):
            raise ValueError("expected a mask of the input's shape")
        return x * mask

    def backward(self, upstream: Value, y: Value, x: Value, mask: Value) -> tuple[Value, None]:
        return upstream * mask, None
