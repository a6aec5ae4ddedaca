"""From plain values to a checked `Config`: names of sections and keys, types, bounds, and sizes that can be meant."""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from windowner.config.config import PATHS, SECTIONS, Config, map_paths
from windowner.config.overrides import PRESET
from windowner.config.presets import read_going_on, read_preset
from windowner.config.removed import NO_GAIN, drop_removed
from windowner.config.sizes import check_sizes
from windowner.errors import ConfigError
from windowner.formats.settings import DataSettings
from windowner.stores.address import is_address
from windowner.stores.credentials import without_credentials

LONGEST_SHOWN = 200
"""Characters of a value that an error shows."""


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


def _with_preset(sections: Mapping[str, Any], source: str, going_on: bool) -> dict[str, Any]:
    """Return the sections with the values of the preset that they name, where they have none of their own."""
    own = dict(sections)
    merged: dict[str, Any] = read_preset(own.pop(PRESET), source) if PRESET in own else {}
    for layer in (read_going_on() if going_on else {}, own):
        for section, values in layer.items():
            both = isinstance(values, Mapping) and section in merged
            merged[section] = {**merged[section], **values} if both else values
    return merged


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
