r"""Raw text: a text per line, a file that is one text, or JSON Lines whose records hold a `text`.

    {"text": "..."}                         records: the first one holds a text and no tokens
    Angela\tNNP\tB-PER                      columns: rows of one width; one token per line; tags at an end of the rows
    Angela Merkel visited Paris.            text: sentences with punctuation, or lines of different length

Lines that are neither clearly columns nor clearly text are refused. The message names both formats.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, cast

import msgspec

from windowner.errors import DataError
from windowner.formats.changed import ENOUGH_ROWS
from windowner.formats.head import Head
from windowner.formats.label_studio import read_label_studio
from windowner.formats.lines import decode, is_blank, read_lines, read_whole, split_white
from windowner.formats.options import ReadOptions
from windowner.formats.parquet import read_parquet
from windowner.formats.parquet_file import seekable
from windowner.formats.spans import read_spans
from windowner.text.document import Document
from windowner.text.wording import count_of

TEXT = "text"
"""Key of the text in a record."""

MOST = 0.9
SOME = 0.2
_WORDS = 4  # a line of text has this many words on average, at least
_TAG = re.compile(r"O|[BIESLU]-\S+")
_SENTENCE = re.compile(r"[^\W\d_]{2}[,.;:!?…]+[\"'”’»)]*(?:\s|$)|\s[.!?]$|\w[。，、！？；：]")
"""Punctuation that stands at a word, or for itself at the end of a line."""

TextReader = Callable[[BinaryIO, str, int], Iterator[Document]]
"""Takes the bytes of a file, its name for error messages, and the number of its first line."""


def looks_like(head: Head) -> bool:
    """Return whether a file is JSON Lines whose first record holds a text, and no tokens or those of a tool.

    The tokens that tools write beside a text are objects with places in it.
    """
    line = next((line for line in head.lines if not is_blank(line)), "")
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return False
    if not isinstance(record, dict) or not isinstance(record.get(TEXT), str):
        return False
    tokens = record.get("tokens")
    return "tokens" not in record or (isinstance(tokens, list) and bool(tokens) and isinstance(tokens[0], dict))


def columns_or_text(head: Head, name: str) -> str:
    """Return whether the lines of a file are `columns` or `text`.

    Raises
    ------
    DataError
        If they are neither clearly columns nor clearly text.
    """
    rows = [line for line in head.lines if not is_blank(line)]
    if not rows or rows[0].startswith("-DOCSTART-"):
        return "columns"
    plain = [row for row in rows if not row.startswith("# ")] or rows  # comments are rows of any width
    cells = [row.split("\t") if "\t" in row else split_white(row) for row in plain]
    width, count = Counter(map(len, cells)).most_common(1)[0]
    regular = count >= MOST * len(cells)
    tagged = sum(any(_TAG.fullmatch(row[place].strip()) for place in (0, -1)) for row in cells) >= MOST * len(cells)
    tabs = sum("\t" in row for row in plain) >= MOST * len(plain)
    sentences = sum(_SENTENCE.search(row.rstrip()) is not None for row in plain)
    if width > 1 and regular and (tagged or tabs):
        return "columns"
    if regular and width == 1:
        return "text" if sentences >= MOST * len(plain) and len(max(plain, key=len)) > 1 else "columns"
    if not regular and (sentences >= SOME * len(plain) or sum(map(len, cells)) >= _WORDS * len(cells)):
        return "text"
    if regular and sentences and (len(plain) < ENOUGH_ROWS or sentences >= MOST * len(plain)):
        return "text"
    if regular and len(plain) >= ENOUGH_ROWS and sentences < SOME * len(plain):
        return "columns"
    odd = next((row for row in cells if len(row) != width), cells[-1])
    line = 1 + head.lines.index(plain[cells.index(odd)])
    found = count_of(len(odd), "column")
    reading = f"{found}, expected {width} as in other rows" if len(odd) != width else f"a row of {found}"
    raise DataError(f"{name}:{line}: {reading}; or is every line a text? Say --input columns or --input text")


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
    data = read_whole(stream, name)
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
    yield from texts_of_lines(read_lines(stream, name, first_line), name)


def texts_of_lines(lines: Iterable[tuple[int, str]], name: str) -> Iterator[Document]:
    """Read a text from each of some numbered lines of JSON Lines; see `read_text_records`."""
    decoder = msgspec.json.Decoder(dict[str, Any])
    for line, row in lines:
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


def read_untagged_parquet(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[Document]:
    """Read the texts of a Parquet file; see `read_parquet`."""
    items = read_parquet(stream, name, ReadOptions(tag_column=None, first_line=first_line))
    return cast(Iterator[Document], items)


def with_texts_of_parquet(stream: BinaryIO, name: str) -> tuple[str, BinaryIO]:
    """Return whether the rows of a Parquet file are `parquet` (tokens) or `parquet-texts`, and its bytes again."""
    stream = seekable(stream, name)
    first = next(read_parquet(stream, name, ReadOptions(tag_column=None)), None)
    stream.seek(0)
    return "parquet-texts" if isinstance(first, Document) else "parquet", stream


TEXT_READERS: dict[str, TextReader] = {
    "text": read_text_lines,
    "document": read_whole_text,
    "records": read_text_records,
    "spans": read_untagged_spans,
    "label-studio": read_untagged_tasks,
    "parquet-texts": read_untagged_parquet,
}
"""Readers of raw text by the name of their format; `records` is JSON Lines whose first record holds a text."""
