"""Writing files whole: a file appears under its name when everything in it is written, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

UNFINISHED = ".unfinished"
"""Suffix of the temporary names; such files stay behind only where a process was killed."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, and rename what was written there when the block ends.

    The bytes reach the disk before the new name does, so that after a crash there is the old file or the new one. When
    the block raises, the old file stays and the temporary one is removed. The new file has the permissions that the
    user's umask gives.

    Parameters
    ----------
    path
        The file to write. Its folder must exist.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    # A random name, so that threads, processes and machines that write one file do not share a temporary one.
    unfinished = path.with_name(f".{path.name}.{token_hex(8)}{UNFINISHED}")
    unfinished.touch(exist_ok=False)
    try:
        mode = unfinished.stat().st_mode
        yield unfinished
        unfinished.chmod(mode)
        _flush(unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes as a file; see `written_whole`."""
    with written_whole(path) as unfinished:
        unfinished.write_bytes(content)


def _flush(path: Path) -> None:
    """Wait until the bytes of a file are on the disk."""
    descriptor = os.open(path, os.O_RDWR)  # Windows flushes only what may be written
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
