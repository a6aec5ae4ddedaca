"""Links of the file system: they are followed in one way, and refused at places that windowner has named.

windowner card runs/wikigold --out card.md      card.md may be a link: what it points to is written
windowner report runs/wikigold                  runs/wikigold/report.html may be none
"""

import errno
from pathlib import Path

from windowner.errors import DataError


def refuse_links(*places: Path) -> None:
    """Refuse links at places that windowner has named, not the user: what they point to belongs to somebody else.

    Pipes and devices, which are written to directly, are refused too.

    Raises
    ------
    DataError
        With the first one.
    """
    for place in places:
        if place.is_symlink():
            raise DataError(f"{place}: a link, which would be written through; remove it, or choose another folder")
        if place.exists() and not place.is_file() and not place.is_dir():
            raise DataError(f"{place}: a pipe or a device, expected a file; remove it, or choose another folder")


def resolved(path: Path) -> Path:
    """Return a path without links.

    Raises
    ------
    OSError
        If links point to each other.
    """
    try:
        path.stat()
    except OSError as error:  # most others, such as a missing file, are those of whoever reads or writes it
        if error.errno == errno.ELOOP:
            raise
    return path.resolve()
