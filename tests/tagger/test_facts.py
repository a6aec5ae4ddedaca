"""What a model file says of itself, in every format version."""

import json
from pathlib import Path

import pytest

from windowner.config.checking import make_config
from windowner.errors import ModelError
from windowner.tagger.facts import (
    ModelFacts,
    changed_keys,
    described_sources,
    described_versions,
    preset_of,
    versions_of,
)

EARLIER = Path(__file__).parent / "earlier"


@pytest.mark.filterwarnings("ignore::windowner.errors.UncheckedWarning")
@pytest.mark.parametrize("version", range(1, 6))
def test_every_format_is_described(version):
    path = EARLIER / f"format-{version}.safetensors"
    values = json.loads(json.dumps(ModelFacts.read(path).as_dict()))
    assert values["format"] == version
    assert (values["digest"] is None) == (version == 1)
    assert values["bytes"] == path.stat().st_size
    assert values["types"] == ["LOC", "PER"]
    assert [table["rows"] for table in values["tables"]][:2] == [63, 61]
    assert values["rules"] == (2 if version == 5 else 0)
    assert values["versions"] == {}  # files of earlier revisions do not say
    assert values["provenance"]["data"]["train"]["sentences"] == 250


def test_parameters_are_those_of_tables_and_network():
    facts = ModelFacts.read(EARLIER / "format-2.safetensors")
    values = facts.as_dict()
    in_tables = sum(table["rows"] * table["dimensions"] for table in values["tables"])
    frozen = sum((table["rows"] - table["trained_rows"]) * table["dimensions"] for table in values["tables"])
    sizes = values["parameters"]
    assert sizes["all"] == sum(array.size for array in facts.model.network.parameters.values())
    assert sizes["outside_of_tables"] == sizes["all"] - in_tables
    assert sizes["trained"] == sizes["all"] - frozen


def config_with(**sections):
    return make_config({"data": {"train": "x"}, **sections}, "config")


def test_a_preset_is_recognised_by_its_values():
    assert preset_of(config_with()) == "fast"
    assert preset_of(config_with(preset="lecture", train={"seed": 7})) == "lecture"
    assert preset_of(config_with(train={"learning_rate": 0.5})) is None
    large = {"hidden": 300}
    assert (
        preset_of(config_with(preset="best", model=large, train={"epochs": 25, "ensemble": 1, "batch": 256})) == "best"
    )


def test_keys_that_differ_from_the_defaults():
    changed = changed_keys(config_with(train={"learning_rate": 0.5, "seed": 3}, vectors={"keep": 10}))
    assert changed == {"train.learning_rate": 0.5, "vectors.keep": 10}


def test_sources_are_described_in_order():
    texts = {"init": {"file": "a"}, "dev": {"file": "b"}, "train": {"file": "c"}}
    provenance = {"data": texts, "vectors": {"source": "v"}, "further_vectors": [{"source": "w"}]}
    assert list(described_sources(provenance)) == [
        ("train", {"file": "c"}),
        ("dev", {"file": "b"}),
        ("init", {"file": "a"}),
        ("vectors", {"source": "v"}),
        ("vectors", {"source": "w"}),
    ]
    assert list(described_sources({})) == []


def test_versions_of_any_shape_are_read():
    provenance = {"versions": {"numpy": "2.0", "windowner": 3, "other": "x"}}
    assert versions_of(provenance) == {"windowner": "3", "numpy": "2.0"}
    assert described_versions(provenance) == "windowner 3, NumPy 2.0"
    assert versions_of({}) == versions_of({"versions": "2.0"}) == versions_of({"versions": None}) == {}


def test_what_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="no such file"):
        ModelFacts.read(tmp_path)
