"""Reading configs: TOML to a checked `Config`.

Paths in a config file are relative to that file; paths given on the command line are relative to the working
directory.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from windowner.config.checking import make_config
from windowner.config.config import Config
from windowner.config.overrides import NO_KEYS, change_keys
from windowner.config.toml_file import read_toml
from windowner.config.trained import known_values
from windowner.whole_folders import heal

RUN_CONFIG = "config.toml"  # in a run's folder


def load_config(
    path: str | Path,
    overrides: Sequence[str] = (),
    *,
    keys: Mapping[str, Any] = NO_KEYS,
    trained: bool = False,
    going_on: bool = False,
) -> Config:
    """Read a config file.

    Parameters
    ----------
    path
        A TOML file.
    overrides
        `section.key=value` each, or `preset=name`, as `--set` takes them; the value is TOML, or a string as it stands.
    keys
        Values by `section.key`, or `preset`. They replace those of the file and of the overrides.
    trained
        Whether it is the config of a finished run: options that matter for training alone are then not checked.
    going_on
        Whether a training starts from a trained model: keys that the file leaves out then have values that suit one.

    Raises
    ------
    ConfigError
        The file cannot be read, a key is unknown, or a value is not what the key expects.
    """
    path = Path(path)
    if path.name == RUN_CONFIG:
        heal(path.parent)
    sections = read_toml(path)
    change_keys(sections, overrides, keys)
    source = " --set ".join([str(path), *overrides])  # a value may come from any of them
    name = path.absolute().parent.name if path.name == RUN_CONFIG else name_of(path)  # runs/wikigold/config.toml
    sections = known_values(sections) if trained else sections
    return make_config(sections, source, directory=path.parent, name=name, trained=trained, going_on=going_on)


def name_of(path: Path) -> str:
    """Return the name of a config's file without its suffix. The run of `...toml` must not be the folder `..`."""
    return path.stem if path.stem.strip(".") else "config"


def config_without_file(keys: Mapping[str, Any], overrides: Sequence[str] = (), *, going_on: bool = False) -> Config:
    """Make a config of keys alone; the parameters are those of `load_config`.

    Its name is that of the training file, without suffixes.
    """
    sections: dict[str, Any] = {}
    change_keys(sections, overrides, keys)
    train = Path(str(sections.get("data", {}).get("train", "")))
    source = " --set ".join(["the command line", *overrides])
    return make_config(sections, source, name=train.name.partition(".")[0] or train.name, going_on=going_on)
