r"""A stream cut into shards of whole sentences, as bytes, so that several processes can read it at the same time.

A shard of a column file ends with a blank line, a shard of another format with a line end.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from windowner.formats.changed import head_of
from windowner.formats.lines import read_bytes

SHARD_SIZE = 1 << 20
"""About this many bytes per shard; a sentence is never cut."""

ENDED_BY_BLANK_LINES = ("columns", "conllu", "brackets")
ENDED_BY_LINES = ("tokens", "jsonl", "text", "records", "spans")
"""Formats by what ends a sentence. Files of other formats are not cut."""

_BLANK_LINE = re.compile(rb"\n[ \t\r\f\v]*\n")


class Shard(NamedTuple):
    """Whole sentences of a stream: their bytes, and the number of their first line in it, from 1."""

    data: bytes
    first_line: int


def can_be_cut(stream: BinaryIO, name: str, format: str) -> bool:
    """Return whether a stream of this format can be cut; an array of JSON cannot."""
    if format in ("jsonl", "spans") and head_of(stream, name).lstrip().startswith(b"["):
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
    line = 1
    pending = b""
    while block := read_bytes(stream, name):
        pending += block
        if len(pending) >= size and (cut := _last_end(pending, columns)):
            yield Shard(pending[:cut], line)
            line += pending.count(b"\n", 0, cut)
            pending = pending[cut:]
    if pending:
        yield Shard(pending, line)


def _last_end(data: bytes, columns: bool) -> int:
    """Return the end of the last whole sentence, as a place in `data`; 0 if there is none."""
    if not columns:
        return data.rfind(b"\n") + 1
    # Searched from the back, because the last blank line lies near the end.
    window = 1 << 12
    while True:
        start = max(0, len(data) - window)
        found = list(_BLANK_LINE.finditer(data, start))
        if found or start == 0:
            return found[-1].end() if found else 0
        window *= 8
