"""How a table of separated values is laid out: found in its header, or in its first rows."""

import csv
import re
from dataclasses import dataclass

from windowner.formats.head import Head
from windowner.formats.layout import TAG_NAMES, TOKEN_NAMES, is_header
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

    `is_whole` says that a row is a whole sentence.
    """

    delimiter: str
    has_header: bool
    token: int
    tag: int | None
    sentence: int | None = None
    document: int | None = None
    is_whole: bool = False


def find_table(head: Head, options: ReadOptions) -> Table | None:
    """Return how a file's table is laid out; None if it is no table."""
    lines = [f"{line}\n" for line in head.lines[:200]]
    for delimiter in DELIMITERS:
        rows = _filled_rows(lines, delimiter)
        names = [cell.strip().lower() for cell in rows[0]] if rows else []
        numbered = bool(SENTENCE_NAMES & set(names))
        if len(names) > 1 and (is_header(names) or _of_sentences(names)) and (delimiter != "\t" or numbered):
            return _named(delimiter, names, rows[1:], options)
        even = len(rows) > 1 and len(names) > 1 and {len(row) for row in rows} == {len(names)} and not head.tabbed
        if even and (head.suffix == ".csv" or are_tags([row[-1] for row in rows])):
            return Table(delimiter, False, options.token_column, options.tag_column)
    return None


def _filled_rows(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the rows that are not blank; [] if the lines are no table."""
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        return []


def _named(delimiter: str, names: list[str], rows: list[list[str]], options: ReadOptions) -> Table:
    """Return the table of a header; `rows` are the first ones below it."""
    token, tag, sentence, document = (
        next((place for place, name in enumerate(names) if name in known), None)
        for known in (TOKEN_NAMES, TAG_NAMES, SENTENCE_NAMES, DOCUMENT_NAMES)
    )
    if token is None:  # the column `sentence` holds the words of one
        token = names.index("sentence")
        sentence = None
    pairs = [(row[token].split(), listed(row[tag])) for row in rows if tag is not None and len(row) > max(token, tag)]
    is_whole = all(len(words) == len(tags) for words, tags in pairs) and any(len(words) > 1 for words, _ in pairs)
    kept = None if options.tag_column is None else tag
    return Table(delimiter, True, token, kept, sentence, document, is_whole or names[token] == "sentence")


def _of_sentences(names: list[str]) -> bool:
    """Return whether a header is that of whole sentences with their tags."""
    return "sentence" in names and bool(TAG_NAMES & set(names))


def listed(cell: str) -> list[str]:
    """Return the tags of a cell, between spaces, between commas, or written as a list."""
    return [one or two or three for one, two, three in _LIST.findall(cell)]
