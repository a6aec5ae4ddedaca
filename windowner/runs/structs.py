"""Files of a run that hold one JSON object per line, each of which is a struct of msgspec."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from windowner.errors import DataError
from windowner.files import write_whole
from windowner.runs.metrics_file import REMEDY
from windowner.schemas import decode_json

T = TypeVar("T")


def write_structs(path: Path, values: Iterable[msgspec.Struct]) -> None:
    """Write one JSON object per line."""
    write_whole(path, msgspec.json.Encoder().encode_lines(values))


def read_structs(path: Path, kind: type[T]) -> list[T]:
    """Read a file of JSON objects, one per line.

    Raises
    ------
    DataError
        The file is missing, empty or damaged.
    """
    lines = enumerate(read_file(path).splitlines(), start=1)
    values = [decode_json(line, kind, f"{path}:{number}", REMEDY) for number, line in lines]
    if not values:
        raise DataError(f"{path}:1: empty, expected at least one line; train again")
    return values


def read_file(path: Path) -> bytes:
    """Return the content of a file of a run.

    Raises
    ------
    DataError
        The file is missing, or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        expected = "expected a run that `windowner train` has finished. Train it again"
        raise DataError(f"{path}: no such file; {expected}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
