"""Arithmetic of numbers and matrices. Numbers broadcast as numpy's do."""
# ruff: noqa: D102 (a gate's docstring holds its function, which is forward, and its local derivatives, which are backward)

from dataclasses import dataclass

import numpy as np

from windowner.graph.gates.base import Elementwise, Gate, Value, unbroadcast


class Add(Gate):
    """z = x + y;  dz/dx = dz/dy = 1: the upstream gradient is distributed."""

    symbol = "+"

    def forward(self, x: Value, y: Value) -> Value:
        return x + y

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        return unbroadcast(upstream, x), unbroadcast(upstream, y)


class Subtract(Gate):
    """z = x - y;  dz/dx = 1, dz/dy = -1."""

    symbol = "-"

    def forward(self, x: Value, y: Value) -> Value:
        return x - y

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        return unbroadcast(upstream, x), unbroadcast(-upstream, y)


class Multiply(Gate):
    """z = x y;  dz/dx = y, dz/dy = x: the upstream gradient is switched with the other input's value."""

    symbol = "*"

    def forward(self, x: Value, y: Value) -> Value:
        return x * y

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        return unbroadcast(upstream * y, x), unbroadcast(upstream * x, y)


class Divide(Gate):
    """z = x / y;  dz/dx = 1 / y, dz/dy = -x / y^2 = -z / y."""

    symbol = "/"

    def forward(self, x: Value, y: Value) -> Value:
        return np.divide(x, y)

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        return unbroadcast(upstream / y, x), unbroadcast(-upstream * z / y, y)


class Max(Gate):
    """z = max(x, y);  dz/dx = 1 where x >= y, else 0, dz/dy = 1 - dz/dx: routed to the larger, in a tie to x."""

    symbol = "max"

    def forward(self, x: Value, y: Value) -> Value:
        return np.maximum(x, y)

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        first = np.greater_equal(x, y)
        return unbroadcast(upstream * first, x), unbroadcast(upstream * ~first, y)


class Negate(Elementwise):
    """y = -x;  dy/dx = -1."""

    symbol = "neg"

    def forward(self, x: Value) -> Value:
        return -x

    def local(self, y: Value, x: Value) -> Value:
        return -np.ones_like(x)


@dataclass(frozen=True)
class Power(Elementwise):
    """y = x^n for a constant n;  dy/dx = n x^(n-1), and 0 for n = 0."""

    exponent: float

    def forward(self, x: Value) -> Value:
        return np.power(x, self.exponent)

    def local(self, y: Value, x: Value) -> Value:
        return self.exponent * np.power(x, self.exponent - 1) if self.exponent else np.zeros_like(x)

    def __str__(self) -> str:
        return f"^{self.exponent:g}"


class MatrixProduct(Gate):
    """Z = X Y for matrices, x Y, X y or x y for vectors;  dJ/dX = dJ/dZ Y^T, dJ/dY = X^T dJ/dZ."""

    symbol = "@"

    def forward(self, x: Value, y: Value) -> Value:
        if not {np.ndim(x), np.ndim(y)} <= {1, 2}:
            raise ValueError("expected matrices or vectors")
        return np.asarray(x @ y)

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        X = np.atleast_2d(x)  # a vector on the left is a row,
        Y = y if y.ndim == 2 else y[:, None]  # on the right a column
        upstream = upstream.reshape(len(X), Y.shape[1])
        return (upstream @ Y.T).reshape(x.shape), (X.T @ upstream).reshape(y.shape)
