"""What is asked of paths of both kinds: those of this machine, and addresses of files in stores.

A name counts as missing if the system refuses it, for example because it is too long, or its folder may not be read.
`Path.exists` raises an error for such a name. Here the error comes later, when the file is opened, and names the file.
"""

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath

from windowner.errors import DataError
from windowner.stores.address import Address, AnyPath, path_of

MOST_OTHERS = 100_000
"""Files that are not wanted, in a folder with all of its folders. One that holds more, such as /, is no corpus."""


def files_of(pattern: str | AnyPath, is_wanted: Callable[[str], bool] = bool) -> Iterator[tuple[AnyPath, int]]:
    """Yield a file, the files of a glob, or those of a folder and its folders, with their sizes in bytes.

    Of the files of a folder of this machine, those are yielded whose name is wanted; see `files_below`.
    """
    path = path_of(pattern)
    if isinstance(path, Address):
        yield from path.files()
        return
    found: Iterable[Path]
    if is_folder(path):
        found = files_below(path, is_wanted)
    else:
        found = [path] if is_file(path) else map(Path, glob.glob(str(pattern), recursive=True))
    yield from ((file, file.stat().st_size) for file in found if is_file(file))


def files_below(folder: Path, is_wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the files of a folder and its folders whose name is wanted. Links to folders are not followed.

    Raises
    ------
    DataError
        If a folder cannot be read, or there are too many other files.
    """
    others = 0
    for place, folders, names in os.walk(folder, onerror=_refuse):
        wanted = [name for name in names if is_wanted(name)]
        others += len(folders) + len(names) - len(wanted)
        if others > MOST_OTHERS:
            raise DataError(
                f"{folder}: more than {MOST_OTHERS:,} other files and folders, expected a folder of texts; name the "
                "folder that holds them"
            )
        yield from (path for name in wanted if is_file(path := Path(place, name)))


def _refuse(error: OSError) -> None:
    """Refuse a folder that cannot be read, because its files would be missed."""
    raise DataError(f"{error.filename}: {error.strerror}, expected a folder that can be read") from None


def existing(folder: AnyPath, paths: Iterable[AnyPath]) -> set[AnyPath]:
    """Return those of some paths below a folder that are there. A store lists them at once."""
    if isinstance(folder, Address):
        there = {path for path, _ in folder.files()}
        return {path for path in paths if path in there}
    return {path for path in paths if exists(path)}


def exists(path: AnyPath) -> bool:
    """Return whether a file or a folder has the path."""
    return path.exists() if isinstance(path, Address) else os.path.exists(path)


def is_file(path: AnyPath) -> bool:
    """Return whether a file has the path."""
    return path.is_file() if isinstance(path, Address) else os.path.isfile(path)


def is_folder(path: AnyPath) -> bool:
    """Return whether a folder has the path."""
    return path.is_dir() if isinstance(path, Address) else os.path.isdir(path)


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
    return exists(one) and exists(other) and one.samefile(other)
