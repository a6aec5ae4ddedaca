"""What is known of the tags: a tag, a set of tags, a probability of each tag, or nothing; weights; a prior.

A tag number is from 0 to K - 1. The tag number of a word that nobody annotated is `NO_TAG`. Of other words a set of
tags is known. Their numbers are below `NO_TAG`: a number below 0 is a row of `sets`, (S, K), counted from the end.

    number      what is known        row of sets
    0 .. K-1    the tag              none
    -1          nothing              the last one, which holds all tags
    -2          a set of tags        the one before it
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from windowner.arrays import Array, Bools

NO_TAG = -1
"""Tag number of a word that is not annotated."""


def agreeing_tags(K: int, sets: Bools | None = None) -> Bools:
    """Return which tags agree with each tag number, (K + S, K): its row `y` holds those of a word with the number y.

    Parameters
    ----------
    K
        Number of tags.
    sets
        The sets of tags, (S, K). None if words with numbers below 0 are not annotated.
    """
    return np.concatenate([np.eye(K, dtype=np.bool_), np.ones((1, K), np.bool_) if sets is None else sets])


@dataclass(frozen=True)
class SoftLabels:
    """What the labels of N words say beside their tag numbers.

    Parameters
    ----------
    shares
        Probability q_t[k] of each tag k, (N, K). The row of a word with one sure tag is 1 for this tag and else 0. The
        row of a word that is not annotated is not read.
    weights
        Weight of each word's sentence in the loss, (N,). It is the same for all words of a sentence.
    """

    shares: Array
    weights: Array

    def __getitem__(self, words: Any) -> "SoftLabels":
        """Return the labels of these words, a slice or numbers."""
        return SoftLabels(self.shares[words], self.weights[words])

    def repeated(self, times: int) -> "SoftLabels":
        """Return the labels of these words written several times."""
        return SoftLabels(np.tile(self.shares, (times, 1)), np.tile(self.weights, times))


@dataclass(frozen=True)
class EntityRatio:
    """A prior on the share of entity words among the words that are not annotated (`network.chain.entity_ratio`).

    Parameters
    ----------
    outside
        Number of the tag O.
    ratio
        The expected share, from 0 to 1.
    margin
        The largest distance from it that costs nothing.
    strength
        The weight of the distance in the loss.
    """

    outside: int
    ratio: float
    margin: float
    strength: float
