"""Presets: named values of many keys, from which a config starts; one TOML file each in this folder.

defaults of the settings classes  <  the preset's keys  <  those of `GOING_ON`  <  the config's own keys  <  --set

`GOING_ON` counts where a training starts from a trained model.
"""

from pathlib import Path
from typing import Any

from windowner.errors import ConfigError

FOLDER = Path(__file__).parent / "preset_files"

PRESETS = {
    "lecture": "the lecture's network: word vectors alone, one tanh layer, a softmax",
    "fast": "seconds on one CPU core",
    "best": "the most accurate, at about 2.5 times the time of `fast`",
}


GOING_ON = "going-on"
"""The file with the keys from which a training starts that starts from a trained model."""


def read_preset(name: object, source: str) -> dict[str, dict[str, Any]]:
    """Return a preset's sections; `source` is what an error calls the place that names it.

    Raises
    ------
    ConfigError
        There is no such preset.
    """
    if not isinstance(name, str) or name not in PRESETS:
        expected = ", ".join(map(repr, PRESETS))
        raise ConfigError(f"{source}: preset = {name!r}: expected one of {expected}")
    return _read(name)


def read_going_on() -> dict[str, dict[str, Any]]:
    """Return the sections from which a training starts that starts from a trained model."""
    return _read(GOING_ON)


def _read(name: str) -> dict[str, dict[str, Any]]:
    import tomllib  # where a model is loaded, no TOML is read

    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
