"""Streams whose bytes are changed as they are read, and a look at the bytes that come next."""

import io
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.lines import read_bytes

HEAD_SIZE = 1 << 16
"""This many bytes at the beginning of a file are looked at, to find what it is."""
ENOUGH_ROWS = 3
"""A pipe is waited for until this many lines have arrived."""


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

    def read1(self, size: int = -1) -> bytes:
        """Return the next bytes: what was read already, or what the stream holds at the moment."""
        if not self._head:
            return cast(bytes, getattr(self._rest, "read1", self._rest.read)(size))
        size = len(self._head) if size < 0 else size
        given, self._head = self._head[:size], self._head[size:]
        return given

    def read(self, size: int = -1) -> bytes:
        """Return this many of the next bytes, or all. Fewer are the last ones."""
        given = self.read1(size) if self._head else b""
        if size < 0:
            return given + self._rest.read()
        return given + self._rest.read(size - len(given)) if len(given) < size else given

    def peek(self, size: int = -1) -> bytes:
        """Return the next bytes without reading them."""
        return self._head

    def close(self) -> None:
        """Close the stream behind the bytes, too."""
        if not self.closed:
            self._rest.close()
        super().close()


def head_of(stream: BinaryIO, name: str) -> bytes:
    """Return the bytes that come next, without reading them; from a pipe, whatever has arrived.

    Raises
    ------
    DataError
        If the file cannot be read, or is compressed and damaged.
    """
    if isinstance(stream, io.BytesIO):
        return stream.getbuffer()[stream.tell() : stream.tell() + HEAD_SIZE].tobytes()
    peek = cast(io.BufferedReader, stream).peek
    try:
        return peek(HEAD_SIZE)[:HEAD_SIZE]
    except OSError as error:
        raise DataError(f"{name}: {error.strerror or error}, expected a readable file") from None


def awaited(stream: BinaryIO, name: str, is_enough: Callable[[bytes], bool]) -> BinaryIO:
    """Return a stream whose `head_of` is enough, or all of it. A pipe and what is unpacked from a file are waited for.

    So what is found in a head does not depend on how many bytes have arrived.

    Parameters
    ----------
    stream, name
        Bytes of a file or a pipe, and its name for error messages.
    is_enough
        Whether some first bytes are enough.

    Raises
    ------
    DataError
        If the file cannot be read, or is compressed and damaged.
    """
    if stream.seekable() and (is_enough(head_of(stream, name)) or not _has_more(stream, name)):
        return stream
    head, is_whole = _read_until(stream, name, is_enough)
    if is_whole:
        return cast(BinaryIO, Rewound(head, stream))
    end = head.rfind(b"\n") + 1 or len(head)  # nothing can be said of a part of a line
    return cast(BinaryIO, Rewound(head[:end], cast(BinaryIO, Rewound(head[end:], stream))))


def _has_more(stream: BinaryIO, name: str) -> bool:
    """Return whether a file on a disk begins with more than its buffer holds."""
    place, held = stream.tell(), len(head_of(stream, name))
    more = len(stream.read(HEAD_SIZE)) > held
    stream.seek(place)
    return more


def is_line(head: bytes) -> bool:
    """Return whether some first bytes hold a whole line. Nothing can be said of a text before."""
    return b"\n" in head or len(head) >= HEAD_SIZE


def is_head(head: bytes) -> bool:
    """Return whether some bytes are all that is looked at."""
    return len(head) >= HEAD_SIZE


def is_beginning(head: bytes) -> bool:
    """Return whether some bytes are enough to tell text and JSON: a record, several lines, or `HEAD_SIZE` bytes."""
    begun = _without_mark(head)
    if begun.startswith(b"{"):
        return b"\n" in begun
    rows = sum(bool(line.strip()) and not line.startswith(b"# ") for line in head.split(b"\n")[:-1])
    return rows >= ENOUGH_ROWS or len(head) >= HEAD_SIZE


def awaited_head(
    stream: BinaryIO, name: str, is_enough: Callable[[bytes], bool] = is_beginning
) -> tuple[bytes, bool, BinaryIO]:
    """Return enough of a stream to tell its format, whether that is all of it, and the stream from its first byte on.

    A pipe is waited for.

    Raises
    ------
    DataError
        If a compressed file is damaged.
    """
    head, is_whole = _read_until(stream, name, is_enough)
    if is_whole:
        return head, True, cast(BinaryIO, Rewound(head, stream))
    is_record = _without_mark(head).startswith(b"{")  # which may be longer, and is looked at whole
    return head if is_record else head[:HEAD_SIZE], False, cast(BinaryIO, Rewound(head, stream))


def _read_until(stream: BinaryIO, name: str, is_enough: Callable[[bytes], bool]) -> tuple[bytes, bool]:
    """Read the first bytes of a stream until they are enough. Return them, and whether they are all of it."""
    head = b""
    while not is_enough(head):
        block = read_bytes(stream, name)
        if not block:
            return head, True
        head += block
    return head, False


def _without_mark(head: bytes) -> bytes:
    return head.removeprefix(BOM_UTF8).lstrip()


def changed(name: str, source: BinaryIO, change: Callable[[bytes], bytes], *below: BinaryIO) -> BinaryIO:
    """Return a buffered `Changed`."""
    return io.BufferedReader(Changed(name, source, change, *below), HEAD_SIZE)
