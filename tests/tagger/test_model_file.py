"""The model file: what is written is read; what is damaged, foreign or too new is a ModelError, whatever the damage."""

import json
import os
import resource
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from comparing import assert_same_model
from safetensors.numpy import save_file

from windowner.config.checking import make_config
from windowner.errors import ModelError
from windowner.inputs.features import POSITIONS, Feature
from windowner.inputs.gazetteer import Gazetteer
from windowner.inputs.tables import Table
from windowner.network.chain.scores import Chain
from windowner.network.model import WindowNetwork
from windowner.tagger.model import Model
from windowner.tagger.model_file import FORMAT, pack_strings, read_model_file, unpack_strings, write_model_file
from windowner.tagger.parts import model_bytes, model_of_bytes, read_model, write_model
from windowner.text.spans import TagTable


def message(path) -> str:
    """What is wrong with a file, which is also what is wrong with its content in memory."""
    with pytest.raises(ModelError) as error:
        read_model(path)
    if path.is_file():
        with pytest.raises(ModelError) as in_memory:
            from_memory(path)
        assert reason(in_memory.value) == reason(error.value)
    return str(error.value).removeprefix(str(path))


def reason(error: object) -> str:
    """An error without what safetensors says, which has other words for content in memory."""
    return str(error).partition(" (")[0]


def from_memory(path: Path) -> Model:
    return model_of_bytes(path.read_bytes(), str(path))


def header_end(content: bytes) -> int:
    return 8 + int.from_bytes(content[:8], "little")


def assert_same(read, written):
    assert read.keys() == written.keys()
    for name, array in written.items():
        np.testing.assert_array_equal(read[name], array, strict=True)


def test_arrays_come_back_bit_for_bit(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {
        "a": np.array([0.0, -0.0, 1e-45, -3.4e38, 1 / 3], dtype=np.float32),
        "transposed": rng.normal(size=(4, 3)).astype(np.float32).T,
        "none": np.empty((0, 3), dtype=np.float32),
        "bytes": np.arange(7, dtype=np.uint8),
    }
    path = tmp_path / "m.safetensors"
    write_model_file(path, {"name": "ü ' \" \u2028"}, arrays)
    description, read = read_model_file(path)
    assert len(description.pop("digest")) == 64
    assert description == {"format": FORMAT, "name": "ü ' \" \u2028"}
    assert_same(
        {name: array.view(np.uint8) for name, array in read.items()},
        {name: np.ascontiguousarray(array).view(np.uint8) for name, array in arrays.items()},
    )
    assert [read[name].shape for name in arrays] == [array.shape for array in arrays.values()]


def test_what_is_written_over_the_file_does_not_change_the_arrays(tiny, tmp_path):
    """Arrays of a mapped file would change, and reading one of them after the file was cut would end the process."""
    path = shutil.copy(tiny.model, tmp_path / "m.safetensors")
    _, expected = read_model_file(tiny.model)
    _, arrays = read_model_file(path)
    path.write_bytes(b"")
    assert_same(arrays, expected)
    assert not any(array.flags.writeable for array in arrays.values())


def test_a_model_in_memory_is_the_content_of_its_file(tiny):
    content = model_bytes(tiny.run.tagger.model)
    assert content == tiny.model.read_bytes()
    assert_same_model(model_of_bytes(content, "memory"), tiny.run.tagger.model)


def test_the_bytes_do_not_depend_on_the_order_of_names(tmp_path):
    arrays = {name: np.full(3, i, dtype=np.float32) for i, name in enumerate("abc")}
    write_model_file(tmp_path / "1", {"x": 1, "y": 2}, arrays)
    write_model_file(tmp_path / "2", {"y": 2, "x": 1}, dict(reversed(arrays.items())))
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_what_is_written_is_of_this_format_whatever_was_read(tmp_path):
    write_model_file(tmp_path / "m", {"format": 0}, {})
    assert read_model_file(tmp_path / "m")[0]["format"] == FORMAT


@pytest.mark.parametrize("strings", [[], [""], ["a", "New York", '\u2028\n\t"', "ü", "\U0001f600", "\0"]])
def test_strings_come_back(strings):
    packed = pack_strings(strings)
    assert packed.dtype == np.uint8
    assert unpack_strings(packed) == strings


# Writing


def test_a_model_may_be_saved_over_its_own_file(tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(tiny.model.read_bytes())
    write_model(read_model(path), path)
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
            write_model(tiny.run.tagger.model, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["m.safetensors"]


def test_a_folder_that_is_missing_or_in_the_way(tiny, tmp_path):
    with pytest.raises(ModelError, match="cannot be written: No such file or directory"):
        write_model(tiny.run.tagger.model, tmp_path / "no" / "m.safetensors")
    with pytest.raises(ModelError, match="cannot be written: Is a directory"):
        write_model(tiny.run.tagger.model, tmp_path)
    assert not os.listdir(tmp_path)


def test_others_may_read_the_file_as_the_umask_says(tmp_path):
    old = os.umask(0o027)
    try:
        write_model_file(tmp_path / "m", {}, {})
    finally:
        os.umask(old)
    assert (tmp_path / "m").stat().st_mode & 0o777 == 0o640


# Damage


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A model file of every kind of part, and so small that each of its bytes can be tried."""
    rng = np.random.default_rng(0)

    def draw(*shape):
        return rng.normal(size=shape).astype(np.float32)

    names = Gazetteer([(("New", "York"), "LOC")])
    tables = [
        Table("words", draw(5, 3), 4, ["Paris", "is", "é"]),
        Table("suffix2", draw(3, 2), 3, ["is"], Feature("suffix", "2")),
        Table("gazetteer.LOC", draw(6, 1), 6, POSITIONS, Feature("gazetteer", "LOC")),
    ]
    network = WindowNetwork(tables, draw(6, 3, 4), draw(4), draw(4, 3), draw(3), "relu", Chain.zeros(3))
    config = make_config({"data": {"train": "t", "scheme": "IOB2"}}, "test")
    model = Model(network, TagTable.of(["O", "B-LOC", "I-LOC"]), config, names, 1.5, 0.25, "unicode", {"best_epoch": 3})
    path = tmp_path_factory.mktemp("small") / "model.safetensors"
    write_model(model, path)
    assert_same_model(read_model(path), model)
    return path


def test_any_truncation_is_a_model_error(small, tmp_path):
    path = tmp_path / "m.safetensors"
    shutil.copy(small, path)
    for length in reversed(range(path.stat().st_size)):
        os.truncate(path, length)
        assert message(path).startswith(": damaged, truncated or not a model file ("), length


def test_bytes_too_many_are_a_model_error(small, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(small.read_bytes() + b"x")
    assert message(path).startswith(": damaged, truncated or not a model file (")


def test_a_flipped_bit_is_a_model_error_or_changes_nothing(small, tmp_path):
    """One bit of every byte: of the header, the description in it, and the arrays."""
    content = small.read_bytes()
    path, original = tmp_path / "m.safetensors", read_model(small)
    shutil.copy(small, path)
    bits = np.random.default_rng(1).integers(8, size=len(content)).tolist()
    messages, in_memory = [], []
    with path.open("r+b", buffering=0) as file:
        for place, (byte, bit) in enumerate(zip(content, bits, strict=True)):
            os.pwrite(file.fileno(), bytes([byte ^ 1 << bit]), place)
            for read, errors in ((read_model, messages), (from_memory, in_memory)):
                try:
                    assert_same_model(read(path), original)
                except ModelError as error:
                    errors.append(str(error))
            os.pwrite(file.fileno(), bytes([byte]), place)
    assert list(map(reason, in_memory)) == list(map(reason, messages))
    assert len(messages) >= len(content) - 10
    assert all(message.startswith(f"{path}: ") and "\n" not in message for message in messages)


@pytest.mark.parametrize("key", ["temperature", "threshold", "config", "tags", "tables", "provenance"])
def test_another_description_with_the_same_digest(small, tmp_path, key):
    description, arrays = read_model_file(small)
    text = json.dumps({**description, key: {"another": 1}})
    save_file(arrays, tmp_path / "m", {"windowner": text})
    assert message(tmp_path / "m").startswith(": damaged: its content does not agree with its digest")


@pytest.mark.parametrize("change", ["value", "shape", "name", "more", "fewer"])
def test_other_arrays_with_the_same_digest(small, tmp_path, change):
    description, arrays = read_model_file(small)
    b2 = arrays.pop("b2")
    arrays |= {
        "value": {"b2": b2 + np.float32(1)},
        "shape": {"b2": b2[None]},
        "name": {"b3": b2},
        "more": {"b2": b2, "b3": np.empty(0, np.float32)},
        "fewer": {},
    }[change]
    save_file(arrays, tmp_path / "m", {"windowner": json.dumps(description)})
    assert message(tmp_path / "m").startswith(": damaged: its content does not agree with its digest")


def test_a_missing_digest(small, tmp_path):
    description, arrays = read_model_file(small)
    del description["digest"]
    save_file(arrays, tmp_path / "m", {"windowner": json.dumps(description)})
    assert message(tmp_path / "m").startswith(": damaged: its content does not agree with its digest")


def test_a_digest_is_checked_whatever_the_format_is(small, tmp_path):
    """One flipped bit makes a 1 of a 5, and files of format 1 have no digest."""
    description, arrays = read_model_file(small)
    save_file(arrays, tmp_path / "m", {"windowner": json.dumps({**description, "format": 1})})
    assert message(tmp_path / "m").startswith(": damaged: its content does not agree with its digest")


@pytest.mark.parametrize("bad", [[np.nan], [np.inf], [-np.inf], [np.inf, -np.inf]], ids=str)
@pytest.mark.parametrize("name", ["E.words", "E.suffix2", "W", "b1", "U", "b2", "transition"])
def test_numbers_are_finite_even_where_the_digest_is_right(small, tmp_path, name, bad):
    description, arrays = read_model_file(small)
    array = arrays[name].copy()
    array.reshape(-1)[: len(bad)] = bad
    write_model_file(tmp_path / "m", description, {**arrays, name: array})
    assert message(tmp_path / "m") == f": {name} holds NaN or infinity, expected finite numbers; train again"


def test_the_largest_numbers_are_finite(tmp_path):
    arrays = {"W": np.full(1000, np.finfo(np.float32).max), "U": np.full(3, np.finfo(np.float32).tiny)}
    write_model_file(tmp_path / "m", {}, arrays)
    assert_same(read_model_file(tmp_path / "m")[1], arrays)


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
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"a": ' + "1" * 5000 + "}", "Exceeds the limit"),
        ("{}", "Object missing required field `format`"),
        ('{"format": "1"}', "Expected `int`, got `str`"),
        ('{"format": 1.5}', "Expected `int`, got `float`"),
        ('{"format": 0}', "Expected `int` >= 1"),
    ],
)
def test_a_description_that_is_none(tmp_path, description, expected):
    path = tmp_path / "m.safetensors"
    save_file({"weight": np.zeros(3)}, path, {"windowner": description})
    assert message(path).startswith(
        (f": its description: damaged: {expected}", f": its description: format: damaged: {expected}")
    )


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
