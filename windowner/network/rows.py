"""Sparse gradients of lookup tables: only the rows that a batch touched.

    X[r] = E[ids[r]]   so   dE[v] = sum of dX[r] over all r with ids[r] == v

A row that is looked up twice gets both gradients. Numpy's `dE[ids] += dX` would keep only one of them, so the sum is
written as the product with the incidence of rows and look-ups, G.T @ dX.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.batches import FindDistinct
from windowner.inputs.incidence import Incidence


@dataclass(frozen=True)
class RowGradient:
    """Gradient of a table of which only some rows were touched.

    Parameters
    ----------
    rows
        The touched rows, each once, (n,).
    values
        Their gradients, (n, D_j).
    """

    rows: Indices | Ids
    values: Array

    def dense(self, shape: tuple[int, ...]) -> Array:
        """Return the gradient of the whole table; for checks and lessons, never for training."""
        gradient = np.zeros(shape, dtype=self.values.dtype)
        gradient[self.rows] = self.values
        return gradient


def dense(gradient: Array | RowGradient, shape: tuple[int, ...]) -> Array:
    """Return a gradient, sparse or not, as an array of the parameter's shape."""
    return gradient.dense(shape) if isinstance(gradient, RowGradient) else gradient


def gather_gradient(ids: Ids, dX: Array, distinct: FindDistinct) -> RowGradient:
    """Return the gradient of the table of which `ids`, (R,), were looked up, given dX, (R, D_j).

    `distinct` finds the distinct rows among them.
    """
    rows, places = distinct(ids)
    if len(rows) == len(ids):  # every row once
        return RowGradient(ids, dX)
    return RowGradient(rows, Incidence(places.reshape(-1, 1), len(rows)).T @ dX)
