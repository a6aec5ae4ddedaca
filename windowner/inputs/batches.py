"""A batch: its distinct forms F, and the incidence S that says which form stands where in which window.

    F   (R, number of tables)   table rows of the R distinct forms of the batch, padding among them
    S   (N, R * C)              1 in row n and column r * C + c  <=>  form r stands at position c of window n

`S @ P` adds up, for each window, the C rows of P that its words select, and `S.T @ dz` adds to each row of P's
gradient the windows that selected it: a form that stands twice is counted twice.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.sparse import csr_array

from windowner.inputs.encoding import EncodedText
from windowner.inputs.forms import Ids


@dataclass(frozen=True)
class Batch:
    """N windows over R distinct forms.

    Parameters
    ----------
    F
        Table rows of the distinct forms, (R, number of tables).
    S
        Incidence of windows and forms, sparse (N, R * C), of the network's dtype.
    y
        Tag number of each window's center word, (N,), or None.
    offsets
        First window of each sentence, and N at the end.
    """

    F: Ids
    S: "csr_array[Any]"
    y: Ids | None
    offsets: NDArray[np.intp]

    def __len__(self) -> int:
        """Return N."""
        return int(self.S.shape[0])


def incidence(columns: Ids, width: int, dtype: Any) -> "csr_array[Any]":
    """Return the sparse (n, width) matrix whose row i has a 1 (added up) at each of `columns[i]`, (n, k)."""
    rows, k = columns.shape
    starts = np.arange(0, rows * k + 1, k, dtype=np.int32)
    ones = np.ones(rows * k, dtype=dtype)
    return csr_array((ones, columns.reshape(-1), starts), shape=(rows, width))


class Distinct:
    """Finds the distinct numbers of a batch without sorting, through a marker array that is allocated once."""

    def __init__(self, largest: int):
        self._marker = np.empty(largest + 1, dtype=np.int32)

    def __call__(self, numbers: Ids) -> tuple[Ids, Ids]:
        """Return the distinct numbers, (R,), and for each of `numbers` its place among them."""
        places = np.arange(len(numbers), dtype=np.int32)
        self._marker[numbers] = places  # of several writes to one number the last one stays
        distinct = numbers[self._marker[numbers] == places]
        self._marker[distinct] = places[: len(distinct)]
        return distinct, self._marker[numbers]


def make_batch(text: EncodedText, table: Ids, distinct: Distinct, dtype: Any = np.float32) -> Batch:
    """Return the batch of all windows of a text whose forms have the table rows `table`."""
    numbers, places = distinct(text.stream)
    C = 2 * text.radius + 1
    windows = sliding_window_view(places, C)[text.centers - text.radius]
    columns = (windows * C + np.arange(C)).astype(np.int32)  # (N, C)
    return Batch(
        F=table[numbers],
        S=incidence(columns, len(numbers) * C, dtype),
        y=text.tags,
        offsets=text.offsets,
    )
