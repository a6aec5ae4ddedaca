"""Gates for sums and for the softmax. The largest number is subtracted before exp, which then cannot overflow."""
# ruff: noqa: D102 (a gate's docstring holds its function, which is forward, and its local derivative, which is backward)

from dataclasses import dataclass

import numpy as np

from windowner.graph.gates.base import Gate, Value


@dataclass(frozen=True)
class Sum(Gate):
    """y = sum of x_i over an axis, or over all axes;  dy/dx_i = 1."""

    symbol = "sum"
    axis: int | None = None

    def forward(self, x: Value) -> Value:
        return np.sum(x, axis=self.axis)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        return (_spread(upstream, x, self.axis),)


@dataclass(frozen=True)
class Mean(Gate):
    """y = mean of x_i over the n entries of an axis, or of all axes;  dy/dx_i = 1 / n."""

    symbol = "mean"
    axis: int | None = None

    def forward(self, x: Value) -> Value:
        return np.mean(x, axis=self.axis)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        n = np.size(x) if self.axis is None else x.shape[self.axis]
        return (_spread(upstream, x, self.axis) / n,)


class SquaredNorm(Gate):
    """y = sum of x_i^2;  dy/dx_i = 2 x_i."""

    symbol = "|x|^2"

    def forward(self, x: Value) -> Value:
        return np.sum(x * x)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        return (upstream * 2 * x,)


@dataclass(frozen=True)
class LogSumExp(Gate):
    """y = log sum_k exp(x_k) over an axis;  dy/dx_k = exp(x_k - y), the softmax of x."""

    symbol = "logsumexp"
    axis: int = -1

    def forward(self, x: Value) -> Value:
        return np.squeeze(_log_sum_exp(x, self.axis), self.axis)

    def backward(self, upstream: Value, y: Value, x: Value) -> tuple[Value]:
        return (_spread(upstream, x, self.axis) * np.exp(x - np.expand_dims(y, self.axis)),)


@dataclass(frozen=True)
class Softmax(Gate):
    """p_k = exp(x_k) / sum_j exp(x_j) over an axis;  dp_k/dx_j = p_k ([k = j] - p_j)."""

    symbol = "softmax"
    axis: int = -1

    def forward(self, x: Value) -> Value:
        return np.exp(x - _log_sum_exp(x, self.axis))

    def backward(self, upstream: Value, p: Value, x: Value) -> tuple[Value]:
        return (p * (upstream - np.sum(upstream * p, axis=self.axis, keepdims=True)),)


class CrossEntropy(Gate):
    """J = -mean over rows n of log softmax(z_n)[y_n], for logits z and targets y;  dJ/dz = (p - onehot(y)) / N."""

    symbol = "cross-entropy"

    def forward(self, z: Value, y: Value) -> Value:
        if np.shape(z)[:-1] != np.shape(y):
            raise ValueError("expected one target for each row of logits")
        if np.any((y < 0) | (y >= z.shape[-1])):
            raise ValueError(f"targets from {np.min(y)} to {np.max(y)}, expected 0 to {z.shape[-1] - 1}")
        log_p = z - _log_sum_exp(z, -1)
        return -np.mean(np.take_along_axis(log_p, y[..., None], -1))

    def backward(self, upstream: Value, J: Value, z: Value, y: Value) -> tuple[Value, None]:
        p = np.exp(z - _log_sum_exp(z, -1))
        onehot = np.arange(z.shape[-1]) == y[..., None]
        return upstream * (p - onehot) / np.size(y), None


def _log_sum_exp(x: Value, axis: int) -> Value:
    """Return log sum exp over an axis, which is kept with size 1."""
    largest = np.max(x, axis=axis, keepdims=True)
    return largest + np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True))


def _spread(upstream: Value, x: Value, axis: int | None) -> Value:
    """Return the upstream gradient of each sum, repeated for each entry of the sum."""
    return (upstream if axis is None else np.expand_dims(upstream, axis)) * np.ones_like(x)
