"""Streams of bytes that are made while they are read, so that memory shows what the reader keeps."""

import io
from collections.abc import Iterable
from typing import Any


class Pieces(io.RawIOBase):
    """A stream of pieces.

    Parameters
    ----------
    pieces
        Bytes. None is empty.
    """

    def __init__(self, pieces: Iterable[bytes]):
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as a piece goes; return the number of bytes, 0 at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def stream_of(pieces: Iterable[bytes]) -> io.BufferedReader:
    """Return pieces as an open file. None of them is kept."""
    return io.BufferedReader(Pieces(pieces))
