"""Keys that the command line changes: which one wins, and where its paths start."""

from pathlib import Path

import pytest

from windowner.config.loading import config_without_file, load_config
from windowner.config.overrides import change_keys, set_key
from windowner.errors import ConfigError


@pytest.fixture
def path(tmp_path):
    (tmp_path / "c.toml").write_text('[data]\ntrain = "a"\ndev = "b"\n')
    return tmp_path / "c.toml"


def test_keys_come_last(path):
    config = load_config(path, ["train.seed=1", "train.epochs=4"], keys={"train.seed": 2})
    assert (config.train.seed, config.train.epochs) == (2, 4)


def test_a_value_is_not_read_as_toml():
    """A file may be called `true` or `1e5`."""
    config = config_without_file({"data.train": "true", "data.dev": "1e5"})
    assert (config.data.train, config.data.dev) == (str(Path("true").absolute()), str(Path("1e5").absolute()))


def test_paths_start_at_the_working_directory(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    config = load_config(path, keys={"data.dev": "x/d.conll", "vectors.source": "glove-6b-50d"})
    assert config.data.dev == str(path.parent / "x" / "d.conll")
    assert (config.data.train, config.vectors.source) == ("a", "glove-6b-50d")


@pytest.mark.parametrize(
    ("train", "name"), [("x/a.conll", "a"), ("a.b.conll.gz", "a"), ("folder", "folder"), (".hidden", ".hidden")]
)
def test_without_a_file_the_config_is_named_after_the_training_file(train, name):
    assert config_without_file({"data.train": train}).name == name


def test_a_preset_is_a_key(path):
    assert load_config(path, keys={"preset": "lecture"}).model.nonlinearity == "tanh"
    assert load_config(path, ["preset=best"], keys={"preset": "lecture"}).train.ensemble == 1


def test_without_a_file_the_command_line_is_named():
    with pytest.raises(ConfigError, match=r"the command line --set train.epochs=0: train.epochs = 0: expected"):
        config_without_file({"data.train": "a"}, ["train.epochs=0"])
    with pytest.raises(ConfigError, match=r"the command line: \[data\]: "):
        config_without_file({"data.dev": "a"})


@pytest.mark.parametrize("override", ["epochs=3", "train.epochs", "=3", "preset"])
def test_an_override_of_another_form_is_refused(override):
    with pytest.raises(ConfigError, match=r"expected section.key=value, such as train.epochs=3"):
        change_keys({}, [override], {})


def test_a_section_that_is_none_is_left_for_the_check_of_sections():
    sections = {"data": 3}
    set_key(sections, "data.train", "a")
    assert sections == {"data": 3}


def test_a_value_that_is_nested_too_deeply():
    with pytest.raises(ConfigError, match=r"^--set: \[{40}\.\.\.: nested too deeply$"):
        change_keys({}, ["train.epochs=" + "[" * 100_000], {})
