"""What is asked of paths of both kinds: those of this machine, and addresses of files in stores."""

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from windowner.stores.address import Address, AnyPath, path_of


def files_of(pattern: str | AnyPath) -> Iterator[tuple[AnyPath, int]]:
    """Yield a file, the files of a glob, or those of a folder and its folders, with their sizes in bytes."""
    path = path_of(pattern)
    if isinstance(path, Address):
        yield from path.files()
        return
    found: Iterable[Path]
    if path.is_dir():
        found = path.rglob("*")
    else:
        found = [path] if path.is_file() else map(Path, glob.glob(str(pattern), recursive=True))
    yield from ((file, file.stat().st_size) for file in found if file.is_file())


def existing(folder: AnyPath, paths: Iterable[AnyPath]) -> set[AnyPath]:
    """Return those of some paths below a folder that are there. A store lists them at once."""
    if isinstance(folder, Address):
        there = {path for path, _ in folder.files()}
        return {path for path in paths if path in there}
    return {path for path in paths if _exists(path)}


def _exists(path: AnyPath) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name that is too long: an error of this file alone, when it is written
        return False


def relative_to(path: AnyPath, folder: AnyPath) -> PurePath:
    """Return the part of a path behind that of a folder."""
    if isinstance(path, Address):
        return path.relative_to(folder)
    if isinstance(folder, Address):
        raise ValueError(f"{path} is not below {folder}")
    return path.relative_to(folder)


def are_same(one: AnyPath, other: AnyPath) -> bool:
    """Return whether two paths are those of one file or folder, which is there."""
    if isinstance(one, Address) or isinstance(other, Address):
        return one == other
    return one.exists() and other.exists() and one.samefile(other)
