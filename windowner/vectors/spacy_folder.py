"""Vectors in a folder that spaCy wrote: a pipeline, its `vocab`, or what `Vectors.to_disk` writes.

    vectors        the array, (rows, D), as numpy writes it
    key2row        MessagePack: the row of each key. Several keys may share a row
    vectors.cfg    JSON: the mode
    strings.json   JSON: the strings; a string's key is its MurmurHash64A with seed 1

spaCy is not needed. Nothing in the folder is executed: arrays of objects, which are pickles, are refused. A key whose
string is not in strings.json has no word. Such keys are left out and counted.

Source of the hash: Appleby, MurmurHash2, 64-bit version for 64-bit platforms.
"""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from windowner.errors import VectorsError
from windowner.files import read_file
from windowner.schemas import DAMAGE, described
from windowner.vectors.reading import Reading, check_finite, map_array

FACTOR, MASK = 0xC6A4A7935BD1E995, (1 << 64) - 1
NAMES = ("vectors", "key2row")


def find_folder(path: Path) -> Path | None:
    """Return the folder with the files of the vectors: `path` itself, or its `vocab`. None if there are none."""
    return next((folder for folder in (path, path / "vocab") if all((folder / name).is_file() for name in NAMES)), None)


def read_folder(folder: Path) -> tuple[Reading, int]:
    """Return the words of a folder with their vectors, in the order of their rows, and how many keys were left out.

    Raises
    ------
    VectorsError
        A file is missing or damaged, or the vectors are not one row per word.
    """
    if (folder / "vectors.cfg").exists():
        mode = _decode(folder / "vectors.cfg", dict[str, Any]).get("mode", "default")
        if mode != "default":
            raise VectorsError(f"{folder / 'vectors.cfg'}: found the mode {mode!r}, expected 'default': a row per word")
    array = _read_array(folder / "vectors")
    row_of_key = _decode(folder / "key2row", dict[int, int])
    words = {key: word for word in _decode(folder / "strings.json", list[str]) if (key := hash_of(word)) in row_of_key}
    found = sorted((row_of_key[key], word) for key, word in words.items())
    rows = [row for row, _ in found]
    if any(not 0 <= row < len(array) for row in rows):
        raise VectorsError(
            f"{folder / 'key2row'}: found a row outside of the {len(array):,} rows of {folder / 'vectors'}"
        )
    with np.errstate(over="ignore"):  # a number too large for float32 becomes infinite, and that is refused
        kept = array[rows].astype(np.float32)
    check_finite(kept, lambda row: f"{folder / 'vectors'}: row {rows[row] + 1}")
    return Reading([word for _, word in found], kept, tuple(folder / name for name in NAMES)), len(row_of_key) - len(
        found
    )


def hash_of(text: str) -> int:
    """Return spaCy's key of a string.

    Eight bytes at a time, as a little-endian number k, are mixed into h. Fewer ones at the end are mixed in together.
    """
    data = text.encode("utf-8", "surrogatepass")
    h = 1 ^ (len(data) * FACTOR & MASK)
    whole = len(data) - len(data) % 8
    for place in range(0, whole, 8):
        k = int.from_bytes(data[place : place + 8], "little") * FACTOR & MASK
        h = (h ^ (k ^ k >> 47) * FACTOR & MASK) * FACTOR & MASK
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * FACTOR & MASK
    h = (h ^ h >> 47) * FACTOR & MASK
    return h ^ h >> 47


def _read_array(path: Path) -> np.ndarray[Any, Any]:
    array = map_array(path)
    if array.dtype.kind != "f" or array.ndim != 2:
        raise VectorsError(f"{path}: found {array.dtype} {array.shape}, expected floating-point numbers, (rows, D)")
    return array


def _decode(path: Path, type: Any) -> Any:
    """Return the content of a file of JSON or MessagePack."""
    decode = msgspec.msgpack.decode if path.name == "key2row" else msgspec.json.decode
    try:
        return decode(read_file(path), type=type)
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None
    except DAMAGE as damage:
        raise VectorsError(f"{path}: not as spaCy writes it: {described(damage)}") from None
