"""Blocks of whole sentences that are read to be tagged: their tokens as numbers, and their text with new tags."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from windowner.arrays import Bools, Ids, Indices, distinct
from windowner.formats.distinct import MARK, OTHER, TOKEN, DistinctPieces
from windowner.formats.row_openings import filled_ends, filled_lengths
from windowner.formats.row_writing import NewColumns
from windowner.text.numbered import NumberedTokens

PIECES = 100_000
"""A block has about this many pieces, or one sentence that is longer."""


class Block(ABC):
    """Whole sentences of a file. The sentences are those of `numbered_tokens`.

    Parameters
    ----------
    known
        Distinct pieces, such as rows or tokens.
    numbers
        Which one each piece is, (pieces,).
    """

    def __init__(self, known: DistinctPieces, numbers: Ids) -> None:
        self.known, self.numbers = known, numbers

    @abstractmethod
    def sentence_lengths(self) -> Indices:
        """Return the number of tokens of each sentence, (sentences,)."""

    @abstractmethod
    def opens(self) -> Bools:
        """Return whether each sentence opens a document, and last, whether the next one will.

        The shape is (sentences + 1,).
        """

    @abstractmethod
    def part(self, start: int, end: int | None = None) -> Self:
        """Return the sentences from `start` to `end`, with what stands before each. None is the end of the block."""

    @classmethod
    @abstractmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Return the sentences of blocks that follow one another in a file, as one block."""

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
    known, numbers
        See `Block`.
    line
        Number of the first line.
    """

    def __init__(self, known: DistinctPieces, numbers: Ids, line: int) -> None:
        super().__init__(known, numbers)
        self.line = line
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
        return NumberedTokens(self.known.tokens, self.numbers[self.kinds == TOKEN], self.sentence_lengths())

    def sentence_lengths(self) -> Indices:
        """Return the number of tokens of each sentence that has some, (sentences,)."""
        return filled_lengths(self.kinds, filled_ends(self.kinds))

    def part(self, start: int, end: int | None = None) -> Self:
        """Return the sentences from `start` to `end`, with what stands before each. None is the end of the block."""
        first = np.append(0, filled_ends(self.kinds) + 1)  # piece of each sentence
        return self.pieces(int(first[start]), len(self.numbers) if end is None else int(first[end]))

    @abstractmethod
    def pieces(self, start: int, end: int) -> Self:
        """Return some pieces as a block."""

    def untagged(self) -> tuple[list[dict[str, Any]], list[list[str]]]:
        """Return an empty record for each sentence, and its tokens."""
        sentences = self.numbered_tokens().sentences()
        return [{} for _ in sentences], sentences

    @abstractmethod
    def refuse(self) -> None:
        """Raise the `DataError` of the first piece that is refused."""


def numbers_of(blocks: Sequence[Block], known: DistinctPieces) -> list[Ids]:
    """Return the numbers that the pieces of each block have among the given distinct pieces."""
    return [block.numbers if block.known is known else _renumbered(block, known) for block in blocks]


def _renumbered(block: Block, known: DistinctPieces) -> Ids:
    pieces = list(block.known)
    return known.numbers([pieces[number] for number in block.numbers.tolist()])


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
