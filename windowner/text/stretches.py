"""Documents as runs of whole sentences. Where none are marked, and in long documents, stretches stand in for them.

A stretch ends with the sentence with which it reaches `size` tokens, or where its document ends. So the edges of a
document's stretches depend on that document alone, and text can be cut while it is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

import numpy as np

from windowner.arrays import Bools, Indices

LONGEST = 1000
"""Tokens of a stretch of a marked document. Memory holds a stretch at a time, and a batch has one at least."""

Item = TypeVar("Item")


def stretches(
    sentences: Iterable[Item], length: Callable[[Item], int], opens: Callable[[Item], bool], size: int
) -> Iterator[list[Item]]:
    """Yield the documents of a text, one after the other, in stretches.

    Parameters
    ----------
    sentences
        The sentences, in order.
    length
        Returns the number of a sentence's tokens.
    opens
        Returns whether a sentence opens a document.
    size
        Tokens of a stretch before the first sentence that opens a document. Later stretches have `LONGEST`.
    """
    stretch: list[Item] = []
    tokens = 0
    for sentence in sentences:
        is_first = opens(sentence)
        if stretch and (is_first or tokens >= size):
            yield stretch
            stretch, tokens = [], 0
        if is_first:
            size = LONGEST
        stretch.append(sentence)
        tokens += length(sentence)
    if stretch:
        yield stretch


def stretch_edges(lengths: Sequence[int], starts: Iterable[int], size: int) -> Indices:
    """Return the first sentence of each stretch, and the number of sentences at the end, (stretches + 1,).

    Parameters
    ----------
    lengths
        Number of tokens of each sentence.
    starts
        Numbers of the sentences that open a document.
    size
        See `stretches`.
    """
    opening = set(starts)
    cut = stretches(range(len(lengths)), lengths.__getitem__, opening.__contains__, size)
    return np.fromiter(accumulate(map(len, cut), initial=0), dtype=np.intp)


class Begun(NamedTuple):
    """The stretches that begin in a part of a text.

    Parameters
    ----------
    edges
        The first sentence of each stretch, (stretches,).
    sizes
        Tokens of each stretch, at most, except for its last sentence, (stretches,).
    """

    edges: Indices
    sizes: Indices


class OpenStretch:
    """The stretch that is open where a part of a text ends, so that a text in parts can be cut as `stretches` cuts it.

    Parameters
    ----------
    size
        Tokens of a stretch before the first sentence that opens a document.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._tokens = 0
        self._opens = False  # whether the next sentence opens a document

    def go_on(self, lengths: Indices, opens: Bools) -> Begun:
        """Return the stretches that begin in the next part.

        Parameters
        ----------
        lengths
            Number of tokens of each sentence, (sentences,).
        opens
            Whether each sentence opens a document, and last, whether the next one will, (sentences + 1,).
        """
        opens = opens.copy()
        opens[0] |= self._opens
        self._opens, opens = bool(opens[-1]), opens[:-1]
        before = [self._tokens]  # what is open counts as a sentence
        edges = stretch_edges([*before, *lengths.tolist()], (np.flatnonzero(opens) + 1).tolist(), self.size)[1:-1] - 1
        is_marked = np.logical_or.accumulate(opens)[edges]
        begun = Begun(edges, np.where(is_marked, LONGEST, self.size))
        self._tokens = int(lengths[edges[-1] :].sum()) if len(edges) else self._tokens + int(lengths.sum())
        self.size = LONGEST if opens.any() else self.size
        return begun
