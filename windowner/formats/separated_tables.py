"""How a table of separated values is laid out: found in its header, or in its first rows."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from windowner.formats.head import Head
from windowner.formats.layout import DEFAULTS, TAG_NAMES, TOKEN_NAMES, column_names, holds_tags, is_header, note_rivals
from windowner.formats.options import ReadOptions
from windowner.formats.tags import are_tags

DELIMITERS = ",;\t|"
SENTENCE_NAMES = {"sentence #", "sentence_id", "sentence id", "sent_id", "sentence_idx", "sentence number", "sent"}
SENTENCE_NAMES |= {"sentence_number", "sentence#", "sentenceid", "sent_idx", "sentence"}
DOCUMENT_NAMES = {"document", "doc_id", "document_id", "doc", "doc #", "document #"}
_LIST = re.compile(r"""'([^']*)'|"([^"]*)"|([^\s,\[\]'"]+)""")


@dataclass(frozen=True)
class Table:
    """How a table is laid out: its delimiter, and the places of its columns; None for a column that it lacks.

    Parameters
    ----------
    delimiter
        What stands between two cells.
    has_header
        Whether its first row names the columns.
    width
        Columns of its first row.
    token, tag, sentence, document
        Places of these columns.
    is_whole
        Whether a row is a whole sentence.
    rows
        The first rows below the header that have all columns.
    names
        Names of the columns, in lower case; [] without a header.
    """

    delimiter: str
    has_header: bool
    width: int
    token: int
    tag: int | None
    sentence: int | None = None
    document: int | None = None
    is_whole: bool = False
    rows: Sequence[list[str]] = ()
    names: Sequence[str] = ()

    def note_rivals(self, options: ReadOptions) -> None:
        """Note which other columns may be meant as tokens or as tags."""
        tokens = [place for place, name in enumerate(self.names) if name in TOKEN_NAMES]
        if len(tokens) > 1 and options.token_column == DEFAULTS[0]:
            listed_places = ", ".join(map(str, tokens))
            options.note(
                f"columns {listed_places} have names of tokens; column {self.token} is read, data.token_column names "
                "another"
            )
        if self.tag is not None and options.tag_column == DEFAULTS[1]:
            others = (place for place in range(self.width) if place not in (self.token, self.sentence, self.document))
            columns = {place: _cells(self.rows, place, self.is_whole) for place in others}
            tagging = {place: cells for place, cells in columns.items() if place == self.tag or holds_tags(cells)}
            note_rivals(tagging, self.tag, options)


def find_table(head: Head, options: ReadOptions) -> Table | None:
    """Return how a file's table is laid out; None if it is no table."""
    lines = [f"{line}\n" for line in head.lines[:200]]
    for delimiter in DELIMITERS:
        rows = _filled_rows(lines, delimiter)
        names = column_names(rows[0]) if rows else []
        numbered = bool(SENTENCE_NAMES & set(names))
        if len(names) > 1 and (is_header(names) or _of_sentences(names)) and (delimiter != "\t" or numbered):
            return _named(delimiter, names, rows[1:], options)
        even = len(rows) > 1 and len(names) > 1 and {len(row) for row in rows} == {len(names)} and not head.tabbed
        if even and (head.suffix == ".csv" or are_tags([row[-1] for row in rows])):
            width = len(names)
            token = _place(options.token_column, width)
            tag = None if options.tag_column is None else _place(options.tag_column, width)
            return Table(delimiter, False, width, token, tag, rows=rows)
    return None


def _filled_rows(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the rows that are not blank; [] if the lines are no table."""
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        return []


def _named(delimiter: str, names: list[str], rows: list[list[str]], options: ReadOptions) -> Table:
    """Return the table of a header; `rows` are the first ones below it. Columns that a user chose stay as they are."""
    rows = [row for row in rows if len(row) >= len(names)]
    tokens, tags, sentences, documents = (
        [place for place, name in enumerate(names) if name in known]
        for known in (TOKEN_NAMES, TAG_NAMES, SENTENCE_NAMES, DOCUMENT_NAMES)
    )
    if not tokens:  # the column `sentence` holds the words of one
        tokens, sentences = [names.index("sentence")], []
    token = tokens[0] if options.token_column == DEFAULTS[0] else _place(options.token_column, len(names))
    tags = [place for place in tags if place != token]
    tag = named = next((place for place in tags if are_tags(_cells(rows, place, True))), _first(tags))
    if options.tag_column != DEFAULTS[1]:
        tag = None if options.tag_column is None else _place(options.tag_column, len(names))
    return Table(
        delimiter,
        True,
        len(names),
        token,
        tag,
        _first(sentences),
        _first(documents),
        names[token : token + 1] == ["sentence"] or _are_whole(rows, token, named if tag is None else tag),
        rows,
        names,
    )


def _first(places: Sequence[int]) -> int | None:
    return places[0] if places else None


def _place(column: int, width: int) -> int:
    """Return the place of a column, of which -1 is the last one; `width` for one that rows do not have."""
    return column % width if -width <= column < width else width


def _are_whole(rows: list[list[str]], token: int, tag: int | None) -> bool:
    """Return whether rows are whole sentences: as many words as tags in each, and several in some."""
    if tag is None:
        return False
    pairs = [(row[token].split(), listed(row[tag])) for row in rows if max(token, tag) < len(row)]
    return all(len(words) == len(tags) for words, tags in pairs) and any(len(words) > 1 for words, _ in pairs)


def _cells(rows: Sequence[list[str]], place: int, is_whole: bool) -> list[str]:
    """Return the cells of a column, or the tags of its lists."""
    cells = [row[place] for row in rows if place < len(row)]
    return [tag for cell in cells for tag in listed(cell)] if is_whole else cells


def _of_sentences(names: list[str]) -> bool:
    """Return whether a header is that of whole sentences with their tags."""
    return "sentence" in names and bool(TAG_NAMES & set(names))


def listed(cell: str) -> list[str]:
    """Return the tags of a cell, between spaces, between commas, or written as a list."""
    return [one or two or three for one, two, three in _LIST.findall(cell)]
