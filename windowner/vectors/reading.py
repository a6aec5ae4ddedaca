"""Shared by all readers of vector files: open a file that may be gzipped, allocate the array, refuse NaN.

A reader returns a `Reading`.
"""

import gzip
import io
import tokenize
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import numpy as np

from windowner.arrays import Array, Float32
from windowner.errors import VectorsError
from windowner.formats.limits import LONGEST_LINE

GZIP_MAGIC = b"\x1f\x8b"
UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, SyntaxError, ArithmeticError, LookupError, MemoryError, RecursionError),
    *(tokenize.TokenError, Warning),
)
"""What NumPy raises for a damaged array. Its header is a Python literal."""

LONGEST_INTEGER = 18  # digits of a number of rows in a header


class Reading(NamedTuple):
    """What a reader returns.

    Parameters
    ----------
    words
        V words, most frequent first.
    array
        Their vectors, (V, D).
    files
        The files that were read.
    """

    words: list[str]
    array: Float32
    files: tuple[Path, ...]


@contextmanager
def open_vectors(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, gzipped or not; an error while reading becomes a `VectorsError`.

    Gzip is recognised by its first two bytes and not by the name, because downloads are often renamed.
    """
    try:
        with path.open("rb") as raw:
            if raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC):
                with io.BufferedReader(gzip.open(raw)) as unpacked:  # reads lines faster than GzipFile
                    yield unpacked
            else:
                yield raw
    except EOFError:
        raise VectorsError(f"{path}: the gzip data end before their end mark: the file is truncated") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise VectorsError(f"{path}: the gzip data are damaged: {error}") from None
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None


def lines_of(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    """Yield the lines of a file. One that is too long is a `VectorsError`, before it fills the memory."""
    for line in iter(partial(stream.readline, LONGEST_LINE + 1), b""):
        if len(line) > LONGEST_LINE:
            raise VectorsError(f"{path}: a line has more than {LONGEST_LINE:,} bytes, expected fewer")
        yield line


def parse_header(line: bytes) -> tuple[int, int] | None:
    """Return rows and dimension if a line is two integers, as in word2vec's formats; else None."""
    fields = line.split()
    if len(fields) == 2 and all(field.isdigit() and len(field) <= LONGEST_INTEGER for field in fields):
        return int(fields[0]), int(fields[1])
    return None


def empty_rows(path: Path, rows: int, dimension: int) -> Float32:
    """Allocate the (rows, dimension) array; a header that says more rows than memory holds is a `VectorsError`."""
    try:
        return np.empty((rows, dimension), dtype=np.float32)
    except (MemoryError, ValueError):
        raise VectorsError(f"{path}: {rows} rows of {dimension} numbers do not fit in memory") from None


def check_finite(array: Float32, where: Callable[[int], str]) -> None:
    """Refuse NaN and infinity; `where(row)` returns the place of a row in the file, for the message.

    A sum of float32 numbers in float64 cannot overflow, so it is finite exactly when all of them are finite.
    `np.isfinite(array)` would need memory of the array's size.
    """
    with np.errstate(invalid="ignore"):
        if np.isfinite(array.sum(dtype=np.float64)):
            return
        row = next(row for row, vector in enumerate(array) if not np.isfinite(vector).all())
    found = array[row][~np.isfinite(array[row])][0]
    raise VectorsError(f"{where(row)}: found {found}, expected finite numbers")


def map_array(path: Path) -> Array:
    """Map an array that NumPy wrote (`.npy`). Arrays of objects, which are pickles, and archives (`.npz`) are refused.

    Raises
    ------
    VectorsError
        There is no such file, or it is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # about a header that was not written by NumPy
            return np.lib.format.open_memmap(path, mode="r")  # `np.load` would also read archives and pickles
    except UNREADABLE as error:
        raise VectorsError(f"{path}: damaged, or not an array of numbers: {error}") from None


def remapped(array: Array) -> Array:
    """Map the file of a mapped array once more and return the same rows; return any other array unchanged.

    Pages stay in memory as long as the map through which they were read. Those read through this map are freed with it.
    """
    whole = array.base if isinstance(array.base, np.memmap) else array
    if not isinstance(whole, np.memmap) or whole.filename is None:  # None: a converted copy in memory
        return array
    order: Literal["F", "C"] = "F" if whole.flags.f_contiguous else "C"
    fresh: Array = np.memmap(whole.filename, whole.dtype, "r", whole.offset, whole.shape, order)
    return fresh[: len(array)]
