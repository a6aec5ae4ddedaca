r"""The text of a file of WebAnno, built from its tokens and their offsets, with the spans that its labels join.

    token                       Angela    Merkel    U+1F600
    offsets in the file         0-6       7-13      14-16      in units of UTF-16
    offsets in the text         0-6       7-13      14-15      in characters

A character beyond U+FFFF counts as two units. Some characters of a token may have a backslash in front.
"""

import re
from typing import NamedTuple

from windowner.formats.span_records import checked_label
from windowner.text.document import Offsets, Span

MOST_WHITE = 1 << 24
"""Characters of white space between tokens, all together. Offsets with more are damaged."""

_ITEM = re.compile(r"((?:\\.|[^\\|])+)")
_LABEL = re.compile(r"(.*?)(?<!\\)(?:\[(\d+)\])?", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
"""Characters that are written as a backslash and a letter."""


class Column(NamedTuple):
    """A column that may hold labels: its place in a row, and the names of layer and feature."""

    place: int
    layer: str
    feature: str


class WebAnnoText:
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
