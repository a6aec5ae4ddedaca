"""Columns with entities in brackets, as OntoNotes and the CoNLL tasks of 2011 and 2012 have them.

#begin document (bc/cctv/00/cctv_0001); part 000
bc/cctv/00/cctv_0001   0   0   Angela   NNP   ...   (PERSON*      begins
bc/cctv/00/cctv_0001   0   1   Merkel   NNP   ...   *)            ends
bc/cctv/00/cctv_0001   0   2   spoke    VBD   ...   *             neither
bc/cctv/00/cctv_0001   0   3   Paris    NNP   ...   (GPE)         both
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.columns import column_text, read_columns
from windowner.formats.head import Head
from windowner.formats.options import ReadOptions
from windowner.formats.rows import split_rows
from windowner.formats.span_records import UNTYPED
from windowner.text.schemes import IOB2
from windowner.text.sentence import Sentence
from windowner.text.tag_writing import convert
from windowner.text.wording import count_of

CONLL_2012 = 12  # columns before the last ones, which vary in number
TOKEN_2012, ENTITY_2012 = 3, 10
_CELL = re.compile(r"(?:\(([^()*\s]+))?\*?(\))?")
_SOME = re.compile(r"\([^()*\s\d]\S*")
_DEFAULTS = ReadOptions()


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    return _entity_column(head) is not None


def bracket_columns(head: Head, options: ReadOptions) -> ReadOptions:
    """Return the options with the columns of the token and of the brackets, where a user has chosen none."""
    column = _entity_column(head)
    if column is None or (options.token_column, options.tag_column) not in ((0, -1), (0, None)):
        return options
    token = TOKEN_2012 if column == ENTITY_2012 and len(head.rows[0]) >= CONLL_2012 else 0
    tag = None if options.tag_column is None else column
    return ReadOptions(**{**vars(options), "token_column": token, "tag_column": tag})


def read_brackets(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read a column file whose entities are in brackets; its tags are IOB2.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The columns of token and brackets.

    Raises
    ------
    DataError
        If a row has the wrong number of columns, or brackets do not close.
    """
    column = options.tag_column
    # A token column alone may be wider than the first row, so rows are read without tags and these are added.
    plain = ReadOptions(**{**vars(options), "tag_column": None})
    for sentence in read_columns(stream, name, plain):
        if column is None or sentence.is_mark:
            yield sentence if column is None else sentence._replace(tags=[])
            continue
        places = sentence.token_rows or range(len(sentence.rows))
        cells = split_rows([sentence.rows[place] for place in places])
        yield sentence._replace(tags=_tags(cells, column, name, sentence))


def bracket_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    """Return a tagged sentence as rows of token and brackets, and a blank line; see `column_text`."""
    if sentence.is_document_start:
        opening = sentence.rows[0] if sentence.rows[0].startswith("#begin") else "#begin document"
        return f"{opening}\n"
    if sentence.is_mark:
        return column_text(sentence, tags)
    (written,) = convert([tags], "BILOU")
    shapes = {"B": "({}*", "I": "*", "L": "*)", "U": "({})", "O": "*"}
    cells = [shapes[tag[0]].format(tag[2:] or UNTYPED) for tag in written]
    return column_text(sentence._replace(rows=[], token_rows=None), cells, scores)


def _entity_column(head: Head) -> int | None:
    """Return the last column that holds brackets of entities and nothing else."""
    rows = [row for row in head.rows if len(row) > 1]
    if not rows:
        return None
    if len(rows[0]) >= CONLL_2012 and head.text.lstrip().startswith("#begin document"):
        return ENTITY_2012
    width = min(map(len, rows))
    for place in range(width - 1, 0, -1):
        cells = [row[place] for row in rows]
        if all(cell and _CELL.fullmatch(cell) for cell in cells) and any(map(_SOME.match, cells)) and "*" in cells:
            return place
    return None


def _tags(cells: list[list[str]], column: int, name: str, sentence: Sentence) -> list[str]:
    tags: list[str] = []
    inside = ""
    for place, row in enumerate(cells):
        where = f"{name}:{sentence.line_of(place)}"
        if not -len(row) <= column < len(row):
            raise DataError(f"{where}: {count_of(len(row), 'column')}, expected brackets in column {column}")
        match = _CELL.fullmatch(row[column])
        if not match or (match[1] and inside) or (match[2] and not (inside or match[1])):
            raise DataError(f"{where}: {row[column]!r}, expected one of (PERSON*, *, *) or (PERSON), each closed once")
        begins = match[1] or ""
        inside = begins or inside
        tags.append(f"{IOB2.first if begins else IOB2.inside}-{inside}" if inside else "O")
        inside = "" if match[2] else inside
    if inside:
        raise DataError(f"{name}:{sentence.line}: ({inside} is not closed at the end of its sentence, expected *)")
    return tags
