r"""Tagged rows as text: each row with its new columns, by array operations over the rows of a block.

written        before the score    score    line end
the\tx         \tO                          \n
UN\tx          \tB-ORG                      \n\n          the last row of a sentence
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.formats.distinct import BLANK, MARK, TOKEN, DistinctPieces, Kinds

SEPARATORS = (" ", "\t")
MARK_TAG, MARK_SCORE = "O", "1.0000"


class NewColumns(NamedTuple):
    """Tags of T tokens, and their probabilities.

    Parameters
    ----------
    codes
        Place of each tag in `names`, (T,).
    names
        The tags as strings.
    scores
        Probabilities of the tags, (T,). None if they are not written.
    """

    codes: Indices
    names: Sequence[str]
    scores: Array | None

    def row_ends(self) -> Iterator[str]:
        r"""Yield how the row of each token ends that had no columns before: tab, tag, tab, score, line end."""
        if self.scores is None:
            return map([f"\t{name}\n" for name in self.names].__getitem__, self.codes.tolist())
        pairs = zip(self.codes.tolist(), self.scores.tolist(), strict=True)
        return (f"\t{self.names[code]}\t{score:.4f}\n" for code, score in pairs)


def rows_text(known: DistinctPieces, numbers: Ids, line_ends: Indices, new: NewColumns) -> str:
    """Return rows with their new columns.

    Parameters
    ----------
    known, numbers
        The distinct rows, and which one each row is, (rows,). As many of them are tokens as there are new tags.
    line_ends
        How many line ends follow each row, (rows,): 0, 1 or 2.
    new
        The new columns.
    """
    kinds = known.kinds[numbers]
    is_token, is_mark = kinds == TOKEN, kinds == MARK
    names = ["", MARK_TAG, *new.names]
    columns = np.zeros(len(numbers), dtype=np.intp)  # places in `names`; comments and blank rows have no new column
    columns[is_mark] = 1
    columns[is_token] = new.codes + 2
    columns += known.tabbed[numbers] * len(names)
    scored = new.scores is not None
    before = [
        f"{separator}{name}{separator if scored else ''}" if name else "" for separator in SEPARATORS for name in names
    ]
    ends = ["", "\n", "\n\n"]
    written = known.written[numbers]
    if new.scores is None:
        table = np.array([[column + end for end in ends] for column in before], dtype=object)
        return _joined(written, table[columns, line_ends])
    scores = np.full(len(numbers), "", dtype=object)
    scores[is_mark] = MARK_SCORE
    scores[is_token] = [f"{score:.4f}" for score in new.scores.tolist()]
    return _joined(written, np.array(before, dtype=object)[columns], scores, np.array(ends, dtype=object)[line_ends])


def count_line_ends(kinds: Kinds, closed: Indices | None = None) -> Indices:
    """Return how many line ends follow each row: none follow a blank one, and two follow the last row of a sentence.

    Parameters
    ----------
    kinds
        What each row is.
    closed
        Places of the last rows of sentences. None where blank rows are written.
    """
    line_ends: Indices = (kinds != BLANK).astype(np.intp)
    line_ends[kinds == MARK] = 2
    if closed is not None:
        line_ends[closed] = 2
    return line_ends


def _joined(*columns: Array) -> str:
    """Return strings from several columns, row by row, as one."""
    return "".join(np.stack(columns, axis=1).ravel().tolist())
