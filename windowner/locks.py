"""Locks of folders: files that one process at a time holds, for as long as it lives.

The lock of runs/wikigold is runs/.wikigold.lock. The system releases it when the process ends, for whatever reason.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from windowner.platform import try_lock
from windowner.stores.address import Address, AnyPath

PATIENCE = 5.0
"""Seconds for which `locked` waits: the workers of a command that was killed end within one second."""


def lock_of(folder: Path) -> Path:
    """Return the file beside `folder` that is locked by the process that writes the folder.

    Raises
    ------
    OSError
        If there is nothing beside it.
    """
    if not folder.name:
        raise OSError(errno.EINVAL, "the root of the file system, expected a folder in it", str(folder))
    return folder.with_name(f".{folder.name}.lock")


@dataclass(frozen=True)
class Lock:
    """The lock of a file that this process holds.

    Parameters
    ----------
    path
        The file.
    descriptor
        The number of the open file. None in a store, which has no locks.
    """

    path: AnyPath
    descriptor: int | None

    @property
    def is_there(self) -> bool:
        """Whether nobody has removed the file."""
        if self.descriptor is None or isinstance(self.path, Address):
            return True
        try:
            return os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        except OSError:
            return False

    @property
    def is_others(self) -> bool:
        """Whether somebody has removed the file, and another process has made one of the same name."""
        return not self.is_there and self.path.exists()


@contextmanager
def locked(path: AnyPath) -> Iterator[Lock | None]:
    """Hold the lock of a file, and yield it, or None if it could not be had within `PATIENCE` seconds.

    The file is made, and removed afterwards. The system releases the lock when the process ends for any reason, with
    the forked processes that have inherited it. Other processes of the machine, and of most shared file systems, wait.
    Stores have no locks. There it is always had, and what is written has to be right without it.
    """
    if isinstance(path, Address):
        yield Lock(path, None)
        return
    deadline = monotonic() + PATIENCE
    descriptor = _try_lock(path)
    while descriptor is None and monotonic() < deadline:
        sleep(0.05)
        descriptor = _try_lock(path)
    if descriptor is None:
        yield None
        return
    lock = Lock(path, descriptor)
    try:
        yield lock
    finally:
        if lock.is_there:  # otherwise somebody else holds a lock of this name
            with suppress(OSError):  # Windows keeps files that are open
                path.unlink()  # before the lock is released, so that nobody's lock is removed
        os.close(descriptor)


def _try_lock(path: Path) -> int | None:
    """Return a locked file. None if another process holds the lock, or has just removed the file."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    if try_lock(descriptor) and Lock(path, descriptor).is_there:
        return descriptor
    os.close(descriptor)
    return None
