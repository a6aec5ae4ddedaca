"""Sizes that cannot be meant are refused when a config is read, before anything is allocated."""

import pytest

from windowner.config import sizes
from windowner.config.checking import make_config
from windowner.config.loading import load_config, name_of
from windowner.config.sizes import check_tags
from windowner.errors import ConfigError, DataError

GIB = 1 << 30


@pytest.fixture
def of_24_gib(monkeypatch):
    monkeypatch.setattr(sizes, "memory_bytes", lambda: 24 * GIB)


def refused(sections) -> str:
    with pytest.raises(ConfigError) as caught:
        make_config({"data": {"train": "t"}, **sections}, "c.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("model", "hidden", 2**32),
        ("features", "shape", 2**64 - 1),
        ("features", "capitals", 10**15),
        ("features", "affix_size", 10**12),
        ("vectors", "size", 10**12),
    ],
)
@pytest.mark.usefixtures("of_24_gib")
def test_the_largest_size_is_named(section, key, value):
    said = refused({section: {key: value}})
    assert said.startswith(f"c.toml: {section}.{key} = {value}: the network would take ")
    assert said.endswith(", this machine has 24 GiB; expected a smaller number")


@pytest.mark.usefixtures("of_24_gib")
def test_the_least_memory_of_a_network_by_hand():
    """W has D C H = (50 + 10 + 10 + 40) 5 H numbers of four bytes: 24 GiB for H = 11,713,535 and a little more."""
    features = {"capitals": 10, "shape": 10, "affix_size": 10}
    fitting = {"data": {"train": "t"}, "vectors": {"size": 50}, "features": features}
    most = 24 * GIB // (4 * 110 * 5)
    make_config({**fitting, "model": {"hidden": most}}, "c.toml")
    assert f"model.hidden = {most + 1}: the network would take 24 GiB" in refused(
        {**fitting, "model": {"hidden": most + 1}}
    )


@pytest.mark.usefixtures("of_24_gib")
def test_a_trained_model_is_not_judged_by_its_config():
    make_config({"data": {"train": "t"}, "model": {"hidden": 2**40}}, "its config", trained=True)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("epochs", 2**32, "a number >= 1 and <= 1,000,000,"),
        ("batch", 2**40, "a number >= 1 and <= 1,000,000,000,"),
        ("batch", 2**64 - 1, "a number >= 1 and <= 1,000,000,000,"),
    ],
)
def test_numbers_of_steps_and_windows(key, value, expected):
    assert expected in refused({"train": {key: value}})


def test_an_error_shows_the_beginning_of_a_long_value():
    assert len(refused({"train": {"seed": "9" * 5000}})) < 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, "not valid TOML: nested too deeply"),
        ("x = " + "9" * 5000, "not valid TOML: Exceeds the limit"),
        ("x = '\udcff'", "not valid TOML: 'utf-8' codec can't decode"),
    ],
)
def test_toml_that_cannot_be_read(tmp_path, text, expected):
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ConfigError, match=expected):
        load_config(path)


@pytest.mark.parametrize(("section", "key"), [("vectors", "source"), ("data", "dev"), ("features", "gazetteers")])
def test_a_path_with_a_nul(section, key):
    value = ["a\0b"] if key == "gazetteers" else "a\0b"
    said = refused({section: {"train": "t", key: value} if section == "data" else {key: value}})
    assert said == f"c.toml: {section}.{key}: found 'a\\x00b', expected a path without NUL"


@pytest.mark.parametrize(("name", "expected"), [("mine.toml", "mine"), ("...toml", "config"), ("..toml", "config")])
def test_a_name_of_dots_alone_is_no_name_of_a_folder(tmp_path, name, expected):
    assert name_of(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1023, "1,023 bytes"), (1 << 42, "4 TiB"), (1 << 80, "1,048,576 EiB")]
)
def test_bytes_in_units(size, text):
    assert sizes.in_units(size) == text


@pytest.mark.usefixtures("of_24_gib")
def test_types_whose_tags_have_too_many_neighbours():
    """20,001 tags have 4e8 neighbours of 100 bytes each."""
    check_tags(2_001, 500, "t.conll")
    with pytest.raises(DataError) as caught:
        check_tags(20_001, 5_000, "t.conll")
    assert str(caught.value).startswith("t.conll: 5,000 types, which make 20,001 tags: a training would take 37 GiB, ")
