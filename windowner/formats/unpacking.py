"""Compressed files, recognised by their first bytes: gzip, bzip2, xz, and a zip of one member."""

import bz2
import gzip
import io
import re
import struct
import zipfile
import zlib
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.changed import changed, head_of
from windowner.formats.lines import read_whole
from windowner.text.wording import count_of

DAMAGED_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError, OverflowError),
    *(OSError, ValueError),  # places before the first byte, names that are not in their encoding
    RuntimeError,  # it has a password
)
"""What a zip raises that cannot be read."""

_BZIP2 = re.compile(rb"BZh[1-9]1AY&SY")


def unpacked(stream: BinaryIO, name: str) -> BinaryIO:
    """Return a stream's content without compression: gzip, bzip2, xz, or a zip of one member."""
    head = head_of(stream, name)
    if head.startswith(b"\x1f\x8b"):
        return changed(name, cast(BinaryIO, gzip.GzipFile(fileobj=stream)), bytes, stream)
    if _BZIP2.match(head):
        return changed(name, cast(BinaryIO, bz2.BZ2File(stream)), bytes, stream)
    if head.startswith(b"\xfd7zXZ\0"):
        return changed(name, _open_xz(stream, name), bytes, stream)
    if head.startswith(b"PK\3\4"):
        return _only_member(stream, name)
    return stream


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
    source = stream if stream.seekable() else io.BytesIO(read_whole(stream, name))
    try:
        archive = zipfile.ZipFile(source)
        members = [member for member in archive.namelist() if not member.endswith("/")]
        members = [member for member in members if not member.startswith("__MACOSX/")]
        if "[Content_Types].xml" in members:
            raise DataError(f"{name}: an Office file, expected text; save it as CSV or plain text in UTF-8")
        if len(members) != 1:
            listed = ", ".join(members[:3]) + (", ..." if len(members) > 3 else "")
            raise DataError(
                f"{name}: a zip of {count_of(len(members), 'file')} ({listed}), expected one; unpack it and name a file"
            )
        return changed(name, cast(BinaryIO, archive.open(members[0])), bytes, source)
    except DAMAGED_ZIP as error:
        raise DataError(f"{name}: a zip that cannot be read: {error}; unpack it first") from None
