"""A sparse 0/1 matrix with the same number of ones in every row, and the two products it is for.

    S[i, columns[i, 0]], S[i, columns[i, 1]], ... = 1                 (n, width), ones that coincide are added up

    S @ P      row i is the sum of the rows of P that row i of S names        (n, H)
    S.T @ dZ   row v is the sum of the rows of dZ whose row of S names v      (width, H)

The sums are SciPy's compiled loops for compressed sparse rows, called directly: building a `csr_array` checks and
copies its arrays, which takes longer than the sums do when a batch is small.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools

from windowner.arrays import Array, Ids


@dataclass(frozen=True)
class Incidence:
    """The matrix S.

    Parameters
    ----------
    columns
        Where the ones of each row are, (n, k), int32, contiguous.
    width
        Number of columns of S.
    """

    columns: Ids
    width: int

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of S."""
        return len(self.columns), self.width

    @property
    def T(self) -> "Transposed":
        """S.T."""
        return Transposed(self)

    def __matmul__(self, P: Array) -> Array:
        return self.plus_product(np.zeros(P.shape[1:], dtype=P.dtype), P)

    def plus_product(self, b: Array, P: Array) -> Array:
        """Return b + S @ P, for a b of one row, (H,): the sums start from it."""
        if P.ndim != 2 or len(P) != self.width:  # the compiled loop would read beyond the end
            raise ValueError(f"S of shape {self.shape} times {P.shape}")
        Z = np.empty((len(self.columns), P.shape[1]), dtype=P.dtype)
        Z[:] = b
        _sparsetools.csr_matvecs(*self.shape, P.shape[1], *self._parts(P), Z.reshape(-1))
        return Z

    def toarray(self) -> NDArray[np.int64]:
        """Return S as a dense array; for tests and lessons."""
        S = np.zeros(self.shape, dtype=np.int64)
        np.add.at(S, (np.arange(len(self.columns))[:, None], self.columns), 1)
        return S

    def _parts(self, operand: Array) -> tuple[Array, Array, Array, Array]:
        """Return where each row starts, the columns, the ones and the operand, all flat."""
        n, k = self.columns.shape
        starts = np.arange(0, n * k + 1, max(k, 1), dtype=np.int32)
        return starts, self.columns.reshape(-1), np.ones(n * k, dtype=operand.dtype), operand.reshape(-1)


@dataclass(frozen=True)
class Transposed:
    """The matrix S.T."""

    S: Incidence

    def __matmul__(self, dZ: Array) -> Array:
        n, width = self.S.shape
        if dZ.ndim != 2 or len(dZ) != n:
            raise ValueError(f"S.T of shape {(width, n)} times {dZ.shape}")
        dP = np.zeros((width, dZ.shape[1]), dtype=dZ.dtype)
        _sparsetools.csc_matvecs(width, n, dZ.shape[1], *self.S._parts(dZ), dP.reshape(-1))
        return dP
