r"""Column files: one token per line, its tag in another column, a blank line between sentences.

- `rows.py` says how the columns of a row are separated.
- A token before a tab may be empty: in real corpora, a character that was lost leaves such a row. The row counts.
- A line of nothing but ASCII white space is blank. Any other line is a row. A no-break space, an ideographic space or
  a line separator (U+2028) is text, and may be a whole token.
- A line that starts with `-DOCSTART-` separates documents, with or without blank lines around it.
- A line that starts with `#` and is not shaped as the file's rows is a comment. A header row is one, too.

Sentences are cut from large blocks of text by string methods, because that reads over a million tokens per second.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.lines import read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.rows import COMMENT, DOCUMENT_ROWS, RowParser, split_rows
from windowner.text.sentence import Sentence

DOCUMENT_START = "-DOCSTART-"
_DEFAULTS = ReadOptions()
_WHITE_LINE = re.compile(r"^[ \t\r\f\v]+$", re.MULTILINE)


def read_columns(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read a column file, sentence by sentence, in constant memory.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The columns of token and tag.

    Raises
    ------
    DataError
        If a row has the wrong number of columns or an unknown tag, or the text is not UTF-8.
    """
    parser = RowParser(name, options)
    for text, line in cut_sentences(stream, name, options.first_line):
        rows = text.split("\n")
        if DOCUMENT_START in text:
            yield from _split_documents(parser, rows, line, options.header)
        elif COMMENT not in text and not options.header:
            yield parser.parse(rows, line)
        else:
            yield from _parse(parser, rows, line, options.header)


def column_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Return a tagged sentence as rows and a blank line.

    A row that was read from a column file keeps its columns and gains the tag as its last one. The separator is a tab
    if the row holds one, and a space otherwise. The row of a `-DOCSTART-` line gains `O`. A sentence of another format
    becomes rows of token, tab, tag.

    Parameters
    ----------
    sentence
        The sentence as it was read.
    tags
        New tags, one per token; [] for a `-DOCSTART-` line.
    scores
        Probabilities of the tags, which become one more column.

    Raises
    ------
    DataError
        If a token of another format holds a tab or a line end, or starts as a row that begins a document.
    """
    if sentence.is_mark and not sentence.rows[0].startswith(DOCUMENT_START):
        return "".join(f"{row}\n" for row in sentence.rows)
    if sentence.is_mark:
        tags, scores = ["O"], None if scores is None else [1.0]
    new_columns = tags if scores is None else [f"{t}\t{score:.4f}" for t, score in zip(tags, scores, strict=True)]
    if sentence.token_rows is not None and sentence.rows:
        return _rows_among_comments(sentence, new_columns)
    if sentence.rows:
        pairs = zip(sentence.rows, new_columns, strict=True)
        lines = [f"{row}\t{new}\n" if "\t" in row else _longer(row, new) for row, new in pairs]
    else:
        _check_tokens(sentence)
        lines = [f"{token}\t{new}\n" for token, new in zip(sentence.tokens, new_columns, strict=True)]
    return "".join(lines) + "\n"


def cut_sentences(stream: BinaryIO, name: str, line: int) -> Iterator[tuple[str, int]]:
    """Cut text at blank lines; yield the rows of each sentence, with the number of their first line.

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
    # The rest of the last block is the last sentence, if no blank line follows it.
    rows = unfinished.strip("\n")
    if rows:
        yield rows, line + unfinished.index(rows)


def _split_documents(parser: RowParser, rows: list[str], line: int, header: str) -> Iterator[Sentence]:
    """Cut rows at `-DOCSTART-` lines that have no blank line around them."""
    marks = [place for place, row in enumerate(rows) if row.startswith(DOCUMENT_START)]
    start = 0
    for mark in [*marks, len(rows)]:
        if start < mark:
            yield from _parse(parser, rows[start:mark], line + start, header)
        if mark < len(rows):
            yield Sentence([], None if parser.tag_column is None else [], line + mark, [rows[mark]])
        start = mark + 1


def _parse(parser: RowParser, rows: list[str], line: int, header: str) -> Iterator[Sentence]:
    """Yield comments at the beginning as rows without tokens, and then the sentence."""
    width = parser.width
    if not width:
        shaped = [row for row in rows if not row.startswith(COMMENT)]
        width = len(split_rows(shaped[:1])[0]) if shaped else 0
    tokens = [place for place, row in enumerate(rows) if row != header and not parser.is_comment(row, width)]
    first = tokens[0] if tokens else len(rows)
    if first:
        yield Sentence([], None if parser.tag_column is None else [], line, rows[:first])
    if tokens:
        places = [place - first for place in tokens]
        among = None if len(places) == len(rows) - first else places
        yield parser.parse(rows[first:], line + first, among)


def _rows_among_comments(sentence: Sentence, new_columns: Sequence[str]) -> str:
    """Return rows with their new columns, and the comments between them as they are."""
    new = dict(zip(sentence.token_rows or [], new_columns, strict=True))
    return "".join(_longer(row, new[i]) if i in new else f"{row}\n" for i, row in enumerate(sentence.rows)) + "\n"


def _longer(row: str, columns: str) -> str:
    """Return a row with new columns behind it, which are separated as its own are."""
    return f"{row}\t{columns}\n" if "\t" in row else f"{row.rstrip(' ')} {_spaced(columns)}\n"


def _spaced(columns: str) -> str:
    """Separate new columns by spaces, as the others of their row."""
    return columns.replace("\t", " ")


def _check_tokens(sentence: Sentence) -> None:
    """Refuse tokens that would break a row."""
    for token in sentence.tokens:
        if "\t" in token or "\n" in token:
            raise DataError(
                f"line {sentence.line}: token {token!r} holds a tab or a line end, which a column file cannot hold; "
                "write JSON Lines instead"
            )
        if token.startswith((DOCUMENT_START, *DOCUMENT_ROWS)):
            raise DataError(
                f"line {sentence.line}: token {token!r} would begin a document in a column file; "
                "write JSON Lines instead"
            )
