"""Sentences to be tagged from a file or a pipe, in constant memory: one by one, or in blocks."""

from collections.abc import Iterator
from typing import BinaryIO

from windowner.formats.blocks import Block
from windowner.formats.distinct import Memory
from windowner.formats.items import as_sentences, items_of_stream
from windowner.formats.lines import BLOCK_SIZE
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import sniff
from windowner.formats.table import find_format
from windowner.text.sentence import Sentence


def stream_sentences(
    stream: BinaryIO,
    name: str,
    format: str,
    *,
    token_column: int = 0,
    tag_column: int | None = None,
    options: ReadOptions | None = None,
) -> Iterator[Sentence]:
    """Read sentences to be tagged from a file or a pipe, in order and in constant memory.

    Parameters
    ----------
    stream
        Bytes; `open_input` opens files.
    name
        Name of the stream, for error messages.
    format
        Name of a format, such as `columns`; `auto` if its content says it.
    token_column, tag_column
        See `ReadOptions`; by default tags are not read.
    options
        What the beginning of the stream says, in place of the columns. By default it is looked at.

    Raises
    ------
    DataError
        If the text cannot be read.
    ValueError
        If there is no such format, or both columns are the same.
    """
    if options is None:
        format, options = sniff(stream, name, format, ReadOptions(token_column, tag_column))
    return as_sentences(items_of_stream(stream, name, find_format(format), options), name, options)


def stream_blocks(
    stream: BinaryIO,
    name: str,
    format: str,
    memory: Memory,
    *,
    token_column: int = 0,
    options: ReadOptions | None = None,
) -> Iterator[Sentence | Block]:
    """Read what `stream_sentences` reads, in blocks where the format has them.

    Parameters
    ----------
    stream, name, format, token_column, options
        See `stream_sentences`.
    memory
        Distinct pieces of earlier streams.

    Raises
    ------
    DataError
        If the text cannot be read.
    """
    if options is None:
        format, options = sniff(stream, name, format, ReadOptions(token_column, None))
    found = find_format(format)
    if found.read_blocks is not None:
        return iter(found.read_blocks(stream, name, options, BLOCK_SIZE, memory))
    return iter(as_sentences(items_of_stream(stream, name, found, options), name, options))
