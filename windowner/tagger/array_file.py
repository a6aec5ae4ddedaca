"""Arrays of a safetensors file, read from its bytes with every check; nothing that the header says is believed.

8 bytes      length of the header
header       JSON: name, dtype, shape and place of every array; strings under `__metadata__`
the rest     the arrays' bytes, end to end
"""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from msgspec import Meta

from windowner.arrays import Array
from windowner.errors import ModelError
from windowner.schemas import DAMAGE, described
from windowner.stores.address import AnyPath

DTYPES: dict[str, type[np.generic]] = {"F32": np.float32, "U8": np.uint8}
SIZE = 8
"""Bytes of the length of the header."""

REMEDY = "train again, or copy it again"


class Entry(msgspec.Struct):
    """An array in the header: its first byte and the byte after its last one, among the arrays' bytes."""

    dtype: str
    shape: list[Annotated[int, Meta(ge=0)]]
    data_offsets: tuple[Annotated[int, Meta(ge=0)], int]


class Header(NamedTuple):
    """The entries of the arrays by name, the metadata, and where the arrays' bytes begin."""

    entries: Mapping[str, Entry]
    metadata: Mapping[str, str]
    end: int


def read_header(content: bytes, name: AnyPath | str) -> Header:
    """Return the header of a file's content.

    Parameters
    ----------
    content
        All bytes of the file.
    name
        What an error calls the file.

    Raises
    ------
    ModelError
        The header cannot be read, or does not agree with the length of the file.
    """
    end = SIZE + int.from_bytes(content[:SIZE], "little")
    try:
        header = msgspec.json.decode(content[SIZE:end], type=dict[str, msgspec.Raw])
        metadata = msgspec.json.decode(header.pop("__metadata__", msgspec.Raw(b"{}")), type=dict[str, str])
        entries = {key: msgspec.json.decode(entry, type=Entry) for key, entry in header.items()}
    except DAMAGE as damage:
        raise ModelError(f"{name}: damaged, truncated or not a model file ({described(damage)})") from None
    if end > len(content) or not _fill(entries.values(), len(content) - end):
        raise ModelError(f"{name}: damaged, truncated or not a model file (header and length disagree)")
    return Header(entries, metadata, end)


def read_arrays(content: bytes, header: Header, name: AnyPath | str) -> dict[str, Array]:
    """Return the arrays of a file's content. They share its memory, and cannot be written.

    Raises
    ------
    ModelError
        An array has another dtype than those of windowner, or its shape does not agree with its bytes.
    """
    data = np.frombuffer(content, dtype=np.uint8)[header.end :]
    return {key: _array(data, entry, f"{name}: {key}") for key, entry in header.entries.items()}


def _fill(entries: Iterable[Entry], size: int) -> bool:
    """Return whether the arrays stand end to end in this many bytes."""
    end = 0
    for first, last in sorted(entry.data_offsets for entry in entries):
        if first != end or last < first:
            return False
        end = last
    return end == size


def _array(data: Array, entry: Entry, name: str) -> Array:
    dtype = DTYPES.get(entry.dtype)
    if dtype is None:
        raise ModelError(f"{name} is an array of {entry.dtype}, expected {' or '.join(DTYPES)}")
    first, last = entry.data_offsets
    if prod(entry.shape) * np.dtype(dtype).itemsize != last - first:
        raise ModelError(
            f"{name} has {last - first} bytes, expected {entry.dtype} of the shape {entry.shape}; {REMEDY}"
        )
    try:
        return data[first:last].view(dtype).reshape(entry.shape)
    except ValueError as error:  # too many dimensions, or sizes beyond those of the machine beside a size of 0
        raise ModelError(f"{name} has a shape that no array can have ({error}); {REMEDY}") from None
