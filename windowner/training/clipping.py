"""Gradient clipping by global norm.

    |g| = sqrt(sum of the squares of all entries of all gradients)      g *= limit / |g|   where |g| > limit

The direction stays; one wild batch cannot throw the network far away. Source: Pascanu et al., ICML 2013.
"""

import numpy as np

from windowner.arrays import Array
from windowner.network.blocks import Gradients
from windowner.network.rows import RowGradient


def entries(gradient: Array | RowGradient) -> Array:
    """Return the entries of a gradient that can differ from zero."""
    return gradient.values if isinstance(gradient, RowGradient) else gradient


def euclidean_norm(array: Array) -> float:
    """Return the Euclidean norm of all entries, summed in float64: in float32, squares overflow from 1e19 on."""
    return float(np.linalg.norm(array.astype(np.float64)))


def global_norm(gradients: Gradients) -> float:
    """Return the Euclidean norm of all gradients together."""
    return euclidean_norm(np.array([euclidean_norm(entries(gradient)) for gradient in gradients.values()]))


def clip(gradients: Gradients, limit: float) -> None:
    """Scale all gradients in place so that their global norm is at most `limit`; a limit of 0 is none."""
    norm = global_norm(gradients) if limit else 0.0
    if norm > limit:
        for gradient in map(entries, gradients.values()):
            gradient *= limit / norm
