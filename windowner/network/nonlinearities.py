"""Nonlinearities f of the hidden layer, h = f(z): their values, derivatives and initializers.

                 value                             derivative h' = dh/dz                   initializer
    sigmoid      h = 1 / (1 + exp(-z))             h' = h (1 - h)                          glorot-uniform
    tanh         h = tanh(z)                       h' = 1 - h^2                            glorot-uniform
    hard-tanh    h = max(-1, min(z, 1))            h' = 1 where -1 < z < 1, else 0         glorot-uniform
    relu         h = max(0, z)                     h' = 1 where z > 0, else 0              he
    leaky-relu   h = z where z > 0, else 0.01 z    h' = 1 where z > 0, else 0.01           he
    swish        h = z s, s = 1 / (1 + exp(-z))    h' = s + h (1 - s)                      he

A corner is a z without a derivative. There the code takes the derivative of the flatter side.
Sources: hard tanh, Collobert et al., JMLR 2011; leaky ReLU, Maas et al., ICML 2013; swish, Ramachandran et al., 2017.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array

LEAK = 0.01
"""Slope of leaky-relu below 0."""


@dataclass(frozen=True)
class Nonlinearity:
    """A nonlinearity f.

    Parameters
    ----------
    name
        Its name in a config.
    value
        Returns h = f(z), given z.
    derivative
        Returns f'(z), given z and h.
    initializer
        The initializer of W that `auto` chooses.
    corners
        The z where f has no derivative.
    """

    name: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    initializer: str
    corners: tuple[float, ...] = ()


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), computed as (tanh(z / 2) + 1) / 2, which cannot overflow."""
    h: Array = 0.5 * np.tanh(0.5 * z) + 0.5
    return h


def _tanh_derivative(z: Array, h: Array) -> Array:
    derivative: Array = h * h
    return np.subtract(1, derivative, out=derivative)


def _leaky(z: Array) -> Array:
    h: Array = np.maximum(z, LEAK * z)
    return h


def _swish_derivative(z: Array, h: Array) -> Array:
    s = sigmoid(z)
    derivative: Array = s + h * (1 - s)
    return derivative


NONLINEARITIES = {
    f.name: f
    for f in (
        Nonlinearity("sigmoid", sigmoid, lambda z, h: h * (1 - h), "glorot-uniform"),
        Nonlinearity("tanh", np.tanh, _tanh_derivative, "glorot-uniform"),
        Nonlinearity(
            "hard-tanh",
            lambda z: np.clip(z, -1, 1),
            lambda z, h: (np.abs(z) < 1).astype(z.dtype),
            "glorot-uniform",
            corners=(-1, 1),
        ),
        Nonlinearity("relu", lambda z: np.maximum(z, 0), lambda z, h: (z > 0).astype(z.dtype), "he", corners=(0,)),
        Nonlinearity("leaky-relu", _leaky, lambda z, h: np.where(z > 0, 1, LEAK).astype(z.dtype), "he", corners=(0,)),
        Nonlinearity("swish", lambda z: z * sigmoid(z), _swish_derivative, "he"),
    )
}
