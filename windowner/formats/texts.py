"""Raw text: a text per line, a file that is one text, or JSON Lines whose records hold a `text`."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.label_studio import read_label_studio
from windowner.formats.lines import decode, is_blank, read_bytes, read_lines
from windowner.formats.options import ReadOptions
from windowner.formats.spans import read_spans
from windowner.text.document import Document

TEXT = "text"
"""Key of the text in a record."""

TextReader = Callable[[BinaryIO, str, int], Iterator[Document]]
"""Takes the bytes of a file, its name for error messages, and the number of its first line."""


def read_text_lines(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read a text from each line, in constant memory; a blank line is a text without words.

    Raises
    ------
    DataError
        If the text is not UTF-8.
    """
    for line, text in read_lines(stream, name, first_line):
        yield Document(text, line=line)


def read_whole_text(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read a file as one text, character by character as it is, line ends too; a byte order mark is dropped.

    Raises
    ------
    DataError
        If the text is not UTF-8.
    """
    data = b"".join(iter(lambda: read_bytes(stream, name), b""))
    text = decode(data, name, first_line).removeprefix("\ufeff")
    if text:
        yield Document(text, line=first_line)


def read_text_records(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read a text from each line of JSON Lines, in constant memory; blank lines are skipped.

    The record is kept as the document's `extra`.

    Raises
    ------
    DataError
        If a line is not an object with a string `text`, or not UTF-8.
    """
    decoder = msgspec.json.Decoder(dict[str, Any])
    for line, row in read_lines(stream, name, first_line):
        if is_blank(row):
            continue
        try:
            record = decoder.decode(row)
        except msgspec.DecodeError as error:
            raise DataError(f"{name}:{line}: {error}; expected an object with a text") from None
        except RecursionError:
            raise DataError(f"{name}:{line}: nested too deeply; expected an object with a text") from None
        text = record.get(TEXT)
        if not isinstance(text, str):
            raise DataError(f"{name}:{line}: no text, expected an object with a string `text`, as in the first record")
        yield Document(text, line=line, extra=record)


def read_untagged_spans(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read the texts of a file of texts with spans; see `read_spans`."""
    return read_spans(stream, name, ReadOptions(tag_column=None, first_line=first_line))


def read_untagged_tasks(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read the texts of tasks of Label Studio; see `read_label_studio`."""
    return read_label_studio(stream, name, ReadOptions(tag_column=None, first_line=first_line))


TEXT_READERS: dict[str, TextReader] = {
    "text": read_text_lines,
    "document": read_whole_text,
    "records": read_text_records,
    "spans": read_untagged_spans,
    "label-studio": read_untagged_tasks,
}
"""Readers of raw text by the name of their format; `records` is JSON Lines whose first record holds a text."""
