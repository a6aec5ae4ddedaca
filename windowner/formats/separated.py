"""CSV and other tables with a header: one token per row, or one sentence per row.

    Sentence #,Word,POS,Tag                       sentence,labels
    Sentence: 1,Angela,NNP,B-PER                  "Angela Merkel spoke","B-PER I-PER O"
    ,Merkel,NNP,I-PER

The delimiter is found in the header, or in the first rows if there is none. A sentence ends where the sentence column
says so, or at a blank row.
"""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.changed import head_of
from windowner.formats.head import Head
from windowner.formats.limits import check_sentence
from windowner.formats.lines import read_lines
from windowner.formats.options import ReadOptions
from windowner.formats.separated_tables import Table, find_table, listed
from windowner.formats.tags import TagReader
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

HEADER = ("sentence", "token", "tag")
_DEFAULTS = ReadOptions()


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    return head.record is None and find_table(head, _DEFAULTS) is not None


def read_separated(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read a table.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The columns of token and tag. By default the header names them, or they are the first and the last one.

    Raises
    ------
    DataError
        If it is no table, or a row lacks columns.
    """
    table = find_table(Head.of(head_of(stream, name), ".csv"), options)
    if table is None:
        raise DataError(f"{name}: no table with tokens and tags, expected a header such as sentence,token,tag")
    if table.width in (table.token, table.tag):
        column = options.token_column if table.token == table.width else options.tag_column
        raise DataError(
            f"{name}: column {column}, expected a number from -{table.width} to {table.width - 1}, because rows have "
            f"{count_of(table.width, 'column')}"
        )
    if options.tagged and table.tag is None:
        raise DataError(f"{name}: no column of tags beside column {table.token}, which holds the tokens")
    if options.tagged:
        table.note_rivals(options)
    reader = TagReader(name, options)
    rows = _rows(stream, name, table, options.first_line)
    groups = _whole_sentences(rows, name, table) if table.is_whole else _grouped(rows, name, table)
    document = None
    for tokens, tags, lines, here in groups:
        if here and here != document:
            yield Sentence([], None, lines[0], ["-DOCSTART- -X- O O"])
        document = here
        places = [line - lines[0] for line in lines]
        yield reader.read(Sentence(tokens, tags if table.tag is not None else None, lines[0], [], places))


def separated_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    """Return a tagged sentence as rows of token and tag, and a blank row."""
    if sentence.is_mark:
        return ""
    columns = [sentence.tokens, tags] if scores is None else [sentence.tokens, tags, [f"{s:.4f}" for s in scores]]
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(zip(*columns, strict=True))
    return text.getvalue() + "\n"


def _rows(stream: BinaryIO, name: str, table: Table, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their lines; a blank row is []."""
    lines = (f"{text}\n" for _, text in read_lines(stream, name, first_line))
    # Strict: an open quote would take the rest of the file for one cell.
    reader = csv.reader(lines, delimiter=table.delimiter, strict=True)
    needed = 1 + max(table.token, table.tag if table.tag is not None else 0)
    try:
        for number, row in enumerate(reader):
            line = first_line + reader.line_num - 1
            if number == 0 and table.has_header:
                continue
            if row and len(row) < needed and any(cell.strip() for cell in row):
                raise DataError(f"{name}:{line}: {count_of(len(row), 'column')}, expected at least {needed}")
            yield line, row if any(cell.strip() for cell in row) else []
    except csv.Error as error:
        raise DataError(f"{name}:{first_line + reader.line_num - 1}: {error}, expected rows of a table") from None


Group = tuple[list[str], list[str], list[int], str]
"""Tokens, tags and lines of a sentence, and the name of its document."""


def _grouped(rows: Iterator[tuple[int, list[str]]], name: str, table: Table) -> Iterator[Group]:
    """Yield sentences of rows with one token each."""
    tokens: list[str] = []
    tags: list[str] = []
    lines: list[int] = []
    current = document = ""
    for line, row in rows:
        sentence = _cell(row, table.sentence)
        if tokens and (not row or (sentence and sentence != current)):
            yield tokens, tags, lines, document
            tokens, tags, lines = [], [], []
        if not row:
            continue
        current = sentence or current
        document = _cell(row, table.document) or document
        tokens.append(row[table.token])
        tags.append(_cell(row, table.tag))
        lines.append(line)
        check_sentence(len(tokens), f"{name}:{line}")
    if tokens:
        yield tokens, tags, lines, document


def _whole_sentences(rows: Iterator[tuple[int, list[str]]], name: str, table: Table) -> Iterator[Group]:
    """Yield sentences of rows with one sentence each."""
    for line, row in rows:
        if not row:
            continue
        tokens = row[table.token].split()
        check_sentence(len(tokens), f"{name}:{line}")
        tags = listed(_cell(row, table.tag))
        if table.tag is not None and len(tags) != len(tokens):
            raise DataError(
                f"{name}:{line}: {count_of(len(tags), 'tag')}, "
                f"expected {len(tokens)}, one for each word of the sentence"
            )
        yield tokens, tags, [line] * len(tokens), _cell(row, table.document)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and -len(row) <= place < len(row) else ""
