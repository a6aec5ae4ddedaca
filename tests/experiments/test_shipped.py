"""Experiments that come with windowner: found by name, valid, and usable anywhere."""

import json

import pytest
from synthetic import error_of, succeed, write_tiny

from windowner.config.sample_config import is_sample
from windowner.errors import ConfigError
from windowner.experiments.experiment import load_experiment
from windowner.experiments.shipped import SHIPPED, find_experiment, shipped_experiments

NAMES = list(shipped_experiments())


@pytest.mark.parametrize("name", NAMES)
def test_shipped_experiments_are_valid(name):
    experiment = load_experiment(name)
    assert len(experiment.file.seeds) == 5
    assert len(experiment.settings) >= 2
    assert experiment.name == name
    assert is_sample(experiment.base)


@pytest.mark.parametrize("name", NAMES)
def test_each_says_its_question(name):
    assert "?" in shipped_experiments()[name]


def test_the_shipped_experiments_are_those_of_the_lecture():
    assert {"frozen-vs-finetuned", "learning-rate", "radius", "hidden-size", "optimizer", "vectors-vs-random"} <= set(
        NAMES
    )


@pytest.mark.parametrize(
    "name", ["learning-rate", "radius", "hidden-size", "nonlinearity-and-initializer", "optimizer", "characters"]
)
def test_shipped_experiments_compare_with_the_default(name):
    experiment = load_experiment(name)
    section, key = experiment.by.split(".")
    assert experiment.file.grid[experiment.by][0] == getattr(getattr(experiment.base, section), key)


def test_documents_are_compared_with_none():
    """The default, "auto", is one of the two values, depending on the text."""
    assert load_experiment("document-context").file.grid["model.document"] == ["off", "on"]


def test_a_file_comes_before_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_experiment("radius") == SHIPPED / "radius.toml"
    (tmp_path / "radius").mkdir()  # such as the folder of a run
    assert find_experiment("radius") == SHIPPED / "radius.toml"
    (tmp_path / "radius").rmdir()
    (tmp_path / "radius").write_text("")
    assert str(find_experiment("radius")) == "radius"


@pytest.mark.parametrize("name", ["radios", "configs/experiments/radius.toml", "sub/radius"])
def test_a_name_that_is_none_is_refused_with_the_list(name):
    with pytest.raises(ConfigError) as caught:
        find_experiment(name)
    assert str(caught.value) == (
        f"{name}: no such file; expected one, or an experiment of windowner: {', '.join(NAMES)}. Did you mean radius?"
    )


def test_compare_takes_a_name_and_a_base(tmp_path, monkeypatch):
    config = write_tiny(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = succeed("compare", "radius", "--base", config.name, "--dry-run", "--jobs", "1")
    assert "25 of 25 trials are left" in result.stdout
    assert "sample" not in result.stderr


def test_compare_without_a_base_says_whose_sentences_it_uses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = succeed("compare", "frozen-vs-finetuned", "--dry-run")
    assert "45 of 45 trials are left" in result.stdout
    assert result.stderr == (
        "no --base: the sample sentences of windowner are used, which say nothing about other text\n"
    )


def test_the_help_text_lists_them():
    shown = " ".join(succeed("compare", "--help").stdout.split()).replace("- ", "-")  # a name may be cut at a hyphen
    assert f"Experiments of windowner: {', '.join(NAMES)}." in shown
    assert "radius" in error_of("compare", "radios")


def test_the_manifest_holds_no_path_of_the_package(tmp_path, monkeypatch):
    """An experiment goes on where windowner was installed again, elsewhere."""
    from windowner.experiments.manifest import manifest

    experiment = load_experiment("radius", write_tiny(tmp_path))
    assert str(SHIPPED) not in json.dumps(manifest(experiment, {}))
