"""Sparse gradients of lookup tables, which hold only the rows that a batch touched.

    X  = G @ E      X[r] = E[ids[r]]                                      (R, D_j)
    dE = G.T @ dX   dE[v] = sum of dX[r] over all r with ids[r] == v      (V_j, D_j)

G, (R, V_j), has a single 1 in each row: G[r, ids[r]] = 1. A row that is looked up twice gets the sum of both gradients.
Numpy's `dE[ids] += dX` would keep one of them. Therefore the code multiplies by an incidence matrix. It takes only the
columns of G, and only the rows of dE, that the batch touched.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.batches import FindDistinct
from windowner.inputs.incidence import Incidence


@dataclass(frozen=True)
class RowGradient:
    """Gradient of a table. The gradient of all rows that are not listed is 0.

    Parameters
    ----------
    rows
        The touched rows, without repeats, (n,).
    values
        Their gradients, (n, D_j).
    """

    rows: Indices | Ids
    values: Array

    def dense(self, shape: tuple[int, ...]) -> Array:
        """Return the gradient of the whole table. Training never calls this; checks and lessons do."""
        gradient = np.zeros(shape, dtype=self.values.dtype)
        gradient[self.rows] = self.values
        return gradient


def dense(gradient: Array | RowGradient, shape: tuple[int, ...]) -> Array:
    """Return a gradient, sparse or not, as an array of the parameter's shape."""
    return gradient.dense(shape) if isinstance(gradient, RowGradient) else gradient


def gather_gradient(ids: Ids, dX: Array, distinct: FindDistinct) -> RowGradient:
    """Return the gradient dE of a table.

    Parameters
    ----------
    ids
        The rows that were looked up, (R,).
    dX
        Gradient of the looked-up rows, (R, D_j).
    distinct
        Finds the distinct numbers of `ids`.
    """
    rows, places = distinct(ids)
    if len(rows) == len(ids):  # no row is repeated
        return RowGradient(ids, dX)
    return RowGradient(rows, Incidence(places.reshape(-1, 1), len(rows)).T @ dX)
