"""A model is one file: named arrays and a description, in the safetensors format.

    8 bytes      length of the header
    header       JSON: name, dtype, shape and place of every array; our description as the metadata `windowner`
    the rest     the arrays' bytes, end to end

The description holds a digest over itself and every array, which is checked on loading together with the numbers: NaN
and infinity are refused. Nothing in the file is executed. The file is mapped, so that processes that load it share its
pages. Lists of strings are kept as JSON in arrays of bytes.

    format 1    no digest
    format 2    digest; the lookup tables as one list in the description
    format 3    the document head, where there is one
    format 4    the character network, where there is one
    format 5    rules, where there are any
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors import SafetensorError, deserialize, safe_open
from safetensors.numpy import save, save_file

from windowner.arrays import Array
from windowner.errors import ModelError
from windowner.files import written_whole

FORMAT = 5
DTYPES: dict[str, type[np.generic]] = {"F32": np.float32, "U8": np.uint8}


def write_model_file(path: Path, description: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write a model file; it appears under its name when it is whole, so a crash leaves what was there before."""
    contiguous, metadata = _with_digest(description, arrays)
    try:
        with written_whole(path) as unfinished:
            save_file(contiguous, unfinished, metadata)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written: {error.strerror}") from None
    except SafetensorError as error:  # a full disk
        raise ModelError(f"{path}: cannot be written: {error}") from None


def model_file_bytes(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """Return the content of the file that `write_model_file` writes."""
    content: bytes = save(*_with_digest(description, arrays))
    return content


def read_model_file(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays, mapped, of a model file.

    Raises
    ------
    ModelError
        There is no such file, or it is damaged, truncated, foreign, or of a newer format version.
    """
    try:
        with safe_open(path, framework="numpy") as file:  # checks that header and length agree
            metadata = file.metadata() or {}
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; expected a model that `windowner train` wrote") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None
    except SafetensorError as error:
        raise ModelError(f"{path}: damaged, truncated or not a model file ({error})") from None
    description = _read_description(path, metadata)
    return description, _read_arrays(path, description, np.memmap(path, mode="r", dtype=np.uint8))


def read_model_bytes(content: bytes, name: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays that the content of a model file holds, with the same checks.

    Parameters
    ----------
    content
        What `model_file_bytes` returned. The arrays share its memory.
    name
        What an error calls the place that it comes from.

    Raises
    ------
    ModelError
        It is damaged, truncated, foreign, or of a newer format version.
    """
    try:
        deserialize(content)  # type: ignore[no-untyped-call]  # checks that header and length agree
    except SafetensorError as error:
        raise ModelError(f"{name}: damaged, truncated or not a model file ({error})") from None
    data = np.frombuffer(content, dtype=np.uint8)
    description = _read_description(name, _read_header(data)[0].get("__metadata__", {}))
    return description, _read_arrays(name, description, data)


def pack_strings(strings: Sequence[str]) -> Array:
    """Return strings as an array of bytes."""
    return np.frombuffer(msgspec.json.encode(strings), dtype=np.uint8)


def unpack_strings(array: Array) -> list[str]:
    """Return the strings that `pack_strings` packed."""
    return msgspec.json.decode(array.tobytes(), type=list[str])


def _with_digest(
    description: Mapping[str, Any], arrays: Mapping[str, Array]
) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the arrays as they are written, and the metadata: the description with its digest."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    described = {**description, "format": FORMAT}
    return contiguous, {"windowner": _canonical({**described, "digest": _digest(described, contiguous)})}


def _canonical(description: Mapping[str, Any]) -> str:
    return json.dumps(description, ensure_ascii=False, sort_keys=True)


def _digest(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    """Return a BLAKE2b digest of a description, but for its digest, and all arrays: names, types, shapes and bytes."""
    described = {key: value for key, value in description.items() if key != "digest"}
    content = blake2b(_canonical(described).encode("utf-8", "surrogatepass"), digest_size=32)
    for name in sorted(arrays):
        array = arrays[name]
        content.update(f"\n{name} {array.dtype} {array.shape}\n".encode("utf-8", "surrogatepass"))
        content.update(array.reshape(-1).view(np.uint8).data)
    return content.hexdigest()


def _check_digest(place: Path | str, description: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    if description["format"] < 2:
        return
    if description.get("digest") != _digest(description, arrays):
        raise ModelError(f"{place}: damaged: its content does not agree with its digest; train again, or copy it again")


def _check_finite(place: Path | str, arrays: Mapping[str, Array]) -> None:
    """Refuse NaN and infinity. A sum in float64 of float32 numbers is finite exactly when all of them are."""
    for name, array in arrays.items():
        with np.errstate(invalid="ignore"):  # infinity and its negative add up to NaN
            finite = array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64))
        if not finite:
            raise ModelError(f"{place}: {name} holds NaN or infinity, expected finite numbers; train again")


def _read_description(name: Path | str, metadata: Mapping[str, str]) -> dict[str, Any]:
    if "windowner" not in metadata:
        raise ModelError(f"{name}: a safetensors file, but not a windowner model: expected metadata `windowner`")
    try:
        description = msgspec.convert(json.loads(metadata["windowner"]), dict[str, Any])
        version = msgspec.convert(description.get("format"), int)
    except ValueError as error:
        raise ModelError(f"{name}: damaged: its description cannot be read: {error}") from None
    if version > FORMAT:
        raise ModelError(f"{name}: format version {version}; this windowner reads up to {FORMAT}. Upgrade windowner")
    return description


def _read_header(data: Array) -> tuple[dict[str, Any], int]:
    """Return the header of a file, and where it ends."""
    end = 8 + int(data[:8].view("<u8")[0])
    return json.loads(bytes(data[8:end])), end


def _read_arrays(name: Path | str, description: Mapping[str, Any], data: Array) -> dict[str, Array]:
    """Return the arrays of a file, checked; they share the memory of its bytes, (bytes,)."""
    header, end = _read_header(data)
    header.pop("__metadata__")
    arrays = {key: _mapped(data[end:], entry, f"{name}: {key}") for key, entry in header.items()}
    _check_digest(name, description, arrays)
    _check_finite(name, arrays)
    return arrays


def _mapped(data: Array, entry: Mapping[str, Any], name: str) -> Array:
    dtype = DTYPES.get(entry["dtype"])
    if dtype is None:
        raise ModelError(f"{name} is an array of {entry['dtype']}, expected {' or '.join(DTYPES)}")
    first, last = entry["data_offsets"]
    return data[first:last].view(dtype).reshape(entry["shape"])
