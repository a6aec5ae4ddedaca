"""The table of the file formats. Readers, writers, commands and folders of files all take their formats from it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from windowner.formats.columns import column_text, read_columns
from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.formats.tokens import read_token_lines
from windowner.text.sentence import Sentence

Reader = Callable[[BinaryIO, str, ReadOptions], Iterator[Sentence]]
"""Takes the bytes of a file and its name for error messages."""

Writer = Callable[[Sentence, Sequence[str], Sequence[float] | None], str]
"""Takes a sentence, its new tags and their probabilities, or None; returns text."""

COMPRESSED = ".gz"


@dataclass(frozen=True)
class Format:
    """A file format.

    Parameters
    ----------
    name
        Its name for users.
    suffixes
        How names of such files end, without `.gz`. The first one is given to files that are written.
    read
        Its reader.
    write
        Its writer; None if the format holds no tags.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    write: Writer | None


FORMATS = {
    format.name: format
    for format in (
        Format("columns", (".conll",), read_columns, column_text),
        Format("tokens", (".txt",), read_token_lines, None),
        Format("jsonl", (".jsonl",), read_json_lines, json_line),
    )
}
"""All formats by name."""

WRITERS = {name: format.write for name, format in FORMATS.items() if format.write is not None}
"""Writers by the name of their format."""

SUFFIXES = {suffix: name for name, format in FORMATS.items() for suffix in format.suffixes}
"""Names of formats by the suffixes of their files."""


def find_format(name: str) -> Format:
    """Return the format of that name.

    Raises
    ------
    ValueError
        If no format has the name.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}, expected one of {', '.join(FORMATS)}")
    return FORMATS[name]


def suffix_of(path: str | Path) -> str:
    """Return the last suffix of a file's name, `.gz` aside: `.conll` for `a.b.conll.gz`."""
    return Path(Path(path).name.removesuffix(COMPRESSED)).suffix


def format_of(path: str | Path) -> str:
    """Return the name of a labelled file's format: the one that has the file's suffix, or else `columns`."""
    name = SUFFIXES.get(suffix_of(path), "columns")
    return name if name in WRITERS else "columns"
