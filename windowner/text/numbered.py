"""Sentences whose tokens are numbers of distinct tokens, so that each distinct token is looked at once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from windowner.arrays import Ids, Indices


class NumberedTokens(NamedTuple):
    """The T tokens of some sentences.

    Parameters
    ----------
    distinct
        Distinct tokens. Some may not occur in these sentences.
    numbers
        Place of each token in `distinct`, (T,).
    lengths
        Number of tokens of each sentence, (sentences,).
    """

    distinct: Sequence[str]
    numbers: Ids
    lengths: Indices

    def sentences(self) -> list[list[str]]:
        """Return the tokens of each sentence."""
        tokens = list(map(self.distinct.__getitem__, self.numbers.tolist()))
        edges = np.concatenate([[0], np.cumsum(self.lengths)]).tolist()
        return [tokens[start:end] for start, end in pairwise(edges)]
