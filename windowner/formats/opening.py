"""Opening a file or a pipe: compressed content is unpacked, and text of any encoding becomes UTF-8 with `\\n`.

What a file is, its first bytes say, not its name. So a `.gz` that a browser has unpacked is read too.
"""

import bz2
import codecs
import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.lines import read_bytes

HEAD_SIZE = 1 << 16
"""This many bytes at the beginning of a file are looked at, to find what it is."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")


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


def open_input(path: str | Path, encoding: str = "") -> BinaryIO:
    """Open a file for reading bytes of UTF-8; one whose content is compressed is unpacked.

    Parameters
    ----------
    path
        The file.
    encoding
        Encoding of its text; "" means UTF-8, or what its byte order mark says.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be opened.
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path}: a directory, expected a file")
    try:
        stream = path.open("rb", buffering=HEAD_SIZE)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}, expected a readable file") from error
    return readable(stream, str(path), encoding)


def readable(stream: BinaryIO, name: str, encoding: str = "") -> BinaryIO:
    """Return a stream's content unpacked and as UTF-8; the stream itself, if it is that already.

    Parameters
    ----------
    stream
        Bytes of a file or a pipe.
    name, encoding
        See `open_input`.
    """
    try:
        stream = unpacked(stream, name)
        return as_utf8(stream, name, encoding)
    except DataError:
        stream.close()
        raise


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


def unpacked(stream: BinaryIO, name: str) -> BinaryIO:
    """Return a stream's content without compression: gzip, bzip2, xz, or a zip of one member."""
    head = head_of(stream, name)
    if head.startswith(b"\x1f\x8b"):
        return _changed(name, cast(BinaryIO, gzip.GzipFile(fileobj=stream)), bytes, stream)
    if _BZIP2.match(head):
        return _changed(name, cast(BinaryIO, bz2.BZ2File(stream)), bytes, stream)
    if head.startswith(b"\xfd7zXZ\0"):
        return _changed(name, _open_xz(stream, name), bytes, stream)
    if head.startswith(b"PK\3\4"):
        return _only_member(stream, name)
    return stream


def as_utf8(stream: BinaryIO, name: str, encoding: str = "") -> BinaryIO:
    r"""Return text as UTF-8. Where the only line ends are "\r", they become "\n"."""
    head = head_of(stream, name)
    marked = next((found for mark, found in BYTE_ORDER_MARKS if head.startswith(mark)), "")
    if marked or encoding:
        stream = _changed(name, stream, _Transcoder(name, marked or encoding))
        head = head_of(stream, name)
    if b"\r" in head and b"\n" not in head:
        return _changed(name, stream, lambda block: block.replace(b"\r", b"\n"))
    return stream


def _changed(name: str, source: BinaryIO, change: Callable[[bytes], bytes], *below: BinaryIO) -> BinaryIO:
    return io.BufferedReader(Changed(name, source, change, *below), HEAD_SIZE)


def _open_xz(stream: BinaryIO, name: str) -> BinaryIO:
    try:
        import lzma
    except ImportError:  # some builds of Python lack it
        raise DataError(f"{name}: compressed with xz, which this Python cannot read; unpack the file first") from None

    class Xz(lzma.LZMAFile):
        """Raises the error of every other compressed file for damage."""

        def read1(self, size: int = -1) -> bytes:
            try:
                return super().read1(size)
            except lzma.LZMAError as error:
                raise OSError(str(error)) from None

    return cast(BinaryIO, Xz(stream))


def _only_member(stream: BinaryIO, name: str) -> BinaryIO:
    """Open the one file of a zip."""
    source = stream if stream.seekable() else io.BytesIO(stream.read())
    try:
        archive = zipfile.ZipFile(source)
        members = [member for member in archive.namelist() if not member.endswith("/")]
        members = [member for member in members if not member.startswith("__MACOSX/")]
        if "[Content_Types].xml" in members:
            raise DataError(f"{name}: an Office file, expected text; save it as CSV or plain text in UTF-8")
        if len(members) != 1:
            listed = ", ".join(members[:3]) + (", ..." if len(members) > 3 else "")
            raise DataError(f"{name}: a zip of {len(members)} files ({listed}), expected one; unpack it and name a file")
        return _changed(name, cast(BinaryIO, archive.open(members[0])), bytes, source)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # RuntimeError: it has a password
        raise DataError(f"{name}: a zip that cannot be read: {error}; unpack it first") from None


class _Transcoder:
    """Changes blocks of bytes of an encoding to UTF-8; an empty block is the end."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name, self._encoding = name, encoding
        try:
            self._decoder = codecs.getincrementaldecoder(encoding)()
        except LookupError:
            raise DataError(
                f"{name}: unknown encoding {encoding!r}, expected one that Python knows, such as cp1252"
            ) from None
        self._line = 1

    def __call__(self, block: bytes) -> bytes:
        try:
            text = self._decoder.decode(block, final=not block)
            self._line += text.count("\n")
            return text.encode()
        except UnicodeError as error:
            raise DataError(f"{self._name}: not {self._encoding}, near line {self._line}: {error}") from None
