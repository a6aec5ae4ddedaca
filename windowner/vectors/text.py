"""Vectors in text: GloVe (no header), word2vec and fastText `.vec` (a header that counts rows and numbers).

A line is a word and D numbers. It is split from the right, because a word may hold spaces (GloVe 840B has `. . .`).
Lines stay bytes until the word is decoded, so only ASCII space, tab and newline separate; U+0085, U+2028 and a no-break
space stay part of a word. Words must be UTF-8, because a file in another encoding would silently match nothing.

The rows of a file without header are counted in a first pass, which takes a twentieth of the time. Growing the array
instead would take up to twice its memory.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.text.wording import count_of
from windowner.vectors.reading import Reading, check_finite, empty_rows, lines_of, open_vectors, parse_header

BOM = b"\xef\xbb\xbf"
SAMPLE = 20  # lines that decide the dimension of a file without header


class Layout(NamedTuple):
    """Numbers per row, and the number of rows that the header says (None: there is no header)."""

    dimension: int
    promised: int | None

    @property
    def first_line(self) -> int:
        """Number of the line that holds the first row; the file's first line is 1."""
        return 1 if self.promised is None else 2


def read_text(path: Path, limit: int | None = None) -> Reading:
    """Read the first `limit` rows (None: all) of a text file, gzipped or not.

    Raises
    ------
    VectorsError
        At the first line that is not a word and D finite numbers, or when the header says another number of rows.
    """
    layout = sniff(path)
    rows = _count_rows(path, limit) if layout.promised is None else layout.promised
    array = empty_rows(path, rows if limit is None else min(rows, limit), layout.dimension)
    with open_vectors(path) as stream:
        _skip_bom(stream)
        if layout.promised is not None:
            stream.readline()
        words = _fill(array, lines_of(stream, path), path, layout)
        if layout.promised is not None:
            _check_promise(path, layout.promised, len(words), len(array), lines_of(stream, path))
    check_finite(array, lambda row: f"{path}:{layout.first_line + row}")
    return Reading(words, array, (path,))


def sniff(path: Path) -> Layout:
    """Return whether the first line is a header, and how many numbers a row has.

    A header is a line of two integers. A row of one number whose word is an integer looks the same. In that case the
    next line has one number too. If the header says one number per row, the number of lines decides.
    """
    with open_vectors(path) as stream:
        _skip_bom(stream)
        lines = list(islice(lines_of(stream, path), SAMPLE))
    if not any(line.strip() for line in lines):
        raise VectorsError(f"{path}: the file is empty, expected a word and its numbers on each line")
    if b"\r" in lines[0].strip():
        raise VectorsError(
            f"{path}:1: carriage returns within the line, expected \\n or \\r\\n at the end of each line"
        )
    header = parse_header(lines[0])
    if header is None:
        return Layout(_common_dimension(path, lines), None)
    promised, dimension = header
    if dimension == 1:
        is_header = _count_rows(path) == promised + 1
    else:
        is_header = dimension > 1 and not (len(lines) > 1 and _count_numbers(lines[1]) == 1)
    return Layout(dimension, promised) if is_header else Layout(1, None)


def _common_dimension(path: Path, lines: list[bytes]) -> int:
    """Return the most common dimension of the first lines.

    At a tie the larger one wins: an error later is better than numbers that are read as part of the word.
    """
    votes = Counter(_count_numbers(line) for line in lines if line.strip())
    dimension = max(votes, key=lambda numbers: (votes[numbers], numbers))
    if dimension == 0:
        raise VectorsError(f"{path}:1: {_found(lines[0])}, expected a word and its numbers")
    return dimension


def _count_rows(path: Path, limit: int | None = None) -> int:
    """Count the lines up to the last one that is not blank."""
    last = 0
    with open_vectors(path) as stream:
        for number, line in enumerate(islice(lines_of(stream, path), limit), start=1):
            if not line.isspace():
                last = number
    return last


def _fill(array: Float32, lines: Iterable[bytes], path: Path, layout: Layout) -> list[str]:
    """Read one line into each row of the array and return the words, fewer than rows if the lines end early."""
    words: list[str] = []
    with np.errstate(over="ignore"):  # a number too large for float32 becomes infinite, and that is refused later
        for row, line in enumerate(islice(lines, len(array))):
            try:
                word, array[row] = _split(line, layout.dimension)
                words.append(word.decode())
            except ValueError:
                raise VectorsError(f"{path}:{layout.first_line + row}: {_fault(line, layout.dimension)}") from None
    return words


def _split(line: bytes, dimension: int) -> tuple[bytes, list[bytes]]:
    """Split a line into its word and its `dimension` numbers, or raise `ValueError` when it has fewer or more.

    A word that holds a space and ends in a number is refused, because it nearly always is a row with too many numbers.
    """
    word, *numbers = _single_spaced(line).rsplit(b" ", dimension)
    if len(numbers) != dimension or (b" " in word and _is_number(word.rpartition(b" ")[2])):
        raise ValueError("too few or too many numbers")
    return word, numbers


def _single_spaced(line: bytes) -> bytes:
    line = line.rstrip(b" \t\r\n").replace(b"\t", b" ")
    return re.sub(b" +", b" ", line) if b"  " in line else line


def _fault(line: bytes, dimension: int) -> str:
    """Return what is wrong with a line that could not be read."""
    word, *fields = _single_spaced(line).split(b" ")
    bad = [field for field in fields if not _is_number(field, finite=False)]
    if bad and len(fields) == dimension:
        return f"found {bad[0].decode(errors='replace')!r}, expected a number"
    if _count_numbers(line) != dimension:
        return f"{_found(line)}, expected {dimension}"
    return f"found the bytes {word!r}, expected a word in UTF-8"


def _found(line: bytes) -> str:
    count = _count_numbers(line)
    return f"found {count_of(count, 'number')}"


def _count_numbers(line: bytes) -> int:
    """Count the numbers at the end of a line; its first field is the word, even if that is a number."""
    fields = _single_spaced(line).split(b" ")[1:]
    return next((i for i, field in enumerate(reversed(fields)) if not _is_number(field, finite=False)), len(fields))


def _is_number(field: bytes, *, finite: bool = True) -> bool:
    try:
        return isfinite(float(field)) or not finite
    except ValueError:
        return False


def _check_promise(path: Path, promised: int, found: int, wanted: int, rest: Iterable[bytes]) -> None:
    if found < wanted:
        raise VectorsError(
            f"{path}:{found + 2}: the file ends after {count_of(found, 'row')}, and its header says {promised}"
        )
    if found == promised and any(line.strip() for line in rest):
        raise VectorsError(f"{path}:{found + 2}: found more rows than the {promised} of the header")


def _skip_bom(stream: BinaryIO) -> None:
    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
