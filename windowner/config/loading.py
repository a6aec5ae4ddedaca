"""A config: TOML to frozen dataclasses, one a section, and back.

Paths in a config file are relative to that file; paths given on the command line are relative to the working
directory. Every key is described where it is defined, in the `settings.py` of the folder that uses it; `docs/config.md`
is made from those descriptions.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from os.path import expanduser, normpath
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from windowner.config.presets import read_preset
from windowner.errors import ConfigError
from windowner.formats.settings import DataSettings
from windowner.inputs.settings import FeaturesSettings, VectorsSettings
from windowner.network.settings import ModelSettings
from windowner.training.settings import TrainSettings

SECTIONS: dict[str, type[Any]] = {
    "data": DataSettings,
    "vectors": VectorsSettings,
    "features": FeaturesSettings,
    "model": ModelSettings,
    "train": TrainSettings,
}
RUN_CONFIG = "config.toml"  # what a run calls its config
NAMED_SOURCES = ("", "glove-6b-50d")  # values of vectors.source that are not paths
PRESET = "preset"  # a key outside all sections
PATHS = ("data.train", "data.dev", "data.test", "vectors.source")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that a training depends on.

    Parameters
    ----------
    data, vectors, features, model, train
        The sections.
    directory
        Where relative paths start: the folder of the config file.
    name
        Name of the config file without its suffix.
    """

    data: DataSettings
    vectors: VectorsSettings = field(default_factory=VectorsSettings)
    features: FeaturesSettings = field(default_factory=FeaturesSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
    directory: Path = Path()
    name: str = "config"

    def path(self, value: str) -> Path:
        """Return a path that the config holds, seen from the working directory."""
        return Path(normpath(self.directory / expanduser(value)))  # configs/../data/x is data/x

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return the sections as plain values, for TOML and JSON."""
        # Not msgspec.to_builtins: it leaves out defaults that msgspec.convert filled in.
        return {name: asdict(getattr(self, name)) for name in SECTIONS}

    def with_absolute_paths(self) -> "Config":
        """Return the same config with paths that hold wherever it is written."""
        data = self.data
        data = replace(
            data, train=self._absolute(data.train), dev=self._absolute(data.dev), test=self._absolute(data.test)
        )
        vectors = replace(
            self.vectors,
            source=self._absolute_source(self.vectors.source),
            more=tuple(replace(each, source=self._absolute_source(each.source)) for each in self.vectors.more),
        )
        gazetteers = tuple(map(self._absolute, self.features.gazetteers))
        return replace(self, data=data, vectors=vectors, features=replace(self.features, gazetteers=gazetteers))

    def _absolute_source(self, source: str) -> str:
        return source if source in NAMED_SOURCES else self._absolute(source)

    def _absolute(self, value: str) -> str:
        return value and str(self.path(value).resolve())

    def write(self, path: Path) -> None:
        """Write the config as TOML, with absolute paths and every key spelled out."""
        path.write_text(tomli_w.dumps(self.with_absolute_paths().as_dict()), encoding="utf-8")


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Read a config file.

    Parameters
    ----------
    path
        A TOML file.
    overrides
        `section.key=value` each, or `preset=name`, as `--set` takes them; the value is TOML, or a string as it stands.

    Raises
    ------
    ConfigError
        The file cannot be read, a key is unknown, or a value is not what the key expects.
    """
    path = Path(path)
    sections = read_toml(path)
    for override in overrides:
        _apply(sections, override)
    source = " --set ".join([str(path), *overrides])  # a value may come from any of them
    name = path.absolute().parent.name if path.name == RUN_CONFIG else path.stem  # runs/wikigold/config.toml
    return make_config(sections, source, directory=path.parent, name=name)


def make_config(sections: Mapping[str, Any], source: str, directory: Path = Path(), name: str = "config") -> Config:
    """Check plain values and return them as a config; `source` is what an error calls the place they come from."""
    sections = _with_preset(sections, source)
    check_names(sections, SECTIONS, source, "section")
    for section, values in sections.items():
        if not isinstance(values, Mapping):
            raise ConfigError(f"{source}: {section} = {values!r}: expected a section, [{section}]")
        known = [key.name for key in fields(SECTIONS[section])]
        check_names(values, known, source, "key", prefix=f"{section}.")
    converted = {name: _convert(name, sections.get(name, {}), source) for name in SECTIONS}
    _check_columns(converted["data"], source)
    _check_initializer(converted["model"], source)
    _check_smoothing(converted["model"], source)
    return Config(**converted, directory=directory, name=name)


def _with_preset(sections: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the sections with the values of the preset that they name, where they have none of their own."""
    own = dict(sections)
    if PRESET not in own:
        return own
    merged: dict[str, Any] = read_preset(own.pop(PRESET), source)
    for section, values in own.items():
        both = isinstance(values, Mapping) and section in merged
        merged[section] = {**merged[section], **values} if both else values
    return merged


def read_toml(path: Path, expected: str = "a config in TOML") -> dict[str, Any]:
    """Read a TOML file; `expected` is what an error says of one that is missing."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; expected {expected}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _apply(sections: dict[str, Any], override: str) -> None:
    name, equals, text = override.partition("=")
    section, dot, key = name.strip().partition(".")
    if equals and section == PRESET and not dot:
        sections[PRESET] = text.strip().strip("'\"")
        return
    if not (equals and dot):
        raise ConfigError(f"--set {override}: expected section.key=value, such as train.epochs=3")
    value = _toml_value(text.strip())
    if name.strip() in PATHS and value not in NAMED_SOURCES:
        value = str(Path(str(value)).absolute())
    values = sections.setdefault(section, {})
    if isinstance(values, dict):  # if not, make_config says so
        values[key] = value


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text  # a bare string, as a shell leaves it


def check_names(names: Mapping[str, Any], known: Any, source: str, kind: str, prefix: str = "") -> None:
    """Refuse a name that is not known, and say which one is nearest."""
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
        raise ConfigError(f"{source}: {section}.{key} = {values[key]!r}: {expected}") from None


def _choices(section: str, key: str) -> str:
    """Return the values that a key of few values admits, or an empty string."""
    schema = msgspec.json.schema(SECTIONS[section])
    entry = schema["$defs"][SECTIONS[section].__name__]["properties"][key]
    numbers = [f"a number >= {kind['minimum']}" for kind in entry.get("anyOf", ()) if "minimum" in kind]
    values = [repr(value) for kind in entry.get("anyOf", [entry]) for value in kind.get("enum", ())]
    return ", ".join(numbers + values)


def _check_columns(data: DataSettings, source: str) -> None:
    if data.token_column == data.tag_column:
        raise ConfigError(
            f"{source}: data.token_column and data.tag_column are both {data.tag_column}: expected two columns"
        )


def _check_initializer(model: ModelSettings, source: str) -> None:
    if model.initializer == "zeros":
        raise ConfigError(
            f"{source}: model.initializer = 'zeros': where W is 0, all hidden units compute the same whatever they "
            "read, and pass nothing back to the words; expected an initializer that breaks this symmetry, or 'auto'"
        )


def _check_smoothing(model: ModelSettings, source: str) -> None:
    if model.label_smoothing and model.loss == "sentence":
        raise ConfigError(
            f"{source}: model.label_smoothing = {model.label_smoothing}: expected 0 with model.loss = 'sentence', "
            "whose target is one sequence of tags"
        )
