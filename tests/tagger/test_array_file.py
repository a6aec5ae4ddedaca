"""Headers that lie are refused before an array is made."""

import json

import numpy as np
import pytest
from safetensors.numpy import save

from windowner.errors import ModelError
from windowner.tagger.array_file import read_arrays, read_header

ARRAYS = {"U": np.arange(6, dtype=np.float32).reshape(2, 3), "values": np.arange(5, dtype=np.uint8)}


def content_with(**entries) -> bytes:
    """A file of one array `U` of 8 bytes, with these changes of its entry."""
    entry = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | entries
    header = json.dumps({"U": entry}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(8)


def arrays_of(content: bytes) -> dict[str, np.ndarray]:
    return read_arrays(content, read_header(content, "a file"), "a file")


def test_what_safetensors_writes_is_read():
    content = save(ARRAYS, {"windowner": "{}"})
    assert read_header(content, "a file").metadata == {"windowner": "{}"}
    found = arrays_of(content)
    assert sorted(found) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array, strict=True)
        assert not found[name].flags.writeable


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data_offsets": [0, 4]}, "header and length disagree"),
        ({"data_offsets": [4, 8]}, "header and length disagree"),
        ({"data_offsets": [0, 12]}, "header and length disagree"),
        ({"data_offsets": [-1, 8]}, "damaged, truncated or not a model file"),
        ({"shape": [3]}, "a file: U has 8 bytes, expected F32 of the shape [3]"),
        ({"shape": [2**63, 2]}, "damaged|expected F32 of the shape"),
        ({"shape": [1] * 64 + [2]}, "a file: U has a shape that no array can have"),
        ({"dtype": "F64", "shape": [1]}, "a file: U is an array of F64, expected F32 or U8"),
    ],
)
def test_an_entry_that_lies(changes, message):
    content = content_with(**changes)
    with pytest.raises(ModelError) as error:
        arrays_of(content)
    assert any(part in str(error.value) for part in message.split("|"))


@pytest.mark.parametrize("content", [b"", b"\xff" * 7, b"\xff" * 8, save(ARRAYS)[:-1], save(ARRAYS) + b"x"])
def test_another_length(content):
    with pytest.raises(ModelError, match="damaged, truncated or not a model file"):
        read_header(content, "a file")


@pytest.mark.parametrize("shape", [[2**62, 0], [0, 2**63], [10**18, 10**18, 0], [0] * 65])
def test_an_empty_array_with_sizes_that_cannot_be(shape):
    header = json.dumps({"U": {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}}).encode()
    with pytest.raises(ModelError, match="a file: U has a shape that no array can have"):
        arrays_of(len(header).to_bytes(8, "little") + header)
