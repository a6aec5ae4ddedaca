"""Blocks of whole sentences that are read to be tagged: their tokens as numbers, and their text with new tags."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from windowner.arrays import Bools, Ids, Indices, distinct
from windowner.formats.distinct import MARK, OTHER, TOKEN, DistinctPieces
from windowner.formats.row_writing import NewColumns
from windowner.text.numbered import NumberedTokens

PIECES = 100_000
"""A block has about this many pieces, or one sentence that is longer."""


class Block(ABC):
    """Whole sentences of a file."""

    @abstractmethod
    def numbered_tokens(self) -> NumberedTokens:
        """Return the tokens.

        Raises
        ------
        DataError
            If something is refused.
        """

    @abstractmethod
    def untagged(self) -> tuple[list[dict[str, Any]], list[list[str]]]:
        """Return what the record of each sentence holds beside tokens and tags, and the sentence's tokens.

        The sentences are those of `numbered_tokens`. The records belong to the caller.
        """

    @abstractmethod
    def written(self, new: NewColumns) -> bytes:
        """Return the sentences with new tags as columns, as `column_text` writes each of them."""


class PieceBlock(Block):
    """Whole sentences of rows or of lines of tokens, as numbers of distinct pieces.

    Parameters
    ----------
    known
        The distinct pieces.
    numbers
        Which one each piece is, (pieces,).
    line
        Number of the first line.
    """

    def __init__(self, known: DistinctPieces, numbers: Ids, line: int) -> None:
        self.known, self.numbers, self.line = known, numbers, line
        self.kinds = known.kinds[numbers]
        self.ends: Indices = np.flatnonzero(self.kinds <= MARK)
        """Places of the pieces that end a sentence."""

    def counts(self, chosen: Bools) -> Indices:
        """Return how many pieces are chosen before each of `ends`, since the one before."""
        return np.diff(np.cumsum(chosen)[self.ends], prepend=0)

    def numbered_tokens(self) -> NumberedTokens:
        """Return the tokens of the sentences that have some."""
        if (self.kinds == OTHER).any():
            self.refuse()
        is_token = self.kinds == TOKEN
        lengths = self.counts(is_token)
        return NumberedTokens(self.known.tokens, self.numbers[is_token], lengths[lengths > 0])

    def untagged(self) -> tuple[list[dict[str, Any]], list[list[str]]]:
        """Return an empty record for each sentence, and its tokens."""
        sentences = self.numbered_tokens().sentences()
        return [{} for _ in sentences], sentences

    @abstractmethod
    def refuse(self) -> None:
        """Raise the `DataError` of the first piece that is refused."""


def block_ends(closes: Bools) -> list[int]:
    """Return where blocks of about `PIECES` pieces end: behind pieces that end a sentence.

    Parameters
    ----------
    closes
        Whether each piece ends a sentence, (pieces,).
    """
    ends = np.flatnonzero(closes) + 1
    if not len(ends):
        return []
    count = max(1, round(ends[-1] / PIECES))
    targets = np.linspace(0, ends[-1], count + 1)[1:]
    # Each end is the first one at its target or later. A sentence that is longer gives equal ends, which count once.
    found: list[int] = distinct(ends[np.searchsorted(ends, targets)]).tolist()
    return found
