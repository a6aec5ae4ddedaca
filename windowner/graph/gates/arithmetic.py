"""Gates for arithmetic. Their inputs broadcast as arrays do in numpy."""
# ruff: noqa: D102 (a gate's docstring holds its function, which is forward, and its local derivatives, which are backward)

from dataclasses import dataclass

import numpy as np

from windowner.graph.gates.base import Elementwise, Gate, Value, unbroadcast


class Add(Gate):
    """z = x + y;  dz/dx = dz/dy = 1: both inputs get the upstream gradient."""

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
    """z = x y;  dz/dx = y, dz/dy = x: each input gets the upstream gradient times the other input."""

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
    """z = max(x, y);  dz/dx = 1 where x >= y, else 0, dz/dy = 1 - dz/dx. In a tie, x gets the gradient."""

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
    """Z = X Y;  dJ/dX = dJ/dZ Y^T, dJ/dY = X^T dJ/dZ. X may be a vector (a row), and Y too (a column)."""

    symbol = "@"

    def forward(self, x: Value, y: Value) -> Value:
        if not {np.ndim(x), np.ndim(y)} <= {1, 2}:
            raise ValueError("expected matrices or vectors")
        return np.asarray(x @ y)

    def backward(self, upstream: Value, z: Value, x: Value, y: Value) -> tuple[Value, Value]:
        X = np.atleast_2d(x)  # a vector on the left is a row
        Y = y if y.ndim == 2 else y[:, None]  # a vector on the right is a column
        upstream = upstream.reshape(len(X), Y.shape[1])
        return (upstream @ Y.T).reshape(x.shape), (X.T @ upstream).reshape(y.shape)
