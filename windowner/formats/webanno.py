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
from typing import BinaryIO, NamedTuple

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.lines import read_lines
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import checked_label
from windowner.text.document import Document, Offsets, Span

START = "#FORMAT=WebAnno TSV 3"
LAYERS, SPAN_LAYER = ("#T_SP=", "#T_CH=", "#T_RL="), "#T_SP="
FIRST_COLUMN = 3
OTHER_LAYERS = re.compile(r"\.(POS|Lemma|Stem|MorphologicalFeatures|SurfaceForm|SofaChangeAnnotation|Heading|Div)$")
"""Layers of the tool itself that hold no entities."""

MOST_WHITE = 1 << 24
"""Characters of white space between tokens, all together. Offsets with more are damaged."""

_ROW = re.compile(r"([0-9]+)-[0-9]+(\.[0-9]+)?\t([0-9]{1,18})-([0-9]{1,18})\t([^\t]*)\t(.*)")
_ITEM = re.compile(r"((?:\\.|[^\\|])+)")
_LABEL = re.compile(r"(.*?)(?<!\\)(?:\[(\d+)\])?", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
"""Characters that are written as a backslash and a letter."""

_DEFAULTS = ReadOptions()


class Column(NamedTuple):
    """A column that may hold labels: its place in a row, and the names of layer and feature."""

    place: int
    layer: str
    feature: str


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
    text = _Text()
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


class _Text:
    """The text of a file, as it is put together from its tokens: offsets of the file count UTF-16 units."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.sentences: list[Offsets] = []
        self.unlabelled, self.unlabelled_count, self.empty = "", 0, 0
        self._sentence = ""
        self._length = self._end = 0  # of the text in characters, and where its last token ends in the file
        self._token, self._token_start, self._white = "", 0, 0
        self._found: dict[str, Span] = {}

    def add_token(self, sentence: str, start: int, end: int, cell: str) -> None:
        """Add a token of a sentence, which stands at offsets of the file.

        Raises
        ------
        ValueError
            If the offsets are not those of a token of this length behind the last one.
        """
        token = _token_of(cell, end - start)
        self._white += start - self._end
        if start < self._end or self._white > MOST_WHITE:
            raise ValueError(f"a token at {start}, expected one behind the last token, which ends at {self._end}")
        between = " " * (start - self._end)
        if sentence != self._sentence:
            self.sentences.append([])
            between = f"{between[:-1]}\n" if self.pieces else between
        self._sentence = sentence
        self._length += len(between)
        self.pieces += (between, token)
        self.sentences[-1].append((self._length, self._length + len(token)))
        self._token, self._token_start = token, start
        self._length += len(token)
        self._end = end

    def add_labels(self, start: int, end: int, cell: str, column: Column) -> None:
        """Add the labels of the characters `start` to `end`, which lie in the last token.

        Raises
        ------
        ValueError
            If they lie elsewhere, or a label is empty.
        """
        if cell in ("_", ""):
            return
        if start == end:
            self.empty += 1
            return
        if not self._token_start <= start < end <= self._end:
            raise ValueError(f"{start}-{end}, expected a part of the token at {self._token_start}-{self._end}")
        first, last = self._place(start), self._place(end)
        for item in _ITEM.findall(cell):
            label, number = _LABEL.fullmatch(item).groups()  # type: ignore[union-attr]
            if label == "*":
                label = self.unlabelled = column.layer.rpartition(".")[2]
                self.unlabelled_count += not (number and number in self._found)
            key = number or f"{start} {end} {label}"
            begun = self._found.get(key)
            self._found[key] = Span(begun.start if begun else first, last, checked_label(_unescaped(label)))

    def spans(self) -> list[Span]:
        """Return the spans, in the order in which they begin."""
        return list(self._found.values())

    def _place(self, offset: int) -> int:
        """Return the character of the text at an offset of the file in or behind the last token.

        Raises
        ------
        ValueError
            If it is in the middle of a character.
        """
        units = self._token.encode("utf-16-le")[: 2 * (offset - self._token_start)]
        try:
            return self._length - len(self._token) + len(units.decode("utf-16-le"))
        except UnicodeDecodeError:
            found = f"offset {offset} in the middle of a character of {self._token[:40]!r}"
            raise ValueError(f"{found}, expected one between two characters") from None


def _token_of(cell: str, length: int) -> str:
    """Return the token of a cell, which has this many UTF-16 units. A backslash may stand before some of them.

    Raises
    ------
    ValueError
        If it has another length.
    """
    for token in (cell, _unescaped(cell)):
        if len(token.encode("utf-16-le")) == 2 * length:
            return token
    raise ValueError(f"token {cell[:40]!r} with {length} characters between its offsets, expected as many as it has")


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(lambda match: ESCAPES.get(match[1], match[1]), cell)


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
