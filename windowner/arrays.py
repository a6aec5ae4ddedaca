"""Type aliases of arrays, named by what the arrays hold. The docstrings of functions give the shapes.

`distinct` stands in for `np.unique` where numbers are in order. That sorts them, and its first call imports more.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Numbers in any precision: float32 in training and tagging, float64 when gradients are checked."""

Float32 = NDArray[np.float32]
"""Parameters and word vectors."""

Float64 = NDArray[np.float64]
"""Statistics, in double precision."""

Ids = NDArray[np.int32]
"""Numbers of forms, table rows or tags."""

Indices = NDArray[np.intp]
"""Positions in a text or an array."""

Bools = NDArray[np.bool_]
"""True or False for each entry."""


def distinct(ascending: Indices) -> Indices:
    """Return numbers that never descend, (n,), each of them once."""
    is_new = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=is_new[1:])
    return ascending[is_new]
