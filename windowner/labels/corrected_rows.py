"""Corrected column files: the tags that change are replaced in their cells, and every other byte stays."""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.tags import WHITE
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, sentence_spans, span_tags

_CELL = re.compile(r"[^ ]+")


def corrected_rows(text: str, corpus: Corpus, changes: Mapping[int, Sequence[TokenSpan]], options: ReadOptions) -> str:
    """Return the text of a column file with other tags.

    Parameters
    ----------
    text
        The file.
    corpus
        Its sentences.
    changes
        New entities of sentences, by number.
    options
        How the file was read.

    Raises
    ------
    DataError
        A tag does not stand where it was read.
    """
    line_end = "\r" if "\r" in text and "\n" not in text else "\n"
    rows = text.split(line_end)
    for number, entities in changes.items():
        sentence = corpus.sentences[number]
        for token, tag in changed_tags(corpus, number, entities).items():
            line = sentence.line_of(token)
            where = f"{corpus.path}:{line}"
            start, end = _tag_cell(rows[line - 1], options, where)
            row = rows[line - 1]
            written = written_tag(row[start:end], (sentence.tags or [])[token], tag, options, where)
            if "\t" not in row and " " in written:
                raise DataError(f"{where}: label {tag!r} holds a space, which a file separated by spaces cannot hold")
            rows[line - 1] = row[:start] + written + row[end:]
    return line_end.join(rows)


def changed_tags(corpus: Corpus, number: int, entities: Sequence[TokenSpan]) -> dict[int, str]:
    """Return the new tags of a sentence in the scheme of its file, by token, where they differ from those of now."""
    tags = corpus.tags[number]
    (spans,) = sentence_spans([tags])
    before, after = (span_tags(each, len(tags), corpus.scheme) for each in (spans, entities))
    return {place: new for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}


def written_tag(cell: str, read: str, new: str, options: ReadOptions, where: str) -> str:
    """Return how a file writes a tag, given a cell that it wrote and how this cell was read.

    Raises
    ------
    DataError
        The cell does not hold what was read, or the file has no way to write the tag.
    """
    text = cell.strip(WHITE)
    if text == read:
        return cell.replace(text, new) if text else new
    if text and read == f"I-{text}" and "-" not in text:  # types without prefix
        return new.removeprefix("I-")
    if text.isdigit() and int(text) < len(options.tag_names) and new in options.tag_names:
        return str(options.tag_names.index(new))
    raise DataError(
        f"{where}: {text[:40]!r} where {read!r} was read, so {new!r} cannot be written there; write the file anew with "
        "windowner convert, and review the new file"
    )


def _tag_cell(row: str, options: ReadOptions, where: str) -> tuple[int, int]:
    """Return where the tag of a row begins and ends."""
    if "\t" in row:
        cells = row.split("\t")
        ends = accumulate(len(cell) + 1 for cell in cells)
        places = [(end - 1 - len(cell), end - 1) for cell, end in zip(cells, ends, strict=True)]
    else:
        places = [match.span() for match in _CELL.finditer(row)]
    column = -1 if options.tag_column is None else options.tag_column
    if not -len(places) <= column < len(places):
        raise DataError(f"{where}: {len(places)} columns, expected a tag in column {column}")
    return places[column]
