"""A pipe whose other end is slow."""

import io


class Pipe(io.RawIOBase):
    """Bytes that arrive a few at a time."""

    def __init__(self, content: bytes, size: int = 1) -> None:
        self.left, self.size = content, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        given, self.left = self.left[: self.size], self.left[self.size :]
        buffer[: len(given)] = given
        return len(given)
