"""Type aliases of arrays, by what they hold. Shapes stand in the docstrings of what takes and returns them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Numbers of any precision: float32 when training and tagging, float64 when gradients are checked."""

Float32 = NDArray[np.float32]
"""Parameters and word vectors."""

Float64 = NDArray[np.float64]
"""Statistics."""

Ids = NDArray[np.int32]
"""Numbers that name something: forms, table rows, tags."""

Indices = NDArray[np.intp]
"""Positions in a text or an array."""

Bools = NDArray[np.bool_]
"""Flags."""
