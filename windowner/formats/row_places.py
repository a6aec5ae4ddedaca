r"""The places of sentences in a shard of a column file.

Most rows show by their first byte that they are tokens, so that the bytes can be counted. Any other row is read as the
reader of the shards will read it.

    bytes     E  U  \t  O  \n  \n  #     x  \n
    rows      TOKEN         BLANK  looked at
"""

from dataclasses import replace
from typing import cast

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.formats.distinct import BLANK, TOKEN, Kinds
from windowner.formats.options import ReadOptions
from windowner.formats.row_blocks import DistinctRows
from windowner.formats.row_openings import filled_ends, filled_lengths, opened
from windowner.formats.rows import COMMENT, DOCUMENT_START, RowParser
from windowner.formats.sentence_places import SentencePlaces, line_starts, mark_size
from windowner.formats.shards import Shard
from windowner.text.sentence import DOCUMENT_STARTS

LOOKED_AT = COMMENT + DOCUMENT_START[0] + " \t\r\f\v"
"""How a row begins that may be a comment, a mark or blank, as a header may."""


class RowPlaces:
    """Finds the sentences of the shards of a column file, one after the other.

    Parameters
    ----------
    name
        Name of the file, for error messages.
    options
        How the file is read.
    """

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name, self.options = name, options
        self._known: DistinctRows | None = None

    def __call__(self, shard: Shard) -> SentencePlaces:
        """Return the sentences that have tokens. A shard without a width stands before the first one."""
        size = mark_size(shard)
        data = shard.data[size:]
        if not shard.width:
            opens = any(row.startswith(tuple(map(str.encode, DOCUMENT_STARTS))) for row in data.split(b"\n"))
            nothing = np.empty(0, dtype=np.intp)
            return SentencePlaces(nothing, nothing, np.array([opens]))
        if self._known is None:
            self._known = DistinctRows(RowParser(self.name, replace(self.options, width=shard.width)))
        starts, kinds = row_kinds(data, self._known)
        ends = filled_ends(kinds)
        lengths = filled_lengths(kinds, ends)
        places = np.append(0, starts[ends[:-1] + 1] + size)[: len(ends)]
        return SentencePlaces(places, lengths, opened(kinds, ends, lambda place: _row(data, starts, place)))


def row_kinds(data: bytes, known: DistinctRows) -> tuple[Indices, Kinds]:
    """Find the rows of a column file.

    Parameters
    ----------
    data
        Bytes of the rows. A row that does not end is left out.
    known
        What says what a row is.

    Returns
    -------
    tuple
        The place of each row and of what follows the last one, (rows + 1,), and what each row is, (rows,). A row that
        is refused may count as a token.
    """
    starts = line_starts(data)
    first = np.frombuffer(data, dtype=np.uint8)[starts[:-1]]
    kinds = np.where(first == ord("\n"), BLANK, TOKEN).astype(np.int8)
    doubtful = np.flatnonzero(_begins(known.parser.header)[first])
    numbers = known.numbers([_row(data, starts, place) for place in doubtful.tolist()])
    kinds[doubtful] = known.kinds[numbers]
    return starts, kinds


def _begins(header: str) -> Bools:
    """Return whether a row that begins with a byte has to be looked at, (256,)."""
    found = np.zeros(256, dtype=np.bool_)
    found[list(LOOKED_AT.encode() + header.encode()[:1])] = True
    return cast(Bools, found)


def _row(data: bytes, starts: Indices, place: int) -> str:
    """Return a row without its end. Bytes that are no UTF-8 are refused where the shard is read."""
    return data[starts[place] : starts[place + 1] - 1].decode("utf-8", "replace").removesuffix("\r")
