"""Functions that write folders whole: a folder gets its name only after all of its content is written.

Folders are of this machine. A folder that may exist already is written in a work folder beside it, which then takes its
place:

    runs/.wikigold.work    what will be runs/wikigold
    runs/.wikigold.old     what was runs/wikigold, between the two renames and no longer
    runs/.wikigold.lock    locked by the process that writes it (`locks`)
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from secrets import token_hex

from windowner.errors import StoreError
from windowner.files import UNFINISHED
from windowner.stores.address import Address, AnyPath
from windowner.stores.paths import exists

WORK = ".work"
"""Suffix of a folder that will take the place of another one."""


@contextmanager
def folder_written_whole(folder: AnyPath) -> Iterator[Path]:
    """Yield a new folder beside `folder`. When the `with` block ends, it gets the name `folder`.

    If the block raises an exception, the new folder is removed.

    Raises
    ------
    FileExistsError
        If something has the name already.
    StoreError
        If it is an address.
    """
    if isinstance(folder, Address):
        raise StoreError(f"{folder}: a store cannot write a folder whole, expected a folder of this machine")
    unfinished = folder.with_name(f".{folder.name}.{token_hex(8)}{UNFINISHED}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        if folder.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def work_folder(folder: Path) -> Path:
    """Return the folder beside `folder` in which what will take its place is written."""
    return _beside(folder, WORK)


def take_place(folder: Path) -> None:
    """Give the work folder of `folder` that name, and remove what had it.

    There are two renames. After a crash between them, `heal` completes the second one. So a reader that heals first
    sees the old folder or the new one.

    Raises
    ------
    OSError
        The work folder is not there, or a folder cannot be renamed.
    """
    work, old = work_folder(folder), _beside(folder, ".old")
    new = work.stat()
    _remove(old)  # left by a crash after both renames
    with suppress(FileNotFoundError):  # there is no old folder
        folder.rename(old)
    if not heal(folder):
        work.rename(folder)
    if not os.path.samestat(folder.stat(), new):  # the work folder was removed, and `heal` put the old one back
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(work))
    with suppress(OSError):  # the next call removes it
        _remove(old)


def heal(folder: Path) -> bool:
    """Complete `take_place` where a crash interrupted it between the two renames. Return whether the folder exists."""
    if exists(folder):
        return True
    work, old = work_folder(folder), _beside(folder, ".old")
    if exists(old):
        try:
            (work if exists(work) else old).rename(folder)
        except OSError:
            if not exists(folder):  # otherwise another process was faster
                raise
    return exists(folder)


@contextmanager
def parents_of(path: Path) -> Iterator[None]:
    """Make the folders above a path. When the block ends, those that were made and are empty are removed."""
    missing = [parent for parent in path.parents if not parent.exists()]
    if missing:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for parent in missing:
            with suppress(OSError):  # it is not empty
                parent.rmdir()


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f".{folder.name}{suffix}")


def _remove(folder: Path) -> None:
    """Remove a folder under another name, so that a crash does not leave a part of it under its own.

    What a crash left under such a name is removed too.
    """
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}.{token_hex(8)}{UNFINISHED}"))
    for removed in folder.parent.glob(f"{escape(folder.name)}.*{UNFINISHED}"):
        shutil.rmtree(removed, ignore_errors=True)
