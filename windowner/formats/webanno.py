r"""WebAnno TSV 3, the export of INCEpTION and WebAnno: each file is a document of tokens with their offsets.

    #FORMAT=WebAnno TSV 3.3
    #T_SP=de...NamedEntity|identifier|value       a layer of spans, and a column for each of its features
    #Text=Angela Merkel spoke.
    1-1    0-6     Angela    _    PER[1]          sentence-token, offsets, token, columns; [1] joins the rows of a span
    1-2    7-13    Merkel    _    PER[1]
    1-2.1  9-13    rkel      _    X               a part of the token

Of several layers, NamedEntity is read, or the one that `data.tag_column` names.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.lines import read_lines
from windowner.formats.options import ReadOptions
from windowner.formats.webanno_text import Column, WebAnnoText
from windowner.text.document import Document

START = "#FORMAT=WebAnno TSV 3"
LAYERS, SPAN_LAYER = ("#T_SP=", "#T_CH=", "#T_RL="), "#T_SP="
FIRST_COLUMN = 3
OTHER_LAYERS = re.compile(r"\.(POS|Lemma|Stem|MorphologicalFeatures|SurfaceForm|SofaChangeAnnotation|Heading|Div)$")
"""Layers of the tool itself that hold no entities."""

_ROW = re.compile(r"([0-9]+)-[0-9]+(\.[0-9]+)?\t([0-9]{1,18})-([0-9]{1,18})\t([^\t]*)\t(.*)")
_DEFAULTS = ReadOptions()


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    return head.text.startswith(START)


def read_webanno(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Document]:
    """Read a file as one document.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The column of labels; with -1, that of the layer NamedEntity, or of the only layer of spans.

    Raises
    ------
    DataError
        If a row is not of this format, or no layer can be chosen.
    """
    lines = list(read_lines(stream, name, options.first_line))
    columns = _columns([row for _, row in lines])
    column = _choose(columns, name, options) if options.tagged else Column(FIRST_COLUMN, "", "")
    text = WebAnnoText()
    for line, row in lines:
        if not row.strip() or row.startswith("#"):
            continue
        match = _ROW.fullmatch(row)
        cells = match[6].split("\t") if match else []
        place = column.place - FIRST_COLUMN
        if match is None or place >= len(cells):
            raise DataError(
                f"{name}:{line}: {row[:40]!r}, expected 1-1, a tab, 0-6, a tab, the token, and labels in column "
                f"{column.place}"
            )
        start, end = int(match[3]), int(match[4])
        try:
            if not match[2]:
                text.add_token(match[1], start, end, match[5])
            if options.tagged:
                text.add_labels(start, end, cells[place], column)
        except ValueError as error:
            raise DataError(f"{name}:{line}: {error}") from None
    if text.unlabelled:
        options.count(f"spans without a label are read as {text.unlabelled}", text.unlabelled_count)
    options.count("spans of no character are left out", text.empty)
    yield Document("".join(text.pieces), text.spans() if options.tagged else None, text.sentences, options.first_line)


def _columns(rows: list[str]) -> list[Column]:
    """Return the columns of a file that may hold labels, as its first lines describe them."""
    found = []
    place = FIRST_COLUMN
    for row in rows:
        if not row.startswith(LAYERS):
            continue
        layer, *features = row.removeprefix(row[: len(SPAN_LAYER)]).split("|")
        roles = [number for number, feature in enumerate(features) if feature.startswith("ROLE_")]
        for number, feature in enumerate(features):
            is_link = number in roles or number - 1 in roles
            if row.startswith(SPAN_LAYER) and not is_link and not OTHER_LAYERS.search(layer):
                found.append(Column(place + number, layer, feature))
        place += max(len(features), 1)
    return found


def _choose(columns: list[Column], name: str, options: ReadOptions) -> Column:
    """Return the column of labels."""
    listed = ", ".join(f"{place} ({layer}|{feature})" for place, layer, feature in columns)
    if options.tag_column not in (None, -1):
        named = [column for column in columns if column.place == options.tag_column]
        if not named:
            raise DataError(f"{name}: tag_column {options.tag_column} holds no labels, expected {listed or 'a layer'}")
        return named[0]
    entities = [column for column in columns if column.layer.endswith(".NamedEntity")]
    layers = {column.layer for column in columns}
    chosen = entities or (columns if len(layers) == 1 else [])
    named = [column for column in chosen if column.feature in ("value", "label")]
    if not chosen:
        found = f"layers of spans in columns {listed}" if columns else "no layer of spans"
        raise DataError(f"{name}: {found}, expected one of entities; name its column as data.tag_column")
    if not entities:
        options.note(f"labels are read from column {(named or chosen)[0].place}, {'|'.join((named or chosen)[0][1:])}")
    return (named or chosen)[0]
