"""Gates for functions of one number. At a corner there is no derivative; the gate takes that of the flatter side."""
# ruff: noqa: D102 (a gate's docstring holds its function, which is forward, and its local derivative, which is local)

from dataclasses import dataclass

import numpy as np

from windowner.graph.gates.base import Elementwise, Value


def sigmoid(x: Value) -> Value:
    """Return 1 / (1 + exp(-x)), computed as exp(-log(exp(0) + exp(-x))), which cannot overflow."""
    return np.exp(-np.logaddexp(np.zeros_like(x), -x))


class Exp(Elementwise):
    """y = exp(x);  dy/dx = y."""

    symbol = "exp"

    def forward(self, x: Value) -> Value:
        return np.exp(x)

    def local(self, y: Value, x: Value) -> Value:
        return y


class Log(Elementwise):
    """y = log(x), natural;  dy/dx = 1 / x."""

    symbol = "log"

    def forward(self, x: Value) -> Value:
        return np.log(x)

    def local(self, y: Value, x: Value) -> Value:
        return 1 / x


class Sigmoid(Elementwise):
    """y = 1 / (1 + exp(-x));  dy/dx = y (1 - y)."""

    symbol = "sigmoid"

    def forward(self, x: Value) -> Value:
        return sigmoid(x)

    def local(self, y: Value, x: Value) -> Value:
        return y * (1 - y)


class Tanh(Elementwise):
    """y = tanh(x);  dy/dx = 1 - y^2."""

    symbol = "tanh"

    def forward(self, x: Value) -> Value:
        return np.tanh(x)

    def local(self, y: Value, x: Value) -> Value:
        return 1 - y * y


class HardTanh(Elementwise):
    """y = max(-1, min(x, 1));  dy/dx = 1 where -1 < x < 1, else 0."""

    symbol = "hard tanh"

    def forward(self, x: Value) -> Value:
        return np.clip(x, -1, 1)

    def local(self, y: Value, x: Value) -> Value:
        return np.less(np.abs(x), 1).astype(x.dtype)


class ReLU(Elementwise):
    """y = max(0, x);  dy/dx = 1 where x > 0, else 0."""

    symbol = "relu"

    def forward(self, x: Value) -> Value:
        return np.maximum(x, 0)

    def local(self, y: Value, x: Value) -> Value:
        return np.greater(x, 0).astype(x.dtype)


@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """y = x where x > 0, else slope x;  dy/dx = 1 where x > 0, else slope."""

    symbol = "leaky relu"
    slope: float = 0.01

    def forward(self, x: Value) -> Value:
        return np.where(x > 0, x, self.slope * x)

    def local(self, y: Value, x: Value) -> Value:
        return np.where(x > 0, 1, self.slope).astype(x.dtype)


class Swish(Elementwise):
    """y = x s with s = sigmoid(x);  dy/dx = s + x s (1 - s) = s + y (1 - s)."""

    symbol = "swish"

    def forward(self, x: Value) -> Value:
        return x * sigmoid(x)

    def local(self, y: Value, x: Value) -> Value:
        s = sigmoid(x)
        return s + y * (1 - s)
