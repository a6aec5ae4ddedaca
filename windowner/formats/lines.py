"""Bytes of a file, a pipe or a `.gz` as decoded text: in blocks of whole lines, or line by line, in constant memory."""

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from windowner.errors import DataError

BLOCK_SIZE = 1 << 20
"""Bytes read at once. A block holds about 100,000 tokens, so the fixed cost per block does not matter."""

# str.split() would also cut at no-break spaces and other Unicode white space, which tokens may hold.
_WORD = re.compile(r"[^ \t\r\f\v]+")


def open_input(path: str | Path) -> BinaryIO:
    """Open a file for reading bytes; one whose name ends in `.gz` is decompressed.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be opened.
    """
    path = Path(path)
    if path.is_dir():
        raise DataError(f"{path}: a directory, expected a file")
    try:
        return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}, expected a readable file") from error


def read_blocks(stream: BinaryIO, name: str, first_line: int = 1) -> Iterator[str]:
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

    Raises
    ------
    DataError
        If the bytes are not UTF-8, or a compressed file is damaged.
    """
    line = first_line
    for lines in _whole_lines(stream, name):
        text = decode(lines, name, line)
        if line == 1:
            text = text.removeprefix("\ufeff")
        line += text.count("\n")
        yield text.replace("\r\n", "\n")


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
    return not _WORD.search(text)


def _whole_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Cut the stream after the last line end of each block that arrives."""
    pending = b""
    while block := read_bytes(stream, name):
        pending += block
        cut = pending.rfind(b"\n") + 1
        if cut:
            yield pending[:cut]
            pending = pending[cut:]
    if pending:
        yield pending if pending.endswith(b"\n") else pending + b"\n"


def read_bytes(stream: BinaryIO, name: str) -> bytes:
    """Read the next bytes, `BLOCK_SIZE` at most; b"" at the end.

    Raises
    ------
    DataError
        If a compressed file is damaged.
    """
    # read1 returns what a pipe holds at the moment; read waits until a whole block has arrived.
    read = getattr(stream, "read1", stream.read)
    try:
        return cast(bytes, read(BLOCK_SIZE))
    except (gzip.BadGzipFile, zlib.error):
        raise DataError(f"{name}: damaged or not compressed, expected a gzip file") from None
    except EOFError:
        raise DataError(f"{name}: the compressed file ends too early, expected a whole gzip file") from None


def decode(lines: bytes, name: str, line: int) -> str:
    """Decode UTF-8; `line` is the number of the first line, for the error message."""
    try:
        return lines.decode("utf-8")
    except UnicodeDecodeError as error:
        line += lines.count(b"\n", 0, error.start)
        raise DataError(f"{name}:{line}: byte 0x{lines[error.start]:02x}, expected UTF-8") from None
