"""Streams whose bytes are changed as they are read, and a look at the bytes that come next."""

import io
from collections.abc import Callable
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.lines import read_bytes

HEAD_SIZE = 1 << 16
"""This many bytes at the beginning of a file are looked at, to find what it is."""


class Changed(io.RawIOBase):
    """A stream whose bytes are changed as they are read; closing it closes all streams below."""

    def __init__(self, name: str, source: BinaryIO, change: Callable[[bytes], bytes], *below: BinaryIO) -> None:
        self._name, self._source, self._change, self._below = name, source, change, below
        self._pending = b""
        self._ended = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer; 0 is the end."""
        view = memoryview(cast(bytearray, buffer))
        while not self._pending and not self._ended:
            block = read_bytes(self._source, self._name)
            self._ended = not block
            self._pending = self._change(block)
        given, self._pending = self._pending[: len(view)], self._pending[len(view) :]
        view[: len(given)] = given
        return len(given)

    def close(self) -> None:
        """Close the stream and those below."""
        if not self.closed:
            for stream in (self._source, *self._below):
                stream.close()
        super().close()


def head_of(stream: BinaryIO, name: str) -> bytes:
    """Return the bytes that come next, without reading them; from a pipe, whatever has arrived.

    Raises
    ------
    DataError
        If a compressed file is damaged.
    """
    if isinstance(stream, io.BytesIO):
        return stream.getbuffer()[stream.tell() : stream.tell() + HEAD_SIZE].tobytes()
    peek = getattr(stream, "peek", None)
    if peek is None:
        return b""
    try:
        return cast(bytes, peek(HEAD_SIZE)[:HEAD_SIZE])
    except OSError as error:
        raise DataError(f"{name}: {error.strerror or error}, expected a readable file") from None


def changed(name: str, source: BinaryIO, change: Callable[[bytes], bytes], *below: BinaryIO) -> BinaryIO:
    """Return a buffered `Changed`."""
    return io.BufferedReader(Changed(name, source, change, *below), HEAD_SIZE)
