"""Reading configs: TOML to a checked `Config`.

Paths in a config file are relative to that file; paths given on the command line are relative to the working
directory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from windowner.config.config import PATHS, SECTIONS, Config, map_paths
from windowner.config.overrides import NO_KEYS, PRESET, change_keys
from windowner.config.presets import read_going_on, read_preset
from windowner.config.removed import NO_GAIN, drop_removed
from windowner.config.sizes import check_sizes
from windowner.errors import ConfigError
from windowner.files import heal
from windowner.formats.settings import DataSettings
from windowner.schemas import described
from windowner.stores.address import is_address
from windowner.stores.credentials import without_credentials

LARGEST_CONFIG = 1 << 24
"""Bytes of a file of TOML."""

RUN_CONFIG = "config.toml"  # in a run's folder

LONGEST_SHOWN = 200
"""Characters of a value that an error shows."""

FOR_TRAINING = ("train", "vectors", "data", "model.initializer", "features.min_count")
"""Sections and keys that matter for training alone; the keys of `FOR_TAGGING` are exceptions."""

FOR_TAGGING = ("vectors.more", "data.scheme")
"""Keys of these sections that a trained model needs."""


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


def make_config(
    sections: Mapping[str, Any],
    source: str,
    directory: Path = Path(),
    name: str = "config",
    *,
    trained: bool = False,
    going_on: bool = False,
) -> Config:
    """Check plain values and return them as a config; `source` is what an error calls the place they come from."""
    sections, removed = drop_removed(_with_preset(sections, source, going_on), trained)
    if removed:
        remedy = "Train again without it, or use the release that trained it" if trained else "Remove the key"
        raise ConfigError(f"{source}: {', '.join(removed)}: no longer supported; {NO_GAIN}. {remedy}")
    check_names(sections, SECTIONS, source, "section")
    for section, values in sections.items():
        if not isinstance(values, Mapping):
            raise ConfigError(f"{source}: {section} = {values!r}: expected a section, [{section}]")
        known = [key.name for key in fields(SECTIONS[section])]
        check_names(values, known, source, "key", prefix=f"{section}.")
    converted = {name: _convert(name, sections.get(name, {}), source) for name in SECTIONS}
    _check_paths(converted, source)
    _check_columns(converted["data"], source)
    if not trained:
        check_sizes(converted, source)
    return Config(**converted, directory=directory, name=name)


def known_values(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sections of a trained model's config without what this release does not know of training.

    Keys and values that matter for training alone are left out where this release does not know them, so that a model
    loads whatever was changed about training since.
    """
    kept = {}
    for section, values in sections.items():
        if isinstance(values, Mapping):
            values = {
                key: values[key] for key in values if _is_needed(section, key) or _is_known(section, key, values[key])
            }
        kept[section] = values
    return kept


def _is_needed(section: str, key: str) -> bool:
    """Return whether a trained model needs a key for tagging."""
    name = f"{section}.{key}"
    return name in FOR_TAGGING or not (section in FOR_TRAINING or name in FOR_TRAINING)


def _is_known(section: str, key: str, value: Any) -> bool:
    """Return whether a key of a known section is known, and its value can be used."""
    types = get_type_hints(SECTIONS[section], include_extras=True)
    try:
        msgspec.convert(value, types[key])
    except (KeyError, msgspec.ValidationError):
        return False
    return True


def _with_preset(sections: Mapping[str, Any], source: str, going_on: bool) -> dict[str, Any]:
    """Return the sections with the values of the preset that they name, where they have none of their own."""
    own = dict(sections)
    merged: dict[str, Any] = read_preset(own.pop(PRESET), source) if PRESET in own else {}
    for layer in (read_going_on() if going_on else {}, own):
        for section, values in layer.items():
            both = isinstance(values, Mapping) and section in merged
            merged[section] = {**merged[section], **values} if both else values
    return merged


def read_toml(path: Path, expected: str = "a config in TOML") -> dict[str, Any]:
    """Read a TOML file; `expected` is what the error asks for when there is none."""
    import tomllib  # where a model is loaded, no TOML is read

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_CONFIG + 1)
        if len(content) > LARGEST_CONFIG:
            raise ConfigError(f"{path}: more than {LARGEST_CONFIG:,} bytes; expected {expected}")
        return tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; expected {expected}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise ConfigError(f"{path}: not valid TOML: {described(error)}") from None


def check_names(names: Mapping[str, Any], known: Any, source: str, kind: str, prefix: str = "") -> None:
    """Refuse a name that is not known, and name the nearest one that is."""
    for name in names:
        if name not in known:
            near = get_close_matches(name, list(known), n=1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"expected one of {', '.join(known)}"
            raise ConfigError(f"{source}: unknown {kind} {prefix}{name}: {hint}")


def _convert(section: str, values: Mapping[str, Any], source: str) -> Any:
    try:
        return msgspec.convert(values, SECTIONS[section])
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `$.")
        key = place.rstrip("`").partition("[")[0]
        if not key:  # a required key is missing
            raise ConfigError(f"{source}: [{section}]: {expected}") from None
        choices = _choices(section, key)
        expected = f"expected one of {choices}" if choices else expected[0].lower() + expected[1:]
        raise ConfigError(f"{source}: {section}.{key} = {_shown(values[key])}: {expected}") from None


def _shown(value: Any) -> str:
    """Return a value as an error shows it."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _choices(section: str, key: str) -> str:
    """Return the values that a key of few values admits, or an empty string."""
    schema = msgspec.json.schema(SECTIONS[section])
    entry = schema["$defs"][SECTIONS[section].__name__]["properties"][key]
    numbers = [
        f"a number >= {kind['minimum']}" + (f" and <= {kind['maximum']:,}" if "maximum" in kind else "")
        for kind in entry.get("anyOf", ())
        if "minimum" in kind
    ]
    values = [repr(value) for kind in entry.get("anyOf", [entry]) for value in kind.get("enum", ())]
    return ", ".join(numbers + values)


def _check_paths(sections: Mapping[str, Any], source: str) -> None:
    """Refuse addresses, and paths with a NUL, which no system can open."""

    def check(path: str) -> str:
        if "\0" in path:
            raise ConfigError(f"{source}: {key}: found {_shown(path)}, expected a path without NUL")
        if is_address(path):
            expected = "expected a path of this machine; copy it here first"
            raise ConfigError(f"{source}: {key} = {_shown(without_credentials(path))}: an address, {expected}")
        return path

    for key in PATHS:
        section, _, name = key.partition(".")
        map_paths(getattr(sections[section], name), check)


def _check_columns(data: DataSettings, source: str) -> None:
    if data.token_column == data.tag_column:
        raise ConfigError(
            f"{source}: data.token_column and data.tag_column are both {data.tag_column}: expected two columns"
        )
