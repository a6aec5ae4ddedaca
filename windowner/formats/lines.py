"""Bytes of a file or a pipe as decoded text: in blocks of whole lines, or line by line, in constant memory."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.limits import check_line, check_whole

BLOCK_SIZE = 1 << 20
"""Bytes read at once. A block holds about 100,000 tokens, so the fixed cost per block does not matter."""

ENCODING_SETTINGS = "the encoding: --encoding cp1252, or data.encoding in a config"
"""What an error about bytes that are no UTF-8 says."""

# str.split() would also cut at no-break spaces and other Unicode white space, which tokens may hold.
_WORD = re.compile(r"[^ \t\r\f\v]+")
_WHITE = " \t\r\f\v"


def read_blocks(stream: BinaryIO, name: str, first_line: int = 1, size: int = 1) -> Iterator[str]:
    r"""Read text in blocks of whole lines.

    Each block ends with "\n", the last one too, whether or not the file does. A byte order mark is dropped and "\r\n"
    becomes "\n". No other character ends a line: "\x85", "\u2028" and the like occur inside of tokens.

    Parameters
    ----------
    stream
        Bytes. From a pipe, whatever has arrived is read at once, so lines are not kept waiting for later ones.
    name
        Name of the stream, for error messages.
    first_line
        Number of its first line, for error messages. If it is not 1, a byte order mark is text.
    size
        Blocks with fewer bytes wait for more, except for the last one.

    Raises
    ------
    DataError
        If the bytes are not UTF-8, a line is too long, or a compressed file is damaged.
    """
    for line, lines in _whole_lines(stream, name, first_line, size):
        text, fault = _decode_lines(lines, name, line)
        if line == 1:
            text = text.removeprefix("\ufeff")
        if text or not fault:
            yield text.replace("\r\n", "\n")
        if fault:
            raise fault


def read_lines(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[tuple[int, str]]:
    r"""Yield the lines of a stream with their numbers, without line ends.

    Only "\n" and "\r\n" end a line; `str.splitlines` would also cut at U+2028 and others. See `read_blocks`.
    """
    texts = (text for block in read_blocks(stream, name, first_line) for text in block[:-1].split("\n"))
    return enumerate(texts, start=first_line)


def split_white(text: str) -> list[str]:
    """Split a line at ASCII white space."""
    return _WORD.findall(text)


def is_blank(text: str) -> bool:
    """Return whether a line holds nothing but ASCII white space."""
    return not text.strip(_WHITE)


def _whole_lines(stream: BinaryIO, name: str, line: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Cut the stream after the last line end of each block that arrives, and that has at least `size` bytes.

    Yield lines, and the number of the first one. A byte is copied a few times, however many blocks a line has.
    """
    parts: list[bytes] = []
    held = end = 0  # bytes of the parts, and of the whole lines in them
    while block := read_bytes(stream, name):
        end = held + cut if (cut := block.rfind(b"\n") + 1) else end
        parts.append(block)
        held += len(block)
        if not end:
            check_line(held, f"{name}:{line}")
        elif held >= size:
            data = b"".join(parts)
            yield line, data[:end]
            line += data.count(b"\n", 0, end)
            parts, held, end = [data[end:]], held - end, 0
    data = b"".join(parts)
    if data:
        yield line, data if data.endswith(b"\n") else data + b"\n"


def read_whole(stream: BinaryIO, name: str) -> bytes:
    """Return all bytes of a stream.

    Raises
    ------
    DataError
        If there are too many, or a compressed file is damaged.
    """
    parts: list[bytes] = []
    size = 0
    while block := read_bytes(stream, name):
        parts.append(block)
        size += len(block)
        check_whole(size, name)
    return b"".join(parts)


def read_bytes(stream: BinaryIO, name: str) -> bytes:
    """Read the next bytes, `BLOCK_SIZE` at most; b"" at the end.

    Raises
    ------
    DataError
        If the file cannot be read, or is compressed and damaged.
    """
    # read1 returns what a pipe holds at the moment; read waits until a whole block has arrived.
    read = getattr(stream, "read1", stream.read)
    try:
        return cast(bytes, read(BLOCK_SIZE))
    except EOFError:
        raise DataError(f"{name}: the compressed file ends too early, expected a whole {_kind(stream)} file") from None
    except (OSError, zlib.error, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise DataError(f"{name}: {error.strerror}, expected a readable file") from None
        raise DataError(f"{name}: damaged or not compressed, expected a {_kind(stream)} file") from None


def _kind(stream: BinaryIO) -> str:
    """Return how a stream is compressed."""
    kinds = {"GzipFile": "gzip", "BZ2File": "bzip2", "Xz": "xz", "ZipExtFile": "zip"}
    return kinds.get(type(stream).__name__, "readable")


def _decode_lines(lines: bytes, name: str, line: int) -> tuple[str, DataError | None]:
    """Return the lines before the first one that is no UTF-8, and its error, so that errors come in order."""
    try:
        return lines.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return lines[: lines.rfind(b"\n", 0, error.start) + 1].decode("utf-8"), _fault(error, name, line)


def decode(lines: bytes, name: str, line: int) -> str:
    """Decode UTF-8; `line` is the number of the first line, for the error message."""
    try:
        return lines.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _fault(error, name, line) from None


def _fault(error: UnicodeDecodeError, name: str, line: int) -> DataError:
    """Return the error of bytes that are no UTF-8; `line` is the number of the first line."""
    line += error.object.count(b"\n", 0, error.start)
    found = f"byte 0x{error.object[error.start]:02x}"
    return DataError(f"{name}:{line}: {found}, expected UTF-8; name {ENCODING_SETTINGS}")
