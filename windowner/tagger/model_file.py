"""The one file that a model is: named arrays and a description, in the safetensors format.

    8 bytes      length of the header
    header       JSON: name, dtype, shape and place of every array; our description as the metadata `windowner`
    the rest     the arrays' bytes, end to end

Nothing in it is executed. Reading maps the file: an array's bytes come from disk when they are first touched. Lists of
strings are kept as JSON in arrays of bytes.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from windowner.arrays import Array
from windowner.errors import ModelError

FORMAT = 1
DTYPES: dict[str, type[np.generic]] = {"F32": np.float32, "U8": np.uint8}


def write_model_file(path: Path, description: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a model file; it appears under its name when it is whole, so a crash leaves what was there before."""
    text = json.dumps({**description, "format": FORMAT}, ensure_ascii=False, sort_keys=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.touch()
        mode = unfinished.stat().st_mode  # what the user's umask gives; save_file would make the file private
        save_file(
            {name: np.ascontiguousarray(array) for name, array in arrays.items()}, unfinished, {"windowner": text}
        )
        unfinished.chmod(mode)
        os.replace(unfinished, path)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written: {error.strerror}") from None
    except SafetensorError as error:  # a full disk
        raise ModelError(f"{path}: cannot be written: {error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def read_model_file(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays, mapped, of a model file.

    Raises
    ------
    ModelError
        There is no such file, or it is damaged, truncated, foreign, or of a newer format version.
    """
    description = _read_description(path)
    data = np.memmap(path, mode="r", dtype=np.uint8)
    start = 8 + int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8:start]))
    header.pop("__metadata__")
    return description, {name: _mapped(data[start:], entry, f"{path}: {name}") for name, entry in header.items()}


def pack_strings(strings: Sequence[str]) -> NDArray[np.uint8]:
    """Return strings as an array of bytes."""
    return np.frombuffer(msgspec.json.encode(strings), dtype=np.uint8)


def unpack_strings(array: Array) -> list[str]:
    """Return the strings that `pack_strings` packed."""
    return msgspec.json.decode(array.tobytes(), type=list[str])


def _read_description(path: Path) -> dict[str, Any]:
    try:
        with safe_open(path, framework="numpy") as file:  # checks that header and length agree
            metadata = file.metadata() or {}
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; expected a model that `windowner train` wrote") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None
    except SafetensorError as error:
        raise ModelError(f"{path}: damaged, truncated or not a model file ({error})") from None
    if "windowner" not in metadata:
        raise ModelError(f"{path}: a safetensors file, but not a windowner model: expected metadata `windowner`")
    try:
        description = msgspec.convert(json.loads(metadata["windowner"]), dict[str, Any])
        version = msgspec.convert(description.get("format"), int)
    except ValueError as error:
        raise ModelError(f"{path}: damaged: its description cannot be read: {error}") from None
    if version > FORMAT:
        raise ModelError(f"{path}: format version {version}; this windowner reads up to {FORMAT}. Upgrade windowner")
    return description


def _mapped(data: Array, entry: Mapping[str, Any], name: str) -> Array:
    dtype = DTYPES.get(entry["dtype"])
    if dtype is None:
        raise ModelError(f"{name} is an array of {entry['dtype']}, expected {' or '.join(DTYPES)}")
    first, last = entry["data_offsets"]
    return data[first:last].view(dtype).reshape(entry["shape"])
