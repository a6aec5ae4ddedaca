r"""Column files: one token a line, its tag in another column, a blank line between sentences.

- A tab in a line separates its columns, and a token may then hold spaces. In a line without a tab, runs of spaces do.
- A token before a tab may be empty, as a character that was lost leaves it in real corpora; its row counts.
- A line of nothing but ASCII white space is blank. Any other line is a row: a no-break space, an ideographic space or
  a line separator (U+2028) is text, be it a whole token.
- A line that opens with `-DOCSTART-` stands between documents, with or without blank lines around it.

Rows are split by string methods over a sentence at a time, and sentences are cut from large blocks of text, because
that reads well over a million tokens a second; only a sentence that looks wrong is looked at row by row.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.lines import read_blocks
from windowner.text.sentence import Sentence, check_tags

DOCUMENT_START = "-DOCSTART-"

_WHITE_LINE = re.compile(r"^[ \t\r\f\v]+$", re.MULTILINE)


def read_columns(
    stream: BinaryIO, name: str, *, token_column: int = 0, tag_column: int | None = -1, first_line: int = 1
) -> Iterator[Sentence]:
    """Read a column file, sentence by sentence, in constant memory.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        What errors call it.
    token_column, tag_column
        Columns of the token and the tag; 0 is the first, -1 the last. Without a tag column, tags are not read.
    first_line
        Number of the first line.

    Raises
    ------
    DataError
        If a row has the wrong number of columns or an unknown tag, or the text is not UTF-8.
    ValueError
        If both columns are the same.
    """
    if token_column == tag_column:
        raise ValueError(f"token_column and tag_column are both {token_column}, expected two columns")
    parser = _RowParser(name, token_column, tag_column)
    for text, line in _cut_sentences(stream, name, first_line):
        if DOCUMENT_START in text:
            yield from _split_documents(parser, text.split("\n"), line)
        else:
            yield parser.parse(text.split("\n"), line)


def _cut_sentences(stream: BinaryIO, name: str, line: int) -> Iterator[tuple[str, int]]:
    """Cut text at blank lines into the rows of one sentence each, with the number of their first line.

    The stream's first line has the number `line`.
    """
    unfinished = ""
    for block in read_blocks(stream, name, line):
        *sentences, unfinished = (unfinished + _WHITE_LINE.sub("", block)).split("\n\n")
        for text in sentences:
            rows = text.lstrip("\n")
            if rows:
                yield rows, line + len(text) - len(rows)
            line += text.count("\n") + 2
    # What the last block leaves is the last sentence, if no blank line follows it.
    rows = unfinished.strip("\n")
    if rows:
        yield rows, line + unfinished.index(rows)


def _split_documents(parser: "_RowParser", rows: list[str], line: int) -> Iterator[Sentence]:
    """Part rows that stand without a blank line around a `-DOCSTART-` line."""
    marks = [place for place, row in enumerate(rows) if row.startswith(DOCUMENT_START)]
    start = 0
    for mark in [*marks, len(rows)]:
        if start < mark:
            yield parser.parse(rows[start:mark], line + start)
        if mark < len(rows):
            yield Sentence([], None if parser.tag_column is None else [], line + mark, [rows[mark]])
        start = mark + 1


def _split_rows(rows: list[str]) -> list[list[str]]:
    """Split rows into their columns."""
    cells = [row.split("\t") if "\t" in row else row.split(" ") for row in rows]
    return [
        [column for column in row if column] if "" in row and "\t" not in text else row
        for text, row in zip(rows, cells, strict=True)
    ]


def _needed_columns(token_column: int, tag_column: int | None) -> int:
    """Count the columns a row needs for token and tag to lie in different ones."""
    ends = [column + 1 if column >= 0 else -column for column in (token_column, tag_column) if column is not None]
    opposite = tag_column is not None and (token_column < 0) != (tag_column < 0)
    return sum(ends) if opposite else max(ends)


class _RowParser:
    """Turns rows into sentences, and remembers what a file's rows look like so that only news is checked."""

    def __init__(self, name: str, token_column: int, tag_column: int | None) -> None:
        self.name = name
        self.token_column = token_column
        self.tag_column = tag_column
        self.needed = _needed_columns(token_column, tag_column)
        self.width = 0  # columns of the file's first row
        self.known_tags: set[str] = set()

    def parse(self, rows: list[str], line: int) -> Sentence:
        """Split the rows of a sentence and check them."""
        cells = _split_rows(rows)
        if set(map(len, cells)) != {self.width}:
            self._check_widths(rows, cells, line)
        tokens = [row[self.token_column] for row in cells]
        if self.tag_column is None:
            return Sentence(tokens, None, line, rows)
        tags = [row[self.tag_column] for row in cells]
        sentence = Sentence(tokens, tags, line, rows)
        check_tags(sentence, self.name, self.known_tags)
        return sentence

    def _check_widths(self, rows: list[str], cells: list[list[str]], line: int) -> None:
        """Refuse rows that lack columns, and rows separated by spaces that are not as wide as the first one.

        A space too many or too few is how a token with a space inside shows, and would shift the tag. A row separated
        by tabs may be wider than others.
        """
        for place, (row, columns) in enumerate(zip(rows, cells, strict=True)):
            if len(columns) < self.needed:
                expected = f"at least {self.needed}" if not self.width else str(self.width)
                raise DataError(f"{self.name}:{line + place}: {_count(len(columns))}, expected {expected}")
            self.width = self.width or len(columns)
            if "\t" not in row and len(columns) != self.width:
                raise DataError(f"{self.name}:{line + place}: {_count(len(columns))}, expected {self.width}")


def _count(columns: int) -> str:
    return f"{columns} column{'' if columns == 1 else 's'}"
