"""Documents as runs of whole sentences. Where none are marked, and in long documents, stretches stand in for them.

A stretch ends with the sentence with which it reaches `size` tokens, or where its document ends. So the edges of a
document's stretches depend on that document alone, and text can be cut while it is read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

from windowner.arrays import Indices

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
