"""Config: everything that a training depends on, one frozen dataclass per section."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from os.path import expanduser, normpath
from pathlib import Path
from typing import Any

from windowner.files import write_whole
from windowner.formats.settings import DataSettings
from windowner.inputs.settings import FeaturesSettings
from windowner.links import resolved
from windowner.network.settings import ModelSettings
from windowner.stores.address import is_address
from windowner.training.settings import TrainSettings
from windowner.vectors.settings import FurtherVectors, VectorsSettings

SECTIONS: dict[str, type[Any]] = {
    "data": DataSettings,
    "vectors": VectorsSettings,
    "features": FeaturesSettings,
    "model": ModelSettings,
    "train": TrainSettings,
}
"""The class of each section; a section is described where it is used, in the `settings.py` of that folder."""

PATHS = (
    "data.train",
    "data.dev",
    "data.test",
    "data.rehearse_from",
    "vectors.source",
    "vectors.more",
    "features.gazetteers",
    "model.rules",
)
"""Keys that hold paths: one, several, or sources of vectors."""

NAMED_SOURCES = ("", "glove-6b-50d")
"""Values of `vectors.source` that are not paths."""


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
        sections: dict[str, Any] = {}
        for key in PATHS:
            section, _, name = key.partition(".")
            settings = sections.get(section, getattr(self, section))
            sections[section] = replace(settings, **{name: map_paths(getattr(settings, name), self._absolute)})
        return replace(self, **sections)

    def _absolute(self, value: str) -> str:
        return str(resolved(self.path(value)))

    def write(self, path: Path) -> None:
        """Write the config as TOML, with absolute paths and every key spelled out."""
        import tomli_w  # not needed where a model is loaded

        write_whole(path, tomli_w.dumps(self.with_absolute_paths().as_dict()).encode())


def absolute_path(value: str, directory: Path) -> str:
    """Return a path that is relative to a folder as an absolute one. An address stays, so that it can be refused."""
    return value if is_address(value) else str((directory / expanduser(value)).absolute())


def map_paths(value: Any, change: Callable[[str], str]) -> Any:
    """Return the value of a key of `PATHS` with each path in it changed; named sources stay as they are."""
    if isinstance(value, str):
        return value if value in NAMED_SOURCES else change(value)
    if isinstance(value, FurtherVectors):
        return replace(value, source=map_paths(value.source, change))
    if isinstance(value, dict):  # a further source of vectors, before the config is checked
        return {key: map_paths(each, change) if key == "source" else each for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map_paths(each, change) for each in value)
    return value  # not a path; checking the config reports it
