r"""Tagged rows as text: each row with its new columns, by array operations over the rows of a block.

written        before the score    score    line end
the\tx         \tO                          \n
UN\tx          \tB-ORG                      \n\n          the last row of a sentence

Most rows are outside of entities, and are not the last one of a sentence. Without scores, such a row is put together
once per distinct row.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.formats.distinct import BLANK, MARK, TOKEN, DistinctPieces, Kinds

SEPARATORS = (" ", "\t")
MARK_TAG, MARK_SCORE = "O", "1.0000"
LINE_ENDS = np.array(["", "\n", "\n\n"], dtype=object)
USUAL_LINE_ENDS = np.array([0, 2, 1, 1, 1])  # by what a row is, in the order of `BLANK`, `MARK`, `COMMENT`, ...


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
    if new.scores is None:
        return _unscored_text(known, numbers, line_ends, names, columns)
    columns += known.tabbed[numbers] * len(names)
    before = [f"{separator}{name}{separator}" if name else "" for separator in SEPARATORS for name in names]
    scores = np.full(len(numbers), "", dtype=object)
    scores[is_mark] = MARK_SCORE
    scores[is_token] = [f"{score:.4f}" for score in new.scores.tolist()]
    parts = known.written[numbers], np.array(before, dtype=object)[columns], scores, LINE_ENDS[line_ends]
    return "".join(np.stack(parts, axis=1).ravel().tolist())


def _unscored_text(
    known: DistinctPieces, numbers: Ids, line_ends: Indices, names: Sequence[str], columns: Indices
) -> str:
    """Return rows with the names at `columns`; a row without a new column has the place 0."""
    rows = known.outside[numbers]
    is_outside = np.array([name in ("", MARK_TAG) for name in names])
    others = np.flatnonzero(~is_outside[columns] | (line_ends != USUAL_LINE_ENDS[known.kinds[numbers]]))
    ends = [
        [f"{separator}{name}{end}" if name else end for end in LINE_ENDS] for separator in SEPARATORS for name in names
    ]
    columns = columns[others] + known.tabbed[numbers[others]] * len(names)
    rows[others] = known.written[numbers[others]] + np.array(ends, dtype=object)[columns, line_ends[others]]
    return "".join(rows.tolist())


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
