"""Blocks of a column file that end where a stretch of a document ends.

A block of the reader ends with any sentence. Its last stretch may go on in the next block. So the rows of that stretch
are put before the rows of the next block.

    the reader      a1 a2 | a3 b1 b2 b3 | b4        a, b: the sentences of two documents
    here            a1 a2 a3 | b1 b2 b3 b4          each block with the edges of its documents
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.formats.distinct import COMMENT, MARK, TOKEN
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
    kept: list[Sentence] = []  # of the beginning
    pending: RowBlock | None = None
    for item in items:
        if isinstance(item, Sentence):
            kept.append(item)
            continue
        block = _behind(kept if pending is None else [pending], item)
        opens = _openings(block)
        edges = _edges(block, opens, size)
        first = int(edges[-2])  # sentence of the last stretch
        if first:
            end = int(block.ends[first - 1]) + 1
            yield _part(block, slice(0, end), edges[:-1])
            pending = _slice(block, slice(end, None))
            size = LONGEST if opens[: first + 1].any() else size  # as a mark before `pending` wants it
        else:
            pending = block
    if pending is None:
        yield from kept
    else:
        edges = _edges(pending, _openings(pending), size)
        yield _part(pending, slice(0, None), edges)


def _edges(block: RowBlock, opens: Bools, size: int) -> Indices:
    """Return the first sentence of each stretch of a block, and the number of its sentences, empty ones included."""
    return stretch_edges(block.counts(block.kinds == TOKEN).tolist(), np.flatnonzero(opens).tolist(), size)


def _openings(block: RowBlock) -> Bools:
    """Return whether each sentence of a block opens a document: after a mark, or with a comment that says so."""
    opens: Bools = np.append(False, block.kinds[block.ends[:-1]] == MARK)
    for place in np.flatnonzero(block.kinds == COMMENT).tolist():
        if block.rows[place].startswith(DOCUMENT_STARTS):
            sentence = int(np.searchsorted(block.ends, place))
            start = int(block.ends[sentence - 1]) + 1 if sentence else 0
            opens[sentence] |= not (block.kinds[start:place] == TOKEN).any()  # a comment among tokens opens nothing
    return opens


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
