"""How the same words are labelled elsewhere in a corpus.

A run of n tokens has a number for its words, w_n, and one for its tags, g_n. Runs of the same words have the same
number. A run is its first n - 1 tokens and its last one, so the numbers of longer runs follow from those of shorter
ones, for all places t of the corpus at once:

    w_n[t] = number of the pair (w_n-1[t], w_1[t + n - 1])          the same for g_n

A run that reaches into the next sentence is left out.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Ids, Indices


class Runs(NamedTuple):
    """All runs of n tokens.

    Parameters
    ----------
    length
        n.
    places
        First token of each run, in order, (runs,).
    words
        Number of each run's words, (runs,).
    tags
        Number of each run's tags in each of several labellings, (labellings, runs).
    """

    length: int
    places: Indices
    words: Indices
    tags: Indices


class Counts(NamedTuple):
    """Of each of some runs: how often its words stand elsewhere, and how often with the tags of each labelling."""

    total: Indices
    same: Indices


def number_runs(words: Ids, tags: Ids, offsets: Indices, longest: int) -> Iterator[Runs]:
    """Yield all runs of 1, 2, ... `longest` tokens.

    Parameters
    ----------
    words
        Number of each token's form, (T,).
    tags
        Number of each token's tag in each of several labellings, (labellings, T).
    offsets
        First token of each sentence, and T at the end.
    longest
        The largest n.
    """
    room = np.repeat(offsets[1:], np.diff(offsets)) - np.arange(len(words))  # tokens from here to the sentence's end
    places = np.arange(len(words))
    run_words, run_tags = _renumber(words), _renumber(tags)
    yield Runs(1, places, run_words, run_tags)
    for length in range(2, longest + 1):
        kept = room[places] >= length
        places = places[kept]
        last = places + length - 1
        run_words = _pair(run_words[kept], words[last])
        run_tags = _pair(run_tags[:, kept], tags[:, last])
        yield Runs(length, places, run_words, run_tags)


def count_elsewhere(runs: Runs, places: Indices) -> Counts:
    """Return how often the words of the runs at some places stand elsewhere, and how often with the same tags.

    Tags elsewhere are those of the first labelling. The place itself is not counted.

    Returns
    -------
    Counts
        `total`, (places,), and `same`, (labellings, places): the number of other runs whose tags in the first labelling
        are those of this run in each labelling.
    """
    chosen = np.searchsorted(runs.places, places)
    total = np.bincount(runs.words)[runs.words[chosen]] - 1
    width = runs.tags.max(initial=0) + 1
    pairs = runs.words * width + runs.tags  # (labellings, runs)
    distinct, counts = np.unique(pairs[0], return_counts=True)
    wanted = pairs[:, chosen]
    found = np.searchsorted(distinct, wanted).clip(max=len(distinct) - 1)
    same = np.where(distinct[found] == wanted, counts[found], 0)
    same -= wanted == wanted[0]  # the place itself
    return Counts(total, same)


def number_forms(sentences: Sequence[Sequence[str]]) -> Ids:
    """Return the number of each token's form, (T,), case included."""
    numbers: dict[str, int] = {}
    forms = (numbers.setdefault(token, len(numbers)) for sentence in sentences for token in sentence)
    return np.fromiter(forms, dtype=np.int32)


def _pair(first: Indices, second: Ids) -> Indices:
    """Return a number for each pair, the same for equal pairs."""
    return _renumber(first.astype(np.int64) * (int(second.max(initial=0)) + 2) + second + 1)


def _renumber(values: Ids | Indices) -> Indices:
    """Return the number of each value among the distinct ones, in the shape of the values."""
    numbers: Indices = np.unique(values, return_inverse=True)[1].reshape(values.shape).astype(np.intp)
    return numbers
