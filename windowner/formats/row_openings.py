"""Rows of a column file that open a document: marks, and comments that say so."""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.formats.distinct import COMMENT, MARK, TOKEN, Kinds
from windowner.text.sentence import DOCUMENT_STARTS


def filled_ends(kinds: Kinds) -> Indices:
    """Return the places of the rows that end a sentence with tokens, (sentences,). `kinds` says what each row is."""
    ends = np.flatnonzero(kinds <= MARK)
    ends_filled: Indices = ends[np.diff(np.cumsum(kinds == TOKEN)[ends], prepend=0) > 0]
    return ends_filled


def filled_lengths(kinds: Kinds, ends: Indices) -> Indices:
    """Return the number of tokens of each sentence that has some, (sentences,), given `filled_ends` of the rows."""
    lengths: Indices = np.diff(np.cumsum(kinds == TOKEN)[ends], prepend=0)
    return lengths


def opened(kinds: Kinds, ends: Indices, row: Callable[[int], str]) -> Bools:
    """Return whether each sentence opens a document, and last, whether the next one will, (sentences + 1,).

    Parameters
    ----------
    kinds
        What each row is, (rows,).
    ends
        Places of the rows that end a sentence with tokens, (sentences,).
    row
        Returns the row at a place, if it is a comment.
    """
    opens = np.zeros(len(ends) + 1, dtype=np.bool_)
    opens[np.searchsorted(ends, np.flatnonzero(kinds == MARK), side="right")] = True
    tokens = np.cumsum(kinds == TOKEN)
    before = np.append(0, tokens[ends])  # tokens before each sentence
    comments = np.flatnonzero(kinds == COMMENT)
    sentences = np.searchsorted(ends, comments)
    leading = tokens[comments] == before[sentences]  # a comment among tokens opens nothing
    for place, sentence in zip(comments[leading].tolist(), sentences[leading].tolist(), strict=True):
        opens[sentence] |= row(place).startswith(DOCUMENT_STARTS)
    return opens
