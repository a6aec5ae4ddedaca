"""Labelled files of which nobody has said more than their names: which one is train, and where tokens and tags are."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from windowner.errors import ConfigError
from windowner.formats.columns import read_columns
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import format_of_file
from windowner.formats.rows import DOCUMENT_START
from windowner.text.schemes import split_tag
from windowner.text.wording import count_of

ROLES = {  # role: words in names of such files
    "train": ("train", "training"),
    "dev": ("dev", "devel", "development", "val", "valid", "validation", "testa"),
    "test": ("test", "testing", "testb"),
}
LOOKED_AT = 1000  # sentences of which columns are found
MOST_TAGGED = 0.7  # of the tokens are in entities; phrases (I-NP) cover nearly all


def find_roles(paths: Sequence[Path]) -> tuple[dict[str, Path], str]:
    """Return the files by role, and how the roles were found, as text.

    A name such as `train.conll` or `my-dev.conll` says the role. Where names leave roles open, or several files have
    the same one, the order of the files decides: train, dev, test.

    Raises
    ------
    ConfigError
        There are more files than roles, or a file is given twice.
    """
    if len(paths) > len(ROLES) or len(set(paths)) < len(paths):
        names = ", ".join(map(str, paths))
        raise ConfigError(
            f"{names}: {count_of(len(paths), 'file')}, expected one to {len(ROLES)} different ones: train, dev, test"
        )
    named = [_named_role(path) for path in paths]
    known = [role for role in named if role]
    if len(set(known)) < len(known):
        return dict(zip(ROLES, paths, strict=False)), "in the order of the files, because names say the same role twice"
    free = iter([role for role in ROLES if role not in known])
    roles = {role or next(free): path for role, path in zip(named, paths, strict=True)}
    if "train" not in roles:
        names = ", ".join(map(str, paths))
        raise ConfigError(f"{names}: no file to train on, expected one with train in its name, or one more file")
    how = "by name" if len(known) == len(paths) else "by name, then in the order of the files" if known else "in order"
    return {role: roles[role] for role in ROLES if role in roles}, how


class Columns(NamedTuple):
    """Columns of a column file: that of the tokens, that of the tags, and others in which each cell is a tag."""

    token: int = 0
    tag: int = -1
    rivals: tuple[int, ...] = ()


def find_columns(path: Path, encoding: str = "") -> Columns:
    """Return the columns of a file; the usual ones if its content does not show them.

    Tags are in the column with the most entities, of those in which each cell is a tag. Columns with few O count only
    where there is no other: they hold phrases. Tokens are in the first other column that holds more than numbers.
    """
    columns = _read_columns(path, encoding)
    entities = {place: count for place, column in enumerate(columns) if (count := _count_tagged(column))}
    few = {place: count for place, count in entities.items() if count <= MOST_TAGGED * len(columns[place])}
    tokens = [place for place, column in enumerate(columns) if place not in entities and not _is_numbers(column)]
    if not entities or not tokens:
        return Columns()
    tag = max(few or entities, key=lambda place: (entities[place], place))
    rivals = tuple(place for place in few if place != tag)
    return Columns(tokens[0], tag if tag < len(columns) - 1 else -1, rivals)


def _read_columns(path: Path, encoding: str) -> list[tuple[str, ...]]:
    """Return the columns of the first rows of a file; [] if it is no column file."""
    if format_of_file(path, encoding) != "columns":
        return []
    with open_input(path, encoding) as stream:
        sentences = islice(read_columns(stream, str(path), ReadOptions(tag_column=None)), LOOKED_AT)
        rows = [row.split("\t") if "\t" in row else row.split() for sentence in sentences for row in sentence.rows]
    rows = [row for row in rows if not row[0].startswith(DOCUMENT_START)]
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    return list(zip(*(row for row in rows if len(row) == width), strict=True))


def _named_role(path: Path) -> str:
    """Return the role that the name of a file says, or an empty string."""
    words = re.findall(r"[a-z]+", path.name.lower())
    said = [role for role, names in ROLES.items() if set(words) & set(names)]
    return said[0] if len(said) == 1 else ""


def _count_tagged(column: Sequence[str]) -> int:
    """Return how many cells are tags other than O; 0 if a cell behind the first, which may be a heading, is no tag."""
    counts = Counter(column)
    first = column[0]
    for cell in counts:
        if not _is_tag(cell) and not (cell == first and counts[cell] == 1):
            return 0
    return sum(count for cell, count in counts.items() if "-" in cell and _is_tag(cell))


def _is_tag(cell: str) -> bool:
    try:
        split_tag(cell.strip())
    except ValueError:
        return False
    return True


def _is_numbers(column: Sequence[str]) -> bool:
    return all(cell.strip().isdecimal() for cell in column[1:])
