"""A sparse matrix S with k ones in every row, and its two products.

    S[i, v]           = number of j with columns[i, j] == v                           (n, width)
    (S @ P)[i]        = sum_j P[columns[i, j]]                                        (n, H)
    (S.T @ dZ)[v]     = sum of dZ[i] over all i and j with columns[i, j] == v         (width, H)

A column that a row names twice counts twice. Z = S @ P gives dP = S.T @ dZ.

SciPy's compiled loops for compressed sparse rows compute the sums. They are called directly, because a `csr_array`
first checks and copies its arrays. For a small batch that takes longer than the sums.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from windowner.arrays import Array, Ids
from windowner.inputs.compiled_loops import csc_matvecs, csr_matvecs

KEPT = 1 << 17
"""Matrices with at most this many ones share the arrays of starts and ones, which are made once."""


@dataclass(frozen=True)
class Incidence:
    """The matrix S.

    Parameters
    ----------
    columns
        Columns of the k ones in each row, (n, k), int32, contiguous. k is at least 1.
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
        """The transposed matrix."""
        return Transposed(self)

    def __matmul__(self, P: Array) -> Array:
        return self.plus_product(np.zeros(P.shape[1:], dtype=P.dtype), P)

    def plus_product(self, b: Array, P: Array) -> Array:
        """Return b + S @ P, (n, H), for b, (H,), which is added to every row."""
        if P.ndim != 2 or len(P) != self.width:  # the compiled loop would read beyond the end of P
            raise ValueError(f"S of shape {self.shape} times {P.shape}")
        Z = np.empty((len(self.columns), P.shape[1]), dtype=P.dtype)
        Z[:] = b
        csr_matvecs(*self.shape, P.shape[1], *self._parts(P), Z.reshape(-1))
        return Z

    def toarray(self) -> NDArray[np.int64]:
        """Return S as a dense array, for tests and lessons."""
        S = np.zeros(self.shape, dtype=np.int64)
        np.add.at(S, (np.arange(len(self.columns))[:, None], self.columns), 1)
        return S

    def _parts(self, operand: Array) -> tuple[Array, Array, Array, Array]:
        """Return the arguments of the compiled loops: starts of the rows, columns, ones and the operand, all flat."""
        n, k = self.columns.shape
        starts, ones = _kept_structure(k, operand.dtype) if n * k <= KEPT else _structure(n, k, operand.dtype)
        return starts[: n + 1], self.columns.reshape(-1), ones[: n * k], operand.reshape(-1)


def _structure(n: int, k: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Return the starts of n rows of k ones, and the end of the last row, (n + 1,); and the ones, (n * k,)."""
    return np.arange(n + 1, dtype=np.int32) * np.int32(k), np.ones(n * k, dtype=dtype)


@lru_cache(maxsize=8)
def _kept_structure(k: int, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Return the starts and the ones of as many rows as have `KEPT` ones. Smaller matrices take their first entries."""
    return _structure(KEPT // k, k, dtype)


@dataclass(frozen=True)
class Transposed:
    """The matrix S.T."""

    S: Incidence

    def __matmul__(self, dZ: Array) -> Array:
        n, width = self.S.shape
        if dZ.ndim != 2 or len(dZ) != n:
            raise ValueError(f"S.T of shape {(width, n)} times {dZ.shape}")
        dP = np.zeros((width, dZ.shape[1]), dtype=dZ.dtype)
        csc_matvecs(width, n, dZ.shape[1], *self.S._parts(dZ), dP.reshape(-1))
        return dP
