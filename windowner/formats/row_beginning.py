"""The beginning of a column file: the rows up to the end of the first sentence that has tokens. It says the width."""

from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from windowner.errors import DataError
from windowner.formats.limits import check_sentence
from windowner.formats.lines import is_blank, read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.rows import DOCUMENT_START, RowParser
from windowner.text.sentence import Sentence


class Beginning(NamedTuple):
    """What is known of a column file when its first sentence is read.

    Parameters
    ----------
    width
        Number of its columns; 0 if no sentence has tokens.
    rows
        Number of the rows before that sentence, which are comments, marks and blank rows.
    """

    width: int
    rows: int


def find_beginning(data: bytes, name: str, options: ReadOptions) -> Beginning:
    """Return what the first sentence of a column file says about the file; bytes after it are left alone.

    Raises
    ------
    DataError
        If that sentence is wrong.
    """
    parser = RowParser(name, options)
    rows: list[str] = []
    with suppress(DataError):  # bytes that are no UTF-8
        for text in read_blocks(BytesIO(data), name, options.first_line):
            rows += text[:-1].split("\n")
        rows.append("")  # ends the last sentence
    _, start, _ = read_beginning(parser, rows, options.first_line)
    return Beginning(parser.width, start)


def ends_sentence(row: str) -> bool:
    """Return whether a row is blank or a mark of a document."""
    return is_blank(row) or row.startswith(DOCUMENT_START)


def read_beginning(parser: RowParser, rows: list[str], line: int) -> tuple[list[Sentence], int, int]:
    """Return the sentences up to the first one that has tokens and says the width, where that one begins, and its end.

    If none has tokens, the last two are where the rows begin that are left.
    """
    sentences: list[Sentence] = []
    start = 0
    for place, row in enumerate(rows):
        is_mark = row.startswith(DOCUMENT_START)
        if not ends_sentence(row):
            continue
        check_sentence(place - start, f"{parser.name}:{line + start}")
        sentences += parser.sentences(rows[start:place], line + start)
        if is_mark:
            sentences.append(parser.mark([row], line + place))
        if parser.width:
            return sentences, start, place + 1
        start = place + 1
    return sentences, start, start
