"""Paths in a config's values: which values are paths, and which stay as they are."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from windowner.config.checking import make_config
from windowner.config.config import PATHS, SECTIONS, Config, map_paths
from windowner.vectors.settings import FurtherVectors


@pytest.mark.parametrize("key", PATHS)
def test_every_key_of_paths_is_a_key(key):
    section, _, name = key.partition(".")
    assert name in [field.name for field in fields(SECTIONS[section])]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "<a>"),
        ("", ""),
        ("glove-6b-50d", "glove-6b-50d"),
        (["a", ""], ["<a>", ""]),
        (("a", "glove-6b-50d"), ("<a>", "glove-6b-50d")),
        ((FurtherVectors(source="a", mode="fine-tuned"),), (FurtherVectors(source="<a>", mode="fine-tuned"),)),
        ([{"source": "a", "mode": "frozen"}], [{"source": "<a>", "mode": "frozen"}]),
        ([{"source": "glove-6b-50d"}], [{"source": "glove-6b-50d"}]),
        (3, 3),
        ([3, {"mode": "frozen"}], [3, {"mode": "frozen"}]),
    ],
)
def test_paths_are_changed_wherever_they_stand(value, expected):
    assert map_paths(value, lambda path: f"<{path}>") == expected


def test_all_paths_become_absolute(tmp_path):
    sections = {
        "data": {"train": "a", "dev": "../b", "test": "/c"},
        "vectors": {"source": "v", "more": [{"source": "w"}, {"source": "glove-6b-50d"}]},
        "features": {"gazetteers": ["g", "~/h"]},
    }
    config = make_config(sections, "it", directory=tmp_path / "x").with_absolute_paths()
    assert (config.data.train, config.data.dev, config.data.test) == (f"{tmp_path}/x/a", f"{tmp_path}/b", "/c")
    assert config.vectors.source == f"{tmp_path}/x/v"
    assert [each.source for each in config.vectors.more] == [f"{tmp_path}/x/w", "glove-6b-50d"]
    assert config.features.gazetteers == (f"{tmp_path}/x/g", str(Path.home().resolve() / "h"))
    assert config.with_absolute_paths() == config


def test_a_changed_config_leaves_the_given_one():
    config = make_config({"data": {"train": "a"}}, "it")
    other: Config = replace(config, train=replace(config.train, epochs=3))
    assert (config.train.epochs, other.train.epochs) == ("auto", 3)
