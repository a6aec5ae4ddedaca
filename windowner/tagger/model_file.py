"""A model is one file: named arrays and a description, in the safetensors format.

The description is the metadata `windowner` of the file (`array_file.py`). It holds a digest over itself and every
array. Loading checks the digest, and refuses NaN and infinity. Nothing in the file is executed. The file is read once,
and not mapped: what is written over a mapped file later would change the arrays, or end the process. Lists of strings
are kept as JSON in arrays of bytes.

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
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta
from safetensors import SafetensorError
from safetensors.numpy import save, save_file

from windowner.arrays import Array
from windowner.errors import ModelError
from windowner.files import read_file, written_whole
from windowner.schemas import DAMAGE, described, fitted
from windowner.stores.address import AnyPath
from windowner.tagger.array_file import REMEDY, read_arrays, read_header

FORMAT = 5


class Versioned(msgspec.Struct):
    """What each description holds."""

    format: Annotated[int, Meta(ge=1)]


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


def read_model_file(path: AnyPath) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays of a model file. The arrays cannot be written.

    Raises
    ------
    ModelError
        There is no such file, or it is damaged, truncated, foreign, or of a newer format version.
    StoreError
        A store does not give it.
    """
    return read_model_bytes(content_of(path), path)


def read_model_bytes(content: bytes, name: AnyPath | str) -> tuple[dict[str, Any], dict[str, Array]]:
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
    header = read_header(content, name)
    description = _read_description(name, header.metadata)
    arrays = read_arrays(content, header, name)
    _check_digest(name, description, arrays)
    _check_finite(name, arrays)
    return description, arrays


def pack_strings(strings: Sequence[str]) -> Array:
    """Return strings as an array of bytes."""
    return np.frombuffer(msgspec.json.encode(strings), dtype=np.uint8)


def unpack_strings(array: Array) -> list[str]:
    """Return the strings that `pack_strings` packed.

    Raises
    ------
    ValueError
        The array holds something else.
    """
    try:
        return msgspec.json.decode(array.tobytes(), type=list[str])
    except DAMAGE as damage:
        raise ValueError(f"expected a list of strings: {described(damage)}") from None


def _with_digest(
    description: Mapping[str, Any], arrays: Mapping[str, Array]
) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the arrays as they are written, and the metadata: the description with its digest."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    described = {**description, "format": FORMAT}
    return contiguous, {"windowner": _canonical({**described, "digest": digest_of(described, contiguous)})}


def _canonical(description: Mapping[str, Any]) -> str:
    return json.dumps(description, ensure_ascii=False, sort_keys=True)


def digest_of(description: Mapping[str, Any], arrays: Mapping[str, Array]) -> str:
    """Return a BLAKE2b digest of a description without its digest, and of all arrays: name, type, shape and bytes."""
    described = {key: value for key, value in description.items() if key != "digest"}
    content = blake2b(_canonical(described).encode("utf-8", "surrogatepass"), digest_size=32)
    for name in sorted(arrays):
        array = arrays[name]
        content.update(f"\n{name} {array.dtype} {array.shape}\n".encode("utf-8", "surrogatepass"))
        content.update(array.reshape(-1).view(np.uint8).data)
    return content.hexdigest()


def _check_digest(name: AnyPath | str, description: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    if not has_digest(description):
        return
    if description.get("digest") != digest_of(description, arrays):
        raise ModelError(f"{name}: damaged: its content does not agree with its digest; {REMEDY}")


def has_digest(description: Mapping[str, Any]) -> bool:
    """Return whether a description must hold a digest: its format does, or it holds one.

    So a digest is checked even where damage has made another format a format 1.
    """
    return description["format"] >= 2 or "digest" in description


def _check_finite(place: AnyPath | str, arrays: Mapping[str, Array]) -> None:
    """Refuse NaN and infinity. A sum in float64 of float32 numbers is finite exactly when all of them are."""
    for name, array in arrays.items():
        with np.errstate(invalid="ignore"):  # infinity and its negative add up to NaN
            finite = array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64))
        if not finite:
            raise ModelError(f"{place}: {name} holds NaN or infinity, expected finite numbers; train again")


def content_of(path: AnyPath) -> bytes:
    """Return the content of a model file; see `read_model_file`."""
    try:
        return read_file(path)
    except FileNotFoundError:
        raise ModelError(f"{path}: no such file; expected a model that `windowner train` wrote") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None


def _read_description(name: AnyPath | str, metadata: Mapping[str, str]) -> dict[str, Any]:
    if "windowner" not in metadata:
        raise ModelError(f"{name}: a safetensors file, but not a windowner model: expected metadata `windowner`")
    place = f"{name}: its description"
    try:
        description = fitted(json.loads(metadata["windowner"]), dict[str, Any], place, REMEDY, ModelError)
        _canonical(description)  # fails where values are nested nearly too deeply
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{place}: damaged: {described(error)}; {REMEDY}") from None
    version = fitted(description, Versioned, place, REMEDY, ModelError).format
    if version > FORMAT:
        raise ModelError(f"{name}: format version {version}; this windowner reads up to {FORMAT}. Upgrade windowner")
    return description
