"""Gradient clipping by global norm.

    |g| = sqrt(sum of the squares of all entries of all gradients)
    g  <- g * limit / |g|      if |g| > limit, for all gradients

The direction of the gradients stays the same, and the length of a step is bounded.
Source: Pascanu et al., ICML 2013.
"""

import numpy as np

from windowner.arrays import Array
from windowner.network.blocks import Gradients
from windowner.network.rows import RowGradient


def entries(gradient: Array | RowGradient) -> Array:
    """Return the entries of a gradient. Of a `RowGradient` these are the entries of the rows that it holds."""
    return gradient.values if isinstance(gradient, RowGradient) else gradient


def euclidean_norm(array: Array) -> float:
    """Return the Euclidean norm of an array, summed in float64. In float32 the square of 2e19 would overflow."""
    return float(np.linalg.norm(array.astype(np.float64)))


def global_norm(gradients: Gradients) -> float:
    """Return |g|, the Euclidean norm of all gradients together."""
    return euclidean_norm(np.array([euclidean_norm(entries(gradient)) for gradient in gradients.values()]))


def clip(gradients: Gradients, limit: float) -> None:
    """Scale all gradients in place, so that their global norm is at most `limit`. A limit of 0 means no limit."""
    norm = global_norm(gradients) if limit else 0.0
    if norm > limit:
        for gradient in map(entries, gradients.values()):
            gradient *= limit / norm
