"""Presets: what they change, what stands above them, and that every one of them is a config."""

import pytest

from windowner.config.checking import make_config
from windowner.config.loading import load_config
from windowner.config.presets import PRESETS, read_going_on, read_preset
from windowner.errors import ConfigError
from windowner.runs.preparation import prepare

DATA = {"data": {"train": "t"}}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_config(name):
    """And every one of its keys is known and says what it holds."""
    config = make_config({**DATA, "preset": name}, "c")
    written = config.as_dict()
    for section, values in read_preset(name, "c").items():
        for key, value in values.items():
            assert written[section][key] == (tuple(value) if isinstance(value, list) else value)


def test_the_lecture_is_words_alone(tiny_config):
    config = load_config(tiny_config, ["preset=lecture"])
    assert [table.name for table in prepare(config).model.network.tables] == ["words"]
    assert (config.model.nonlinearity, config.model.loss) == ("tanh", "word")


def test_presets_differ():
    configs = [make_config({**DATA, "preset": name}, "c").as_dict() for name in PRESETS]
    assert all(a != b for i, a in enumerate(configs) for b in configs[:i])


def test_own_keys_stand_above_the_presets_and_set_above_both(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text('preset = "lecture"\n[data]\ntrain = "t"\n[features]\ncapitals = 3\n', encoding="utf-8")
    config = load_config(path)
    assert (config.features.capitals, config.features.shape) == (3, 0)
    config = load_config(path, ["features.shape=4", "train.epochs=2"])
    assert (config.features.capitals, config.features.shape, config.train.epochs) == (3, 4, 2)


def test_values_for_going_on_stand_between_the_preset_and_own_keys():
    own = {**DATA, "preset": "best", "train": {"batch": 99}}
    config, other = (make_config(own, "c", going_on=value) for value in (True, False))
    values = read_going_on()["train"]
    assert config.train.epochs == values["epochs"] != other.train.epochs == "long"
    assert config.train.dropout_hidden == values["dropout_hidden"] != other.train.dropout_hidden
    assert config.train.batch == 99 != values["batch"]
    assert config.train.ensemble == other.train.ensemble == "auto"


@pytest.mark.parametrize("value", ["lecture", '"lecture"'])
def test_a_preset_can_be_set_from_the_command_line(tmp_path, value):
    path = tmp_path / "c.toml"
    path.write_text('preset = "best"\n[data]\ntrain = "t"\n', encoding="utf-8")
    assert load_config(path, [f"preset={value}"]).features.capitals == 0
    assert load_config(path).features.capitals > 0


def test_a_written_config_stands_on_its_own(tmp_path):
    """Whatever becomes of the preset, the run can be repeated."""
    config = make_config({"data": {"train": "/t"}, "preset": "lecture"}, "c")
    config.write(tmp_path / "config.toml")
    assert "preset" not in (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert load_config(tmp_path / "config.toml").as_dict() == config.as_dict()


@pytest.mark.parametrize("name", ["bset", 3, ["best"], {"best": 1}])
def test_an_unknown_preset_is_an_error_that_lists_them(name):
    with pytest.raises(ConfigError) as error:
        make_config({**DATA, "preset": name}, "c.toml")
    assert str(error.value) == f"c.toml: preset = {name!r}: expected one of 'lecture', 'fast', 'best'"


def test_a_section_that_is_no_section_is_an_error_beside_a_preset_too():
    with pytest.raises(ConfigError, match=r"c: model = 3: expected a section, \[model\]"):
        make_config({**DATA, "preset": "best", "model": 3}, "c")
