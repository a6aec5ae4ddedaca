r"""A stream cut into shards of whole sentences, as bytes, so that several processes can read it at the same time.

A shard of a column file ends with a blank line, a shard of another format with a line end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from windowner.formats.changed import head_of
from windowner.formats.json_records import is_array
from windowner.formats.limits import LONGEST_LINE
from windowner.formats.lines import read_bytes
from windowner.formats.options import ReadOptions
from windowner.formats.row_beginning import find_beginning

SHARD_SIZE = 1 << 20
"""About this many bytes per shard; a sentence is never cut."""

MOST_BYTES = 4 * LONGEST_LINE + SHARD_SIZE
"""A sentence that has more bytes is cut. It has more than `LONGEST_LINE` characters, so the reader of the shard refuses
it."""

WITH_WIDTH = ("columns", "brackets")
"""Formats whose first sentence says how wide rows are."""

ENDED_BY_BLANK_LINES = ("columns", "conllu", "brackets")
ENDED_BY_LINES = ("tokens", "jsonl", "text", "records", "spans")
"""Formats by what ends a sentence. Files of other formats are not cut."""

_END = re.compile(rb"\n(?:[ \t\r\f\v]*\n|(?=-DOCSTART-))")


class Shard(NamedTuple):
    """Whole sentences of a stream.

    Parameters
    ----------
    data
        Their bytes.
    first_line
        Number of their first line in the stream, from 1.
    width
        Columns of the rows, as the stream before it says; 0 if it does not say it, or there are no columns.
    stretch
        Tokens of a stretch at its beginning, if the shard begins where a stretch of a document does; otherwise 0.
    continues
        Whether its first record may belong to the document of the record before it. Otherwise the record opens a
        document if it names one.
    """

    data: bytes
    first_line: int
    width: int = 0
    stretch: int = 0
    continues: bool = False


def can_be_cut(stream: BinaryIO, name: str, format: str) -> bool:
    """Return whether a stream of this format can be cut; an array of JSON cannot."""
    if format in ("jsonl", "spans") and is_array(head_of(stream, name)):
        return False
    return format in ENDED_BY_BLANK_LINES or format in ENDED_BY_LINES


def cut_shards(stream: BinaryIO, name: str, *, columns: bool, size: int = SHARD_SIZE) -> Iterator[Shard]:
    """Cut a stream into shards, in order.

    Parameters
    ----------
    stream
        Bytes.
    name
        Name of the stream, for error messages.
    columns
        Whether a blank line ends a sentence; otherwise every line end does.
    size
        About this many bytes per shard.
    """
    line, wanted = 1, size
    parts: list[bytes] = []
    held = 0  # bytes of the parts
    while block := read_bytes(stream, name):
        parts.append(block)
        held += len(block)
        if held < wanted:
            continue
        data = b"".join(parts)
        cut = _last_end(data, columns) or (held if held > MOST_BYTES else 0)
        if cut:
            yield Shard(data[:cut], line)
            line += data.count(b"\n", 0, cut)
        # Without an end, the search waits until there is twice as much. So a byte is looked at a few times.
        parts, held, wanted = [data[cut:]], held - cut, size if cut else min(2 * held, MOST_BYTES)
    if held:
        yield Shard(b"".join(parts), line)


def with_width(shards: Iterable[Shard], name: str, options: ReadOptions) -> Iterator[Shard]:
    """Yield shards of a column file with its width. What comes before the first sentence, which says it, has none."""
    width = options.width
    for shard in shards:
        if not width:
            beginning = find_beginning(shard.data, name, replace(options, first_line=shard.first_line))
            width = beginning.width
            place = _line_start(shard.data, beginning.rows) if width else len(shard.data)
            if place:
                yield shard._replace(data=shard.data[:place])
            shard = shard._replace(data=shard.data[place:], first_line=shard.first_line + beginning.rows)
        if shard.data:
            yield shard._replace(width=width)


def _line_start(data: bytes, line: int) -> int:
    """Return where a line begins; 0 is the first one."""
    place = 0
    for _ in range(line):
        place = data.index(b"\n", place) + 1
    return place


def _last_end(data: bytes, columns: bool) -> int:
    """Return the end of the last whole sentence, as a place in `data`; 0 if there is none."""
    if not columns:
        return data.rfind(b"\n") + 1
    # Searched from the back, because the last blank line lies near the end.
    window = 1 << 12
    while True:
        start = max(0, len(data) - window)
        found = list(_END.finditer(data, start))
        if found or start == 0:
            return found[-1].end() if found else 0
        window *= 8
