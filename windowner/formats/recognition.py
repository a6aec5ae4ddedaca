r"""What a file of text to be tagged holds, told by its first lines.

    {"tokens": [...]}   {"text": "..."}     JSON Lines, by the keys of the first record
    Angela\tNNP\tB-PER                      columns: rows of one width; one token per line; tags at an end of the rows
    Angela Merkel visited Paris.            text: sentences with punctuation, or lines of different length

Where neither is clear the file is refused, and the message names both readings.
"""

import io
import re
from collections import Counter
from typing import Any, BinaryIO, cast

import msgspec

from windowner.errors import DataError
from windowner.formats.lines import is_blank, read_bytes, split_white
from windowner.formats.texts import TEXT

HEAD_SIZE = 1 << 16
"""This many bytes are looked at, at most."""
ENOUGH_ROWS = 3
"""Before this many lines have arrived, a pipe is waited for."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOST = 0.9
SOME = 0.2
_WORDS = 4  # a line of text has this many words on average, at least

_TAG = re.compile(r"O|[BIESLU]-\S+")
_SENTENCE = re.compile(r"[^\W\d_]{2}[,.;:!?…]+[\"'”’»)]*(?:\s|$)|\s[.!?]$|\w[。，、！？；：]")
"""Punctuation that stands at a word, or for itself at the end of a line."""


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read already, and are read again.

    Parameters
    ----------
    head
        The bytes.
    rest
        The stream behind them.
    """

    def __init__(self, head: bytes, rest: BinaryIO):
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        """Return True."""
        return True

    def read1(self, size: int = -1) -> bytes:
        """Return the next bytes: what was read already, or what the stream holds at the moment."""
        if not self._head:
            return cast(bytes, getattr(self._rest, "read1", self._rest.read)(size))
        size = len(self._head) if size < 0 else size
        given, self._head = self._head[:size], self._head[size:]
        return given

    read = read1

    def peek(self, size: int = -1) -> bytes:
        """Return the next bytes without reading them."""
        return self._head


def recognise(stream: BinaryIO, name: str, *, json_lines: bool = False) -> tuple[str, BinaryIO]:
    """Return the format of a stream, and the stream from its first byte on.

    Parameters
    ----------
    stream
        Bytes.
    name
        Its name, for error messages.
    json_lines
        Whether it is known to be JSON Lines, so that its first line alone matters.

    Raises
    ------
    DataError
        If the content is neither clearly columns nor clearly text.
    """
    head = b""
    while True:
        block = read_bytes(stream, name)
        head += block
        if not block or _is_enough(head, json_lines):
            rewound = cast(BinaryIO, Rewound(head, stream))
            if json_lines and not head.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"{"):
                return "jsonl", rewound
            return format_of_head(head, name, complete=not block), rewound


def format_of_head(head: bytes, name: str, *, complete: bool) -> str:
    """Return the format of a file by its first bytes; see `recognise`.

    `complete` says whether they are the whole file; otherwise their last line may be a part of one.
    """
    lines = head.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if not complete and len(lines) > 1:
        lines.pop()
    rows = [row for row in lines if not is_blank(row)]
    if not rows:
        return "columns"
    if rows[0].lstrip().startswith("{"):
        return "records" if _holds_text(rows[0]) else "jsonl"
    return _columns_or_text(rows, lines, name)


def _columns_or_text(rows: list[str], lines: list[str], name: str) -> str:
    if rows[0].startswith("-DOCSTART-"):
        return "columns"
    plain = [row for row in rows if not row.startswith("# ")] or rows  # comments are rows of any width
    cells = [row.split("\t") if "\t" in row else split_white(row) for row in plain]
    width, count = Counter(map(len, cells)).most_common(1)[0]
    regular = count >= MOST * len(cells)
    tagged = sum(any(_TAG.fullmatch(row[place].strip()) for place in (0, -1)) for row in cells) >= MOST * len(cells)
    tabs = sum("\t" in row for row in plain) >= MOST * len(plain)
    sentences = sum(_SENTENCE.search(row.rstrip()) is not None for row in plain)
    if width > 1 and regular and (tagged or tabs):
        return "columns"
    if regular and width == 1:
        return "text" if sentences >= MOST * len(plain) and len(max(plain, key=len)) > 1 else "columns"
    if not regular and (sentences >= SOME * len(plain) or sum(map(len, cells)) >= _WORDS * len(cells)):
        return "text"
    if regular and sentences and (len(plain) < ENOUGH_ROWS or sentences >= MOST * len(plain)):
        return "text"
    if regular and len(plain) >= ENOUGH_ROWS and sentences < SOME * len(plain):
        return "columns"
    odd = next((row for row in cells if len(row) != width), cells[-1])
    line = 1 + lines.index(plain[cells.index(odd)])
    found = f"{len(odd)} column{'' if len(odd) == 1 else 's'}"
    reading = f"{found}, expected {width} as in other rows" if len(odd) != width else f"a row of {found}"
    raise DataError(f"{name}:{line}: {reading}; or is every line a text? Say --input columns or --input text")


def _holds_text(row: str) -> bool:
    """Return whether a record holds a text and no tokens; Prodigy's tokens are objects with offsets into the text."""
    try:
        record = msgspec.json.decode(row, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return False
    tokens = record.get("tokens")
    of_objects = isinstance(tokens, list) and bool(tokens) and isinstance(tokens[0], dict)
    return isinstance(record.get(TEXT), str) and (of_objects or "tokens" not in record)


def _is_enough(head: bytes, json_lines: bool) -> bool:
    """Return whether a stream's first bytes tell its format: a whole record, several lines, or many bytes."""
    begun = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    if json_lines or begun.startswith(b"{"):
        return b"\n" in begun
    rows = sum(bool(line.strip()) for line in head.split(b"\n")[:-1])
    return rows >= ENOUGH_ROWS or len(head) >= HEAD_SIZE
