"""Nonlinearities f of the hidden layer: value, and derivative written in terms of the value h = f(z).

    tanh        h = tanh(z)             h' = 1 - h^2
    hard-tanh   h = max(-1, min(z, 1))  h' = 1 where -1 < h < 1, else 0
    relu        h = max(0, z)           h' = 1 where h > 0, else 0

That the derivative follows from h alone means that z1 need not be kept for the way back. At a corner, a z where no
derivative exists, the one of the flat side (0) is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Nonlinearity:
    """A function of one number, its derivative in terms of the function's value, and the z of its corners."""

    name: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    corners: tuple[float, ...] = ()


NONLINEARITIES = {
    f.name: f
    for f in (
        Nonlinearity("tanh", np.tanh, lambda h: 1 - h * h),
        Nonlinearity("hard-tanh", lambda z: np.clip(z, -1, 1), lambda h: (np.abs(h) < 1).astype(h.dtype), (-1, 1)),
        Nonlinearity("relu", lambda z: np.maximum(z, 0), lambda h: (h > 0).astype(h.dtype), (0,)),
    )
}
