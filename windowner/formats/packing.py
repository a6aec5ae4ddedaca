"""gzip of what is written. The same content gives the same bytes, because neither a time nor a name is in them."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

SMALL, QUICK = 9, 1
"""Levels of compression."""


def packed(content: bytes) -> bytes:
    """Return the content compressed."""
    return gzip.compress(content, SMALL, mtime=0)


@contextmanager
def open_output(path: Path, level: int | None) -> Iterator[BinaryIO]:
    """Open a file for writing. With a level of compression, what is written there is compressed."""
    with path.open("wb") as file:
        if level is None:
            yield file
            return
        with gzip.GzipFile("", "wb", level, file, mtime=0) as compressed:
            yield cast(BinaryIO, compressed)
