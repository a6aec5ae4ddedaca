"""An experiment is a TOML file: a config, keys to vary, seeds, amounts of data, and the key that is compared.

    base = "../wikigold.toml"           relative to this file
    seeds = [0, 1, 2, 3, 4]
    fractions = [0.1, 0.3, 1.0]         of the training sentences

    [grid]                              any key of a config, or preset
    "vectors.mode" = ["frozen", "fine-tuned"]

    [compare]
    by = "vectors.mode"                 its first value is what the others are compared with

Every setting of the grid is trained with every seed on every fraction. A key of one value is set for all trials.
All of it is checked, and every config resolved, before anything is trained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from windowner.config.config import NAMED_SOURCES, PATHS, Config
from windowner.config.loading import PRESET, check_names, load_config, make_config, read_toml
from windowner.errors import ConfigError
from windowner.experiments.trials import Setting, Trial, name_settings

OWN_KEYS = {  # keys that a grid may not vary: why
    "train.seed": "use seeds",
    "data.fraction": "use fractions",
    "data.dev": "all trials are scored on the same sentences",
    "data.test": "all trials are scored on the same sentences",
}


@dataclass(frozen=True, kw_only=True)
class CompareSettings:
    """The `[compare]` section: the key that is compared, and whether test is scored for the table."""

    by: str
    test: bool = False


@dataclass(frozen=True, kw_only=True)
class ExperimentSettings:
    """What an experiment's file says."""

    base: Annotated[str, Meta(min_length=1)]
    grid: dict[str, Annotated[list[Any], Meta(min_length=1)]]
    compare: CompareSettings
    seeds: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(min_length=1)] = field(
        default_factory=lambda: [0, 1, 2, 3, 4]
    )
    fractions: Annotated[list[Annotated[float, Meta(gt=0, le=1)]], Meta(min_length=1)] = field(
        default_factory=lambda: [1.0]
    )


@dataclass(frozen=True)
class Experiment:
    """An experiment, checked.

    Parameters
    ----------
    name
        Name of its file without the suffix; with another base, that of the base too.
    settings
        What its file says.
    base
        The config that the grid varies.
    cells
        The settings of the grid.
    trials
        All trials: of each setting, fraction and seed.
    """

    name: str
    settings: ExperimentSettings
    base: Config
    cells: Sequence[Setting]
    trials: Sequence[Trial]

    @property
    def by(self) -> str:
        """The key that is compared."""
        return self.settings.compare.by


def load_experiment(path: str | Path, base: str | Path | None = None) -> Experiment:
    """Read an experiment's file and resolve all of its configs.

    Parameters
    ----------
    path
        A TOML file.
    base
        A config in place of the file's `base`.

    Raises
    ------
    ConfigError
        The file or the base cannot be read, a key is unknown, or a setting of the grid is not a valid config.
    """
    path = Path(path)
    settings = _settings(read_toml(path, "an experiment in TOML"), path)
    config = Path(base) if base is not None else path.parent / settings.base
    name = path.stem if base is None else f"{path.stem}-{config.stem}"
    _check(settings, path)
    cells = name_settings(settings.compare.by, _with_whole_paths(settings.grid, path.parent))
    trials = [
        Trial(cell, fraction, seed, _resolve(settings, path, config, cell, fraction, seed))
        for cell, fraction, seed in product(cells, settings.fractions, settings.seeds)
    ]
    return Experiment(name, settings, load_config(config), cells, trials)


def _settings(values: Mapping[str, Any], path: Path) -> ExperimentSettings:
    check_names(values, [key.name for key in fields(ExperimentSettings)], str(path), "key")
    compare = values.get("compare", {})
    if isinstance(compare, Mapping):
        check_names(compare, [key.name for key in fields(CompareSettings)], str(path), "key", prefix="compare.")
    try:
        return msgspec.convert(values, ExperimentSettings)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `$.")
        raise ConfigError(f"{path}: {place.rstrip('`') or 'the file'}: {expected[0].lower()}{expected[1:]}") from None


def _check(settings: ExperimentSettings, path: Path) -> None:
    by, grid = settings.compare.by, settings.grid
    if not grid:
        raise ConfigError(f"{path}: [grid] is empty: expected at least the key that is compared, with its values")
    for key, why in OWN_KEYS.items():
        if key in grid:
            raise ConfigError(f"{path}: grid.{key}: cannot be varied here: {why}")
    check_names({by: None}, list(grid), str(path), "key of [grid] in compare.by =")
    lists: dict[str, list[Any]] = {
        "seeds": settings.seeds,
        "fractions": settings.fractions,
        **{f"grid.{key}": grid[key] for key in grid},
    }
    for key, values in lists.items():
        twice = [value for place, value in enumerate(values) if value in values[:place]]
        if twice:
            raise ConfigError(f"{path}: {key}: {twice[0]!r} stands twice")
    if len(grid[by]) < 2:
        raise ConfigError(f"{path}: grid.{by} has one value, expected at least two to compare")


def _with_whole_paths(grid: Mapping[str, Sequence[Any]], directory: Path) -> dict[str, list[Any]]:
    """Return the grid with paths that are relative to the experiment's file made absolute."""

    def whole(key: str, value: Any) -> Any:
        is_path = key in PATHS and isinstance(value, str) and value not in NAMED_SOURCES
        return str((directory / Path(value).expanduser()).absolute()) if is_path else value

    return {key: [whole(key, value) for value in values] for key, values in grid.items()}


def _resolve(settings: ExperimentSettings, path: Path, base: Path, cell: Setting, fraction: float, seed: int) -> Config:
    """Return a trial's config.

    Raises
    ------
    ConfigError
        It is not a valid one.
    """
    sections = {key: dict(value) if isinstance(value, dict) else value for key, value in read_toml(base).items()}
    source = f"{path}, with {base}"
    for key, value in {**cell.values, "train.seed": seed, "data.fraction": fraction}.items():
        section, dot, name = key.partition(".")
        if key == PRESET:
            sections[PRESET] = value
        elif not dot:
            raise ConfigError(f"{path}: grid.{key}: expected section.key, such as vectors.mode, or preset")
        elif isinstance(sections.setdefault(section, {}), dict):  # if not, make_config says so
            sections[section][name] = value
    if not settings.compare.test and isinstance(sections.get("data"), dict):
        sections["data"]["test"] = ""
    config = make_config(sections, source, directory=base.parent, name=base.stem).with_absolute_paths()
    if config.vectors.mode == "frozen" and not config.vectors.source:
        raise ConfigError(f"{source}: vectors.mode = 'frozen' without vectors.source: random vectors must be trained")
    return config
