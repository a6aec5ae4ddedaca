"""Functions that write files and folders whole: one gets its name only after all of its content is written.

A path is one of this machine, or the address of a file in a store (`stores`). Folders are of this machine.

A folder that may exist already is written in a work folder beside it, which then takes its place:

    runs/.wikigold.work    what will be runs/wikigold
    runs/.wikigold.old     what was runs/wikigold, between the two renames and no longer
    runs/.wikigold.lock    locked by the process that writes it (`locks`)

`shown_path` says how the command line names a file.
"""

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from windowner.errors import StoreError
from windowner.links import resolved
from windowner.stores.address import Address, AnyPath
from windowner.stores.paths import exists

UNFINISHED = ".unfinished"
"""Suffix of temporary names. Such a file or folder remains only if a process is killed while it writes."""

_LEFTOVER = re.compile(rf"\..+{re.escape(UNFINISHED)}|\.tmp\w{{6}}")  # safetensors uses names of the second kind

WORK = ".work"
"""Suffix of a folder that will take the place of another one."""


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


def is_leftover(path: Path) -> bool:
    """Return whether the name of a file says that a killed process has left it unfinished."""
    return _LEFTOVER.fullmatch(path.name) is not None


def read_file(path: AnyPath) -> bytes:
    """Return the content of a file that is read whole.

    Raises
    ------
    OSError
        If it cannot be read, or is a device such as /dev/zero, which may have no end.
    StoreError
        If a store does not give it.
    """
    if isinstance(path, Address):
        return path.read_bytes()
    with path.open("rb") as file:
        if stat.S_ISCHR(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "a device, expected a file", str(path))
        return file.read()


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
