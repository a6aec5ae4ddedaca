"""A table of which a form looks several rows up: a bag, whose mean is the form's part of X.

    X[r]  = sum_k A[r, k] E[ids[r, k]]        A[r, k] = 1 / n_r where ids[r, k] is not PAD, else 0
    dE[v] = sum of A[r, k] dX[r] over all r, k with ids[r, k] == v

n_r is the number of rows that form r looks up; a row that stands twice in a bag counts twice. A form with an empty bag,
such as the padding, has X[r] = 0, and row PAD is never read.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import _sparsetools

from windowner.arrays import Array, Ids
from windowner.inputs.batches import FindDistinct
from windowner.inputs.features import PAD
from windowner.network.rows import RowGradient


@dataclass(frozen=True)
class Bags:
    """The bags of R forms.

    Parameters
    ----------
    ids
        Rows that each form looks up, (R, k); PAD where it has fewer.
    """

    ids: Ids

    def mean(self, E: Array) -> Array:
        """Return X, (R, D_j): the mean of the rows of E in each bag."""
        starts, rows, shares = self._sparse(E.dtype)
        X = np.zeros((len(self.ids), E.shape[1]), dtype=E.dtype)
        _sparsetools.csr_matvecs(*_shape(self.ids, E), starts, rows, shares, E.reshape(-1), X.reshape(-1))
        return X

    def gradient(self, dX: Array, distinct: FindDistinct) -> RowGradient:
        """Return the gradient of E, given dX, (R, D_j); `distinct` finds the distinct rows."""
        starts, ids, shares = self._sparse(dX.dtype)
        rows, places = distinct(ids)
        dE = np.zeros((len(rows), dX.shape[1]), dtype=dX.dtype)
        n, _, size = _shape(self.ids, dX)
        flat = np.ascontiguousarray(dX).reshape(-1)
        _sparsetools.csc_matvecs(len(rows), n, size, starts, places, shares, flat, dE.reshape(-1))
        return RowGradient(rows, dE)

    def shares(self, dtype: Any) -> Array:
        """Return A, (R, k)."""
        used = self.ids != PAD
        A: Array = used / np.maximum(used.sum(axis=1, keepdims=True), 1)
        return A.astype(dtype)

    def _sparse(self, dtype: Any) -> tuple[Array, Array, Array]:
        """Return where each bag starts, its rows and their shares, as compressed sparse rows."""
        used = self.ids != PAD
        starts = np.zeros(len(used) + 1, dtype=np.int32)
        np.cumsum(used.sum(axis=1), out=starts[1:])
        return starts, self.ids[used], self.shares(dtype)[used]


def _shape(ids: Ids, values: Array) -> tuple[int, int, int]:
    """Return the rows and columns of the sparse matrix, and the width of what it is multiplied with."""
    return len(ids), len(values), values.shape[1]
