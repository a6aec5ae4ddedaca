"""A batch: the table rows F of its distinct forms, and the incidence S of its windows and these forms.

    F   (R, tables)       F[r, j] is the row of form r in table j; the padding is one of the R forms
    S   (N, R * C)        S[n, r * C + c] = 1  <=>  form r stands at position c of window n, else 0

    z1 - b1 = S @ P       row n is the sum of the C rows of P that window n selects          (N, H)
    dP = S.T @ dz1        each row is the sum of dz1 over the windows that selected it       (R * C, H)

P, (R * C, H), is `P` of `network.model`, one row per form and position. A row that two windows select gets the
gradients of both.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Bools, Ids, Indices
from windowner.inputs.encoding import EncodedText, ranges
from windowner.inputs.incidence import Incidence
from windowner.inputs.labels import EntityRatio, SoftLabels
from windowner.inputs.mentions import Mentions

FindDistinct = Callable[[Ids], tuple[Ids, Ids]]

MARKER, WINDOWS = 1 << 18, 1 << 16
"""Batches are made together up to this many entries of their marker array, and up to about this many windows."""


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
        Tag number of each window's center word, (N,), below 0 where its tag is not known. None without tags.
    offsets
        First window of each sentence, and N at the end, (sentences + 1,).
    A
        The mentions of each word in its document. None where documents are not read.
    soft
        Probabilities of tags, and weights of sentences. None if each known tag is sure and each weight is 1.
    prior
        What is expected of the words that are not annotated. None if nothing is.
    sets
        The sets of tags that numbers below 0 stand for (`inputs.labels`). None if they stand for no annotation.
    """

    F: Ids
    S: Incidence
    y: Ids | None
    offsets: Indices
    A: Mentions | None = None
    soft: SoftLabels | None = None
    prior: EntityRatio | None = None
    sets: Bools | None = None

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
        places, marker = np.arange(len(numbers), dtype=np.int32), self._marker
        indices = numbers.astype(np.intp, copy=False)  # numpy would convert them at each access
        marker[indices] = places  # where a number occurs several times, the last place stays
        is_last = marker[indices] == places
        distinct = numbers[is_last]
        if len(distinct) == len(numbers):  # no number is repeated
            return numbers, places
        marker[indices[is_last]] = places[: len(distinct)]
        return distinct, marker[indices]


def distinct_by_sorting(numbers: Ids) -> tuple[Ids, Ids]:
    """Return what `Distinct` returns, in ascending order. For numbers whose marker array would be too large."""
    distinct, places = np.unique(numbers, return_inverse=True)
    return distinct, places.astype(np.int32)


def make_batch(text: EncodedText, F: Ids, distinct: Distinct) -> Batch:
    """Return the batch of all windows of a text, given F, the table rows of all its forms."""
    numbers, places = distinct(text.stream)
    S = window_incidence(text, places, len(numbers))
    return Batch(F=F[numbers], S=S, y=text.tags, offsets=text.offsets, A=_mentions(text.groups), soft=text.soft)


def make_batches(text: EncodedText, cuts: Sequence[tuple[int, int]], F: Ids) -> Iterator[Batch]:
    """Yield the batch of each piece of a text. It equals the one that `make_batch` returns.

    Several batches are made together, so that small batches need fewer calls.

    Parameters
    ----------
    text
        The text.
    cuts
        Pieces that follow one another, as `EncodedText.cuts` returns them.
    F
        Table rows of all forms of the text.
    """
    together = max(1, min(MARKER // len(F), WINDOWS * len(cuts) // max(1, len(text))))
    distinct = Distinct(together * len(F))
    for first in range(0, len(cuts), together):
        yield from _make_together(text, np.array(cuts[first : first + together]), F, distinct)


def _make_together(text: EncodedText, cuts: Indices, F: Ids, distinct: Distinct) -> Iterator[Batch]:
    """Yield the batches of the pieces `cuts`, (pieces, 2)."""
    windows = text.offsets[cuts]  # first and last window of each piece, (pieces, 2)
    starts = text.centers[windows[:, 0]] - text.radius
    lengths = text.centers[windows[:, 1] - 1] + text.radius + 1 - starts
    pieces = np.arange(len(cuts))
    # The streams of all pieces, one after the other. The padding between two pieces stands in both. Form f of piece i
    # has the number i * len(F) + f, so that the pieces have no number in common.
    stream = text.stream[ranges(starts, lengths)] + np.repeat(pieces * len(F), lengths)
    numbers, places = distinct(stream)  # the numbers of the first piece come first
    piece, forms = np.divmod(numbers, len(F))
    rows = F[forms]
    edges = piece.searchsorted(np.arange(len(cuts) + 1))  # of the pieces in `rows`
    places -= np.repeat(edges[:-1], lengths).astype(places.dtype)
    moved = np.cumsum(lengths) - lengths - starts  # from a place in the text to the place in `stream`
    centers = text.centers[windows[0, 0] : windows[-1, 1]] + np.repeat(moved, windows[:, 1] - windows[:, 0])
    columns = window_incidence(replace(text, stream=stream, centers=centers), places, len(rows)).columns
    C = columns.shape[1]
    edges, begin = edges.tolist(), int(windows[0, 0])
    for number, ((first, last), (start, stop)) in enumerate(zip(cuts.tolist(), windows.tolist(), strict=True)):
        low, high = edges[number], edges[number + 1]
        yield Batch(
            F=rows[low:high],
            S=Incidence(columns[start - begin : stop - begin], (high - low) * C),
            y=None if text.tags is None else text.tags[start:stop],
            offsets=text.offsets[first : last + 1] - start,
            A=None if text.groups is None else _mentions(text.groups[start:stop]),
            soft=None if text.soft is None else text.soft[start:stop],
        )


def _mentions(groups: Indices | None) -> Mentions | None:
    return None if groups is None else Mentions.of(groups)


def window_incidence(text: EncodedText, places: Ids, count: int, is_mirrored: bool = False) -> Incidence:
    """Return S, (N, count * C), of all windows of a text.

    Parameters
    ----------
    text
        The text.
    places
        Which form r stands at each place of the stream, (len(text.stream),), from 0 to `count - 1`.
    count
        Number of forms R.
    is_mirrored
        Whether the C rows of a form in P begin with the last position of a window, not with the first.
    """
    C = 2 * text.radius + 1
    first_words = text.centers - text.radius  # places in the stream
    first_rows = places * np.int32(C)  # of the forms in P
    columns = np.empty((len(text), C), dtype=np.int32)
    for c in range(C):
        row = C - 1 - c if is_mirrored else c
        np.add(first_rows[c:].take(first_words, mode="clip"), row, out=columns[:, c])
    return Incidence(columns, count * C)
