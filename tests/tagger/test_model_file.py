"""The model file: what is written is read; what is damaged, foreign or too new is a ModelError, whatever the damage."""

import json
import os
import resource
import signal

import numpy as np
import pytest
from safetensors.numpy import save_file
from synthetic import Tiny, train_tiny

from windowner.errors import ModelError
from windowner.tagger.model_file import FORMAT, pack_strings, read_model_file, unpack_strings, write_model_file
from windowner.tagger.tagger import Tagger


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


def message(path) -> str:
    with pytest.raises(ModelError) as error:
        Tagger.load(path)
    return str(error.value).removeprefix(str(path))


def header_end(content: bytes) -> int:
    return 8 + int.from_bytes(content[:8], "little")


def assert_same(read, written):
    assert read.keys() == written.keys()
    for name, array in written.items():
        np.testing.assert_array_equal(read[name], array, strict=True)


def test_arrays_come_back_bit_for_bit(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "a": rng.integers(0, 2**32, (5, 3), dtype=np.uint32).view(np.float32),  # any bits, NaN among them
        "transposed": rng.normal(size=(4, 3)).astype(np.float32).T,
        "none": np.empty((0, 3), dtype=np.float32),
        "bytes": np.arange(7, dtype=np.uint8),
    }
    path = tmp_path / "m.safetensors"
    write_model_file(path, {"name": "ü ' \" \u2028"}, arrays)
    description, read = read_model_file(path)
    assert description == {"format": FORMAT, "name": "ü ' \" \u2028"}
    assert_same(
        {name: array.view(np.uint8) for name, array in read.items()},
        {name: np.ascontiguousarray(array).view(np.uint8) for name, array in arrays.items()},
    )
    assert [read[name].shape for name in arrays] == [array.shape for array in arrays.values()]


def test_arrays_are_mapped_and_not_writable(tiny):
    _, arrays = read_model_file(tiny.model)
    for array in arrays.values():
        assert not array.flags.writeable
        assert not array.flags.owndata
    base = arrays["E.words"]
    while isinstance(base, np.ndarray) and base.base is not None:
        base = base.base
    assert type(base).__name__ == "mmap"


def test_the_bytes_do_not_depend_on_the_order_of_names(tmp_path):
    arrays = {name: np.full(3, i, dtype=np.float32) for i, name in enumerate("abc")}
    write_model_file(tmp_path / "1", {"x": 1, "y": 2}, arrays)
    write_model_file(tmp_path / "2", {"y": 2, "x": 1}, dict(reversed(arrays.items())))
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_what_is_written_is_of_this_format_whatever_was_read(tmp_path):
    write_model_file(tmp_path / "m", {"format": 0}, {})
    assert read_model_file(tmp_path / "m")[0] == {"format": FORMAT}


@pytest.mark.parametrize("strings", [[], [""], ["a", "New York", '\u2028\n\t"', "ü", "\U0001f600", "\0"]])
def test_strings_come_back(strings):
    packed = pack_strings(strings)
    assert packed.dtype == np.uint8
    assert unpack_strings(packed) == strings


# Writing


def test_a_tagger_may_be_saved_over_the_file_that_it_is_mapped_from(tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(tiny.model.read_bytes())
    Tagger.load(path).save(path)
    assert path.read_bytes() == tiny.model.read_bytes()
    assert os.listdir(tmp_path) == ["m.safetensors"]


def test_a_full_disk_leaves_the_old_model_and_nothing_else(tiny, tmp_path):
    """A limit on the size of files stands in for the disk."""
    path = tmp_path / "m.safetensors"
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(ModelError, match=r"m\.safetensors: cannot be written: .*File too large"):
            tiny.run.tagger.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["m.safetensors"]


def test_a_folder_that_is_missing_or_in_the_way(tiny, tmp_path):
    with pytest.raises(ModelError, match="cannot be written: No such file or directory"):
        tiny.run.tagger.save(tmp_path / "no" / "m.safetensors")
    with pytest.raises(ModelError, match="cannot be written: Is a directory"):
        tiny.run.tagger.save(tmp_path)
    assert not os.listdir(tmp_path)


def test_others_may_read_the_file_as_the_umask_says(tmp_path):
    old = os.umask(0o027)
    try:
        write_model_file(tmp_path / "m", {}, {})
    finally:
        os.umask(old)
    assert (tmp_path / "m").stat().st_mode & 0o777 == 0o640


# Damage


def test_any_truncation_is_a_model_error(tiny, tmp_path):
    content = tiny.model.read_bytes()
    rng = np.random.default_rng(0)
    end = header_end(content)
    lengths = {*range(20), end - 1, end, end + 1, len(content) - 1, *rng.integers(0, len(content), 150).tolist()}
    path = tmp_path / "m.safetensors"
    for length in sorted(lengths):
        path.write_bytes(content[:length])
        assert message(path).startswith(": damaged, truncated or not a model file ("), length


def test_bytes_too_many_are_a_model_error(tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(tiny.model.read_bytes() + b"x")
    assert message(path).startswith(": damaged, truncated or not a model file (")


def test_damage_in_the_header_is_a_model_error_or_harmless(tiny, tmp_path):
    """What is still a whole description, such as another letter in a type's name, cannot be told from the right one."""
    content = bytearray(tiny.model.read_bytes())
    rng = np.random.default_rng(1)
    path = tmp_path / "m.safetensors"
    errors = 0
    for place in [*range(8), *rng.integers(8, header_end(content), 500).tolist()]:
        damaged = content.copy()
        damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        told = ""
        try:
            Tagger.load(path)
        except ModelError as error:
            told = str(error)
        assert told.startswith(f"{path}: ") or (not told and place >= 8)
        assert "\n" not in told
        errors += bool(told)
    assert errors > 250


def test_damage_in_the_lists_of_strings_is_a_model_error_or_harmless(tiny, tmp_path):
    content = bytearray(tiny.model.read_bytes())
    packed = pack_strings(tiny.run.tagger.words).tobytes()
    start = content.index(packed)
    rng = np.random.default_rng(2)
    path = tmp_path / "m.safetensors"
    for place in (start + rng.integers(0, len(packed), 100)).tolist():
        damaged = content.copy()
        damaged[place] ^= 0x80  # a byte that ASCII does not have
        path.write_bytes(damaged)
        assert message(path).startswith(": the parts of the model do not fit together: ")


@pytest.mark.parametrize("content", [b"", b"x", b"Paris B-LOC\n" * 100, b"\0" * 100, b"\xff" * 100, b"PK\x03\x04" * 50])
def test_other_files_are_no_model(tmp_path, content):
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    assert message(path).startswith(": damaged, truncated or not a model file (")


def test_a_foreign_safetensors_file(tmp_path):
    path = tmp_path / "m.safetensors"
    for metadata in (None, {"format": "pt"}):
        save_file({"weight": np.zeros(3)}, path, metadata)
        assert message(path) == ": a safetensors file, but not a windowner model: expected metadata `windowner`"


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[]", "Expected `object`, got `array`"),
        ("{}", "Expected `int`, got `null`"),
        ('{"format": "1"}', "Expected `int`, got `str`"),
        ('{"format": 1.5}', "Expected `int`, got `float`"),
    ],
)
def test_a_description_that_is_none(tmp_path, description, expected):
    path = tmp_path / "m.safetensors"
    save_file({"weight": np.zeros(3)}, path, {"windowner": description})
    assert message(path).startswith(f": damaged: its description cannot be read: {expected}")


def test_a_newer_format_asks_for_an_upgrade(tmp_path):
    path = tmp_path / "m.safetensors"
    save_file({}, path, {"windowner": json.dumps({"format": FORMAT + 1})})
    assert message(path) == f": format version {FORMAT + 1}; this windowner reads up to {FORMAT}. Upgrade windowner"


def test_an_array_of_a_kind_that_models_do_not_hold(tmp_path):
    path = tmp_path / "m.safetensors"
    save_file({"W": np.zeros(3)}, path, {"windowner": json.dumps({"format": FORMAT})})
    assert message(path) == ": W is an array of F64, expected F32 or U8"


def test_no_file_or_a_folder_without_one(tmp_path):
    path = tmp_path / "no"
    assert message(path) == ": no such file; expected a model that `windowner train` wrote"
    assert message(tmp_path) == "/model.safetensors: no such file; expected a model that `windowner train` wrote"
