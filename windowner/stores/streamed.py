"""A file of a store as a stream, whose errors are those of `failures`."""

import io
from typing import Any, cast

from windowner.stores.failures import answering


class Streamed(io.RawIOBase):
    """A file that fsspec has opened for reading. It holds a few megabytes of the content at a time.

    Parameters
    ----------
    url
        Address of the file, for error messages.
    file
        What fsspec has opened.
    """

    def __init__(self, url: str, file: Any) -> None:
        self._url, self._file = url, file

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether the store can read from any place."""
        return bool(self._file.seekable())

    def readinto(self, buffer: object) -> int:
        """Fill a buffer; 0 is the end."""
        with answering(self._url):
            return int(self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        with answering(self._url):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """Return the place of the next byte."""
        return cast(int, self._file.tell())

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()
