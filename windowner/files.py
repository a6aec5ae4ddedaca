"""Functions that write files whole, and read them: a file gets its name only after all of its content is written.

A path is one of this machine, or the address of a file in a store (`stores`). Folders are written in the same way by
`whole_folders`. `shown_path` says how the command line names a file.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from windowner.links import resolved
from windowner.stores.address import Address, AnyPath

UNFINISHED = ".unfinished"
"""Suffix of temporary names. Such a file or folder remains only if a process is killed while it writes."""

_LEFTOVER = re.compile(rf"\..+{re.escape(UNFINISHED)}|\.tmp\w{{6}}")  # safetensors uses names of the second kind


@contextmanager
def written_whole(path: AnyPath) -> Iterator[Path]:
    """Yield a temporary path. When the `with` block ends, the file written there gets the name `path`.

    The content reaches the disk before the new name. So after a crash there is either the old file or the new one. If
    the block raises an exception, the old file stays, and the temporary file is removed. The new file has the
    permissions that the user's umask gives.

    Parameters
    ----------
    path
        The file to write. Its folder must exist. A link stays, and the file that it points to is written. A device or a
        pipe, such as /dev/stdout, is written to directly. The content of an address is written to a temporary folder of
        this machine, and then sent to the store, which shows all of it or none.

    Raises
    ------
    OSError
        If the file cannot be written. It names `path`.
    StoreError
        If the store does not take it.
    """
    if isinstance(path, Address):
        with TemporaryDirectory(prefix="windowner-") as folder:
            unfinished = Path(folder, f"unfinished{path.suffix}")
            yield unfinished
            path.upload(unfinished)
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        yield path  # a new file in its place would remove the device
        return
    if path.is_symlink():
        path = resolved(path)
    # A random name, so that threads, processes and machines that write one file do not share a temporary one.
    unfinished = path.with_name(f".{path.name}.{token_hex(8)}{UNFINISHED}")
    try:
        unfinished.touch(exist_ok=False)
        mode = unfinished.stat().st_mode
        yield unfinished
        unfinished.chmod(mode)
        _flush(unfinished)
        os.replace(unfinished, path)
    except OSError as error:
        if error.filename in (unfinished, str(unfinished)):
            error.filename = str(path)  # the name that the user knows
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def is_leftover(path: Path) -> bool:
    """Return whether the name of a file says that a killed process has left it unfinished."""
    return _LEFTOVER.fullmatch(path.name) is not None


def read_file(path: AnyPath, most: int = -1) -> bytes:
    """Return the content of a file that is read whole, or about `most` bytes of it.

    Raises
    ------
    OSError
        If it cannot be read. Or it is a device such as /dev/zero, which may have no end, or a pipe that nobody writes
        to.
    StoreError
        If a store does not give it.
    """
    if isinstance(path, Address):
        return path.read_bytes()
    with open(path, "rb", buffering=0, opener=_open_at_once) as file:
        first = _first_of_pipe(file, path)
        with BufferedReader(file) as buffered:
            return first + buffered.read(most)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file. A pipe is opened, too, if nobody has opened it for writing."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such pipes


def _first_of_pipe(file: FileIO, path: Path) -> bytes:
    """Refuse a device and a pipe that nobody writes to. Return what had to be read from a pipe to know it."""
    kind = os.fstat(file.fileno()).st_mode
    if stat.S_ISCHR(kind):
        raise OSError(errno.EINVAL, "a device, expected a file", str(path))
    if not stat.S_ISFIFO(kind):
        return b""
    first = file.read(1)  # None where there is a writer that has written nothing yet
    if first == b"":
        raise OSError(errno.EINVAL, "a pipe that nobody writes to, expected a file", str(path))
    os.set_blocking(file.fileno(), True)
    return first or b""


def write_whole(path: AnyPath, content: bytes) -> None:
    """Write bytes to a file, by `written_whole`."""
    with written_whole(path) as unfinished:
        unfinished.write_bytes(content)


def write_new(path: AnyPath, content: bytes) -> bool:
    """Write bytes to a file unless it is there. Return whether this call has written it."""
    if isinstance(path, Address):
        return path.create(content)
    if path.exists():
        return False
    write_whole(path, content)
    return True


def _flush(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    descriptor = os.open(path, os.O_RDWR)  # Windows flushes only files that are open for writing
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shown_path(path: str | AnyPath) -> str:
    """Return a path relative to the working directory if it is below it, otherwise as it is."""
    if isinstance(path, Address):
        return str(path)
    path, here = Path(path), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
