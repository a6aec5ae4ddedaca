r"""Shards of a column file that begin where a stretch of a document begins, so that several processes can tag it.

Where stretches begin is known when the tokens before them are counted. Most rows show by their first byte that they are
tokens, so that the bytes can be counted. Any other row is read as the reader of the shards will read it.

    bytes     E  U  \t  O  \n  \n  #     x  \n
    rows      TOKEN         BLANK  looked at
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.formats.distinct import BLANK, MARK, TOKEN, Kinds
from windowner.formats.options import ReadOptions
from windowner.formats.row_beginning import find_beginning
from windowner.formats.row_blocks import DistinctRows
from windowner.formats.rows import COMMENT, DOCUMENT_START, RowParser
from windowner.formats.shards import Shard
from windowner.tagging.document_blocks import stretches_of_rows
from windowner.text.stretches import LONGEST

LOOKED_AT = COMMENT + DOCUMENT_START[0] + " \t\r\f\v"
"""How a row begins that may be a comment, a mark or blank, as a header may."""


def document_shards(shards: Iterable[Shard], name: str, options: ReadOptions, stretch: int) -> Iterator[Shard]:
    """Cut the shards of a column file again, where stretches of documents begin.

    Parameters
    ----------
    shards
        Shards of whole sentences, in order.
    name
        Name of the file, for error messages.
    options
        How the file is read.
    stretch
        Tokens of a stretch before the first mark of a document; see `stretch_edges`.

    Yields
    ------
    Shard
        Whole stretches, with the size that the first one has. What comes before the first sentence is a shard of its
        own.
    """
    known: DistinctRows | None = None
    pending: Shard | None = None  # its first row begins a stretch
    for shard in shards:
        if pending is None:
            data = shard.data.removeprefix(codecs.BOM_UTF8)
            pending = shard._replace(data=data, width=options.width, stretch=stretch)
        else:
            pending = pending._replace(data=pending.data + shard.data)
        if not pending.width:
            before, pending = _cut_beginning(pending, name, options)
            yield from before
        if pending.width:
            known = known or DistinctRows(RowParser(name, replace(options, width=pending.width)))
            whole, pending = _cut(pending, known)
            yield from whole
    if pending is not None:
        yield pending


def _cut_beginning(shard: Shard, name: str, options: ReadOptions) -> tuple[list[Shard], Shard]:
    """Return what comes before the first sentence, for whose rows the width is not known, and the rest with it."""
    beginning = find_beginning(shard.data, name, replace(options, first_line=shard.first_line))
    if not beginning.width:
        return [], shard
    place = 0
    for _ in range(beginning.rows):
        place = shard.data.index(b"\n", place) + 1
    size = LONGEST if beginning.opens else shard.stretch
    rest = Shard(shard.data[place:], shard.first_line + beginning.rows, beginning.width, size)
    return [shard._replace(data=shard.data[:place])] if place else [], rest


def _cut(shard: Shard, known: DistinctRows) -> tuple[list[Shard], Shard]:
    """Return the whole stretches of a shard, if there are some, and what comes after them."""
    starts, kinds = row_kinds(shard.data, known)
    if not (kinds <= MARK).any():
        return [], shard
    ends, edges, size = stretches_of_rows(kinds, lambda place: _row(shard.data, starts, place), shard.stretch)
    first = int(edges[-2])  # sentence of the last stretch
    if not first:
        return [], shard
    rows = int(ends[first - 1]) + 1
    place = int(starts[rows])
    rest = Shard(shard.data[place:], shard.first_line + rows, shard.width, size)
    return [shard._replace(data=shard.data[:place])], rest


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
    characters = np.frombuffer(data, dtype=np.uint8)
    starts = np.append(0, np.flatnonzero(characters == ord("\n")) + 1)
    first = characters[starts[:-1]]
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
