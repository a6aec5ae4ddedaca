"""Principal components: the plane that shows most of the variance of vectors.

    A = X - mean(X)           A = L diag(s) R^T           view = (X - mean) @ R[:, :2]
    share of the variance shown = (s_1^2 + s_2^2) / sum_i s_i^2

Source: Pearson, "On lines and planes of closest fit to systems of points in space", 1901.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array


@dataclass(frozen=True)
class Projection:
    """A plane through `mean`, (D,), along the columns of `axes`, (D, 2). It shows `share` of the variance."""

    mean: Array
    axes: Array
    share: float

    def __call__(self, X: Array) -> Array:
        """Return the coordinates of vectors (n, D) on the plane, (n, 2)."""
        view: Array = (X - self.mean) @ self.axes
        return view


def principal_plane(X: Array) -> Projection:
    """Return the plane along the first two principal components of vectors (n, D), D at least 2."""
    X = np.asarray(X, dtype=np.float64)
    mean = X.mean(axis=0)
    _, s, axes = np.linalg.svd(X - mean, full_matrices=len(X) < 2)
    # The signs of axes are arbitrary. These are the same each time.
    axes = axes[:2] * np.where(axes[:2].sum(axis=1, keepdims=True) < 0, -1, 1)
    return Projection(mean, axes.T, float((s[:2] ** 2).sum() / max((s**2).sum(), 1e-300)))
