"""A batch: its distinct forms F, and the incidence S that says which form stands where in which window.

    F   (R, tables)             table rows of the R distinct forms of the batch, padding among them
    S   (N, R * C)              1 in row n and column r * C + c  <=>  form r stands at position c of window n

`S @ P` adds up, for each window, the C rows of P that its words select, and `S.T @ dz` adds to each row of P's
gradient the windows that selected it: a form that stands twice is counted twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Ids, Indices
from windowner.inputs.encoding import EncodedText
from windowner.inputs.incidence import Incidence

FindDistinct = Callable[[Ids], tuple[Ids, Ids]]


@dataclass(frozen=True)
class Batch:
    """N windows over R distinct forms.

    Parameters
    ----------
    F
        Table rows of the distinct forms, (R, tables).
    S
        Incidence of windows and forms, (N, R * C).
    y
        Tag number of each window's center word, (N,), or None.
    offsets
        First window of each sentence, and N at the end.
    """

    F: Ids
    S: Incidence
    y: Ids | None
    offsets: Indices

    def __len__(self) -> int:
        """Return N."""
        return self.S.shape[0]


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


def distinct_by_sorting(numbers: Ids) -> tuple[Ids, Ids]:
    """Return the same as `Distinct`, in ascending order; for numbers so large that a marker array fits in no cache."""
    distinct, places = np.unique(numbers, return_inverse=True)
    return distinct, places.astype(np.int32)


def make_batch(text: EncodedText, F: Ids, distinct: Distinct) -> Batch:
    """Return the batch of all windows of a text, given the table rows F of all of its forms."""
    numbers, places = distinct(text.stream)
    return Batch(F=F[numbers], S=window_incidence(text, places, len(numbers)), y=text.tags, offsets=text.offsets)


def window_incidence(text: EncodedText, places: Ids, count: int) -> Incidence:
    """Return S, (N, count * C), of all windows of a text whose stream holds the forms `places`, of `count`."""
    C = 2 * text.radius + 1
    position = np.arange(C, dtype=np.int32)
    windows = (text.centers - text.radius)[:, None] + position  # (N, C): places in the stream
    return Incidence((places * np.int32(C))[windows] + position, count * C)
