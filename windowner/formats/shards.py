r"""A stream cut into shards of whole sentences, as bytes, so that processes can read it side by side.

A shard of columns ends with a blank line, one of other formats with a line end. Its bytes are not looked at otherwise.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from windowner.formats.lines import read_bytes

SHARD_SIZE = 1 << 20
"""Bytes of a shard, about; a sentence is never cut."""

_BLANK_LINE = re.compile(rb"\n[ \t\r\f\v]*\n")


class Shard(NamedTuple):
    """Whole sentences of a stream: their bytes, and the number of their first line in it, from 1."""

    data: bytes
    first_line: int


def cut_shards(stream: BinaryIO, name: str, *, columns: bool, size: int = SHARD_SIZE) -> Iterator[Shard]:
    """Cut a stream into shards, in order.

    Parameters
    ----------
    stream
        Bytes.
    name
        What errors call it.
    columns
        Whether sentences end with a blank line; if not, with their line.
    size
        Bytes of a shard, about.
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
    """Return where the last whole sentence ends; 0 if none does."""
    if not columns:
        return data.rfind(b"\n") + 1
    # From the back, since the last blank line lies near the end.
    window = 1 << 12
    while True:
        start = max(0, len(data) - window)
        found = list(_BLANK_LINE.finditer(data, start))
        if found or start == 0:
            return found[-1].end() if found else 0
        window *= 8
