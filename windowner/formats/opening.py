"""Opening a file, a file of a store, or a pipe: compressed content is unpacked, and text of any encoding becomes UTF-8.

The first bytes of a file say what it is, and its name does not. So a `.gz` that a browser has unpacked is read too.
"""

import codecs
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.changed import HEAD_SIZE, awaited, changed, head_of, is_head, is_line
from windowner.formats.parquet_file import is_parquet
from windowner.formats.spacy_docs import is_docbin
from windowner.formats.unpacking import unpacked
from windowner.stores.address import AnyPath, path_of
from windowner.stores.paths import is_folder

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_input(
    path: str | AnyPath, encoding: str = "", *, keep_line_ends: bool = False, at_once: bool = False
) -> BinaryIO:
    """Open a file for reading bytes of UTF-8; one whose content is compressed is unpacked.

    Parameters
    ----------
    path
        The file, or the address of one.
    encoding
        Encoding of its text; "" means UTF-8, or what its byte order mark says.
    keep_line_ends
        Whether carriage returns stay where the file has no other line ends.
    at_once
        Whether lines are wanted before the whole head has arrived, if it is a pipe.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be opened.
    StoreError
        If a store does not give it.
    """
    path = path_of(path)
    try:
        stream = path.open("rb", buffering=HEAD_SIZE)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        if is_folder(path):
            raise DataError(f"{path}: a folder, expected a file") from None
        raise DataError(f"{path}: {error.strerror}, expected a readable file") from error
    return readable(stream, str(path), encoding, keep_line_ends=keep_line_ends, at_once=at_once)


def readable(
    stream: BinaryIO, name: str, encoding: str = "", *, keep_line_ends: bool = False, at_once: bool = False
) -> BinaryIO:
    """Return a stream's content unpacked and as UTF-8; the stream itself, if it is a file that is that already.

    Parameters
    ----------
    stream
        Bytes of a file or a pipe.
    name, encoding, keep_line_ends, at_once
        See `open_input`.
    """
    at_once = at_once and not stream.seekable()  # the head of a file on a disk is there
    try:
        stream = unpacked(awaited(stream, name, is_line), name)
        stream = as_utf8(stream, name, encoding, keep_line_ends=keep_line_ends)
        return stream if at_once else awaited(stream, name, is_head)
    except DataError:
        stream.close()
        raise


def as_utf8(stream: BinaryIO, name: str, encoding: str = "", *, keep_line_ends: bool = False) -> BinaryIO:
    r"""Return text as UTF-8; formats that are no text stay.

    Where the only line ends are "\r", they become "\n", unless line ends are kept.
    """
    stream = awaited(stream, name, is_line)
    head = head_of(stream, name)
    if is_parquet(head) or is_docbin(head):
        return stream
    marked = next((found for mark, found in BYTE_ORDER_MARKS if head.startswith(mark)), "")
    if marked or encoding:
        stream = awaited(changed(name, stream, _Transcoder(name, marked or encoding)), name, is_line)
        head = head_of(stream, name)
    if not keep_line_ends and b"\r" in head and b"\n" not in head and b"\0" not in head:
        return changed(name, stream, lambda block: block.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    return stream


class _Transcoder:
    """Changes blocks of bytes of an encoding to UTF-8; an empty block is the end."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name, self._encoding = name, encoding
        try:
            "a".encode(encoding)  # codecs of bytes or of text alone, such as hex and rot13, are refused here
            self._decoder = codecs.getincrementaldecoder(encoding)()
        except (LookupError, ValueError):  # ValueError: a name with a NUL
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
