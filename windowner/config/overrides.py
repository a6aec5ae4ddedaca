"""Keys that the command line changes: as text of `--set`, or as values of options of their own.

Paths among them are relative to the working directory.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from windowner.config.config import PATHS, absolute_path, map_paths
from windowner.errors import ConfigError

PRESET = "preset"  # a key outside all sections
NO_KEYS: Mapping[str, Any] = MappingProxyType({})


def change_keys(sections: dict[str, Any], overrides: Sequence[str], keys: Mapping[str, Any]) -> None:
    """Change sections, as read from TOML, in place.

    Parameters
    ----------
    sections
        Plain values by section and key.
    overrides
        `section.key=value` each, or `preset=name`.
    keys
        Values by `section.key`, or `preset`. They are set last.

    Raises
    ------
    ConfigError
        An override has another form.
    """
    for override in overrides:
        name, equals, text = (part.strip() for part in override.partition("="))
        if equals and name == PRESET:
            set_key(sections, PRESET, text.strip("'\""))
        elif equals and "." in name:
            set_key(sections, name, _toml_value(text))
        else:
            raise ConfigError(f"--set {override}: expected section.key=value, such as train.epochs=3")
    for name, value in keys.items():
        set_key(sections, name, value)


def set_key(sections: dict[str, Any], name: str, value: Any) -> None:
    """Set one key, `section.key` or `preset`."""
    section, dot, key = name.partition(".")
    if not dot:
        sections[name] = value
        return
    if name in PATHS:
        value = map_paths(str(value) if isinstance(value, int | float) else value, _from_working_directory)
    values = sections.setdefault(section, {})
    if isinstance(values, dict):  # if not, make_config says so
        values[key] = value


def _from_working_directory(path: str) -> str:
    return absolute_path(path, Path.cwd())


def _toml_value(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except RecursionError:
        raise ConfigError(f"--set: {text[:40]}...: nested too deeply") from None
    except ValueError:  # no TOML, or a number of thousands of digits
        return text  # a bare string, as a shell leaves it
