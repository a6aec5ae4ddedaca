"""A pipe whose other end is slow."""

import io


class Pipe(io.RawIOBase):
    """Bytes that arrive one by one."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        given, self.left = self.left[:1], self.left[1:]
        buffer[: len(given)] = given
        return len(given)
