"""Blocks of a column file that end where a stretch of a document ends.

A block of the reader ends with any sentence. Its last stretch may go on in the next block. So the rows of that stretch
are put before the rows of the next block.

    the reader      a1 a2 | a3 b1 b2 b3 | b4        a, b: the sentences of two documents
    here            a1 a2 a3 | b1 b2 b3 b4          each block with the edges of its documents
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

from windowner.arrays import Indices
from windowner.errors import DataError
from windowner.formats.distinct import COMMENT, MARK, TOKEN, Kinds
from windowner.formats.row_blocks import DistinctRows, RowBlock
from windowner.text.sentence import DOCUMENT_STARTS, Sentence
from windowner.text.stretches import LONGEST, stretch_edges


class DocumentBlock(NamedTuple):
    """A block of whole stretches, and their edges as `Tagger.predict` takes them."""

    block: RowBlock
    documents: Indices


def document_blocks(items: Iterable[Sentence | RowBlock], size: int) -> Iterator[DocumentBlock | Sentence]:
    """Yield the blocks of a column file. A file whose width is never known is yielded in sentences.

    Parameters
    ----------
    items
        What `read_row_blocks` yields: sentences at the beginning, then blocks.
    size
        Tokens of a stretch before the first mark of a document; see `stretch_edges`.
    """
    kept: list[Sentence] = []  # the first one that has tokens, and a mark after it
    pending: RowBlock | None = None
    fault: DataError | None = None
    try:
        for item in items:
            if isinstance(item, Sentence) and item.is_mark and not kept:
                size = LONGEST if item.is_document_start else size
                yield item
                continue
            if isinstance(item, Sentence):
                kept.append(item)
                continue
            block = _behind(kept if pending is None else [pending], item)
            ends, edges, later = stretches_of_rows(block.kinds, block.rows.__getitem__, size)
            first = int(edges[-2])  # sentence of the last stretch
            if first:
                end = int(ends[first - 1]) + 1
                yield _part(block, slice(0, end), edges[:-1])
                pending, size = _slice(block, slice(end, None)), later
            else:
                pending = block
    except DataError as error:  # what comes before it is tagged, and may have an error of its own
        fault = error
    if pending is None:
        yield from kept
    else:
        _, edges, _ = stretches_of_rows(pending.kinds, pending.rows.__getitem__, size)
        yield _part(pending, slice(0, None), edges)
    if fault:
        raise fault


def stretches_of_rows(kinds: Kinds, row: Callable[[int], str], size: int) -> tuple[Indices, Indices, int]:
    """Cut rows into the stretches of their documents.

    Parameters
    ----------
    kinds
        What each row is, (rows,). The rows after the last one that ends a sentence are left out.
    row
        Returns the row at a place, if it is a comment.
    size
        Tokens of a stretch before the first mark of a document; see `stretch_edges`.

    Returns
    -------
    tuple
        The places of the rows that end a sentence, (S,), the first sentence of each stretch with S at the end, and the
        size that stretches have from the last one on.
    """
    ends = np.flatnonzero(kinds <= MARK)
    opens = np.append(False, kinds[ends[:-1]] == MARK)
    for place in np.flatnonzero(kinds[: ends[-1]] == COMMENT).tolist():
        if row(place).startswith(DOCUMENT_STARTS):
            sentence = int(np.searchsorted(ends, place))
            start = int(ends[sentence - 1]) + 1 if sentence else 0
            opens[sentence] |= not (kinds[start:place] == TOKEN).any()  # a comment among tokens opens nothing
    lengths = np.diff(np.cumsum(kinds == TOKEN)[ends], prepend=0)
    edges = stretch_edges(lengths.tolist(), np.flatnonzero(opens).tolist(), size)
    return ends, edges, LONGEST if opens[: edges[-2] + 1].any() else size


def _behind(before: Sequence[Sentence | RowBlock], block: RowBlock) -> RowBlock:
    """Return a block that begins with the rows of what stands before it."""
    if not before:
        return block
    line = before[0].line
    rows: list[str] = []
    for item in before:
        rows += [""] * (item.line - line - len(rows))  # blank lines between sentences, so that each row keeps its line
        rows += item.rows
    rows += [""] * (block.line - line - len(rows))
    numbers = np.concatenate([block.known.numbers(rows), block.numbers])
    return RowBlock([*rows, *block.rows], block.parser, cast(DistinctRows, block.known), numbers, line)


def _slice(block: RowBlock, rows: slice) -> RowBlock:
    known = cast(DistinctRows, block.known)
    return RowBlock(block.rows[rows], block.parser, known, block.numbers[rows], block.line + (rows.start or 0))


def _part(block: RowBlock, rows: slice, edges: Indices) -> DocumentBlock:
    """Return some first rows of a block, with the edges of its stretches in sentences that have tokens."""
    filled = np.append(0, np.cumsum(block.counts(block.kinds == TOKEN) > 0))
    return DocumentBlock(_slice(block, rows), filled[edges])
