"""A batch: the table rows F of its distinct forms, and the incidence S of its windows and these forms.

    F   (R, tables)       F[r, j] is the row of form r in table j; the padding is one of the R forms
    S   (N, R * C)        S[n, r * C + c] = 1  <=>  form r stands at position c of window n, else 0

    z1 - b1 = S @ P       row n is the sum of the C rows of P that window n selects          (N, H)
    dP = S.T @ dz1        each row is the sum of dz1 over the windows that selected it       (R * C, H)

P, (R * C, H), is `P` of `network.model`, one row per form and position. A row that two windows select gets the
gradients of both.
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
        Tag number of each window's center word, (N,). None if the tags are unknown.
    offsets
        First window of each sentence, and N at the end, (sentences + 1,).
    """

    F: Ids
    S: Incidence
    y: Ids | None
    offsets: Indices

    def __len__(self) -> int:
        """Return N."""
        return self.S.shape[0]


class Distinct:
    """Finds the distinct numbers of an array without sorting, by a marker array that is allocated once.

    Parameters
    ----------
    largest
        The largest number that may occur. The marker array has `largest + 1` entries.
    """

    def __init__(self, largest: int):
        self._marker = np.empty(largest + 1, dtype=np.int32)

    def __call__(self, numbers: Ids) -> tuple[Ids, Ids]:
        """Return the distinct numbers, (R,), and the place of each of `numbers` among them."""
        places = np.arange(len(numbers), dtype=np.int32)
        self._marker[numbers] = places  # where a number occurs several times, the last place stays
        distinct = numbers[self._marker[numbers] == places]
        self._marker[distinct] = places[: len(distinct)]
        return distinct, self._marker[numbers]


def distinct_by_sorting(numbers: Ids) -> tuple[Ids, Ids]:
    """Return what `Distinct` returns, in ascending order. For numbers whose marker array would be too large."""
    distinct, places = np.unique(numbers, return_inverse=True)
    return distinct, places.astype(np.int32)


def make_batch(text: EncodedText, F: Ids, distinct: Distinct) -> Batch:
    """Return the batch of all windows of a text, given F, the table rows of all its forms."""
    numbers, places = distinct(text.stream)
    return Batch(F=F[numbers], S=window_incidence(text, places, len(numbers)), y=text.tags, offsets=text.offsets)


def window_incidence(text: EncodedText, places: Ids, count: int) -> Incidence:
    """Return S, (N, count * C), of all windows of a text.

    Parameters
    ----------
    text
        The text.
    places
        Which form r stands at each place of the stream, (len(text.stream),), from 0 to `count - 1`.
    count
        Number of forms R.
    """
    C = 2 * text.radius + 1
    positions = np.arange(C, dtype=np.int32)
    windows = (text.centers - text.radius)[:, None] + positions  # (N, C): places in the stream
    return Incidence((places * np.int32(C))[windows] + positions, count * C)
