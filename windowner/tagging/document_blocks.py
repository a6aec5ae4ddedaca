"""Blocks of a file that end where a stretch of a document ends.

A block of the reader ends with any sentence. Its last stretch may go on in the next block. So it is put before the next
block.

    the reader      a1 a2 | a3 b1 b2 b3 | b4        a, b: the sentences of two documents
    here            a1 a2 a3 | b1 b2 b3 b4          each block with the edges of its documents
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from windowner.arrays import Indices, distinct
from windowner.errors import DataError
from windowner.formats.blocks import Block
from windowner.text.sentence import Sentence
from windowner.text.stretches import OpenStretch


class DocumentBlock(NamedTuple):
    """A block of whole stretches, and their edges as `Tagger.predict` takes them."""

    block: Block
    documents: Indices


def document_blocks(items: Iterable[Sentence | Block], size: int) -> Iterator[DocumentBlock | Sentence]:
    """Yield the blocks of a file.

    Parameters
    ----------
    items
        What a reader of blocks yields: blocks of one kind, and before them the marks at the beginning of a column file.
    size
        Tokens of a stretch before the first mark of a document; see `stretch_edges`.
    """
    stretch = OpenStretch(size)
    waiting: list[Block] = []  # they begin where a stretch does
    sentences = 0  # of these
    fault: DataError | None = None
    try:
        for item in items:
            if isinstance(item, Sentence):
                stretch.go_on(np.empty(0, dtype=np.intp), np.array([item.is_document_start]))
                yield item
                continue
            edges, _ = stretch.go_on(item.sentence_lengths(), item.opens())
            if len(edges):
                last = int(edges[-1])
                waiting += [item.part(0, last)] if last else []
                if waiting:
                    yield _document_block(waiting, [0, *(edges + sentences).tolist()])
                waiting, sentences, item = [], 0, item.part(last)
            waiting.append(item)
            sentences += len(item.sentence_lengths())
    except DataError as error:  # what comes before it is tagged, and may have an error of its own
        fault = error
    if waiting:
        yield _document_block(waiting, [0, sentences])
    if fault:
        raise fault


def _document_block(blocks: list[Block], edges: list[int]) -> DocumentBlock:
    return DocumentBlock(type(blocks[0]).joined(blocks), distinct(np.array(edges)))
