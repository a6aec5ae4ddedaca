"""The TOML file of an experiment: a config, the values of keys that vary, seeds, amounts of data, the compared key.

    base = "mine.toml"                  relative to this file; without it, the base has to be given
    seeds = [0, 1, 2, 3, 4]
    fractions = [0.1, 0.3, 1.0]         of the training sentences

    [grid]                              any key of a config, or preset
    "vectors.mode" = ["frozen", "fine-tuned"]

    [compare]
    by = "vectors.mode"                 the other values are compared with the first one

A key with one value has this value in all trials. In place of seeds, `folds = 5` trains each setting five times, each
time without another fifth of the labelled text, which scores it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import prod
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from windowner.config.checking import check_names
from windowner.config.toml_file import read_toml
from windowner.errors import ConfigError

FIXED_KEYS = {  # keys that a grid cannot vary: the reason
    "train.seed": "use seeds",
    "data.fraction": "use fractions",
    "data.fold": "use folds",
    "data.dev": "all trials are scored on the same sentences",
    "data.test": "all trials are scored on the same sentences",
}

MOST_FOLDS = 1000
MOST_TRIALS = 100_000


@dataclass(frozen=True, kw_only=True)
class CompareSection:
    """The `[compare]` section: the compared key, and whether test is scored too."""

    by: str
    test: bool = False


@dataclass(frozen=True, kw_only=True)
class ExperimentFile:
    """The contents of an experiment's file. With `folds` other than 0, `seeds` are not used."""

    grid: dict[str, Annotated[list[Any], Meta(min_length=1)]]
    compare: CompareSection
    base: str = ""
    seeds: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(min_length=1)] = field(
        default_factory=lambda: [0, 1, 2, 3, 4]
    )
    folds: Annotated[int, Meta(ge=0, le=MOST_FOLDS)] = 0
    fractions: Annotated[list[Annotated[float, Meta(gt=0, le=1)]], Meta(min_length=1)] = field(
        default_factory=lambda: [1.0]
    )


def read_experiment_file(path: Path) -> ExperimentFile:
    """Read and check an experiment's file; the configs that it leads to are not checked here.

    Raises
    ------
    ConfigError
        The file cannot be read, a key is unknown, or a value is not what is expected.
    """
    values = read_toml(path, "an experiment in TOML")
    file = _convert(values, path)
    _check_folds(file, path, has_seeds="seeds" in values)
    _check_grid(file, path)
    _check_repeats(file, path)
    _check_count(file, path)
    return file


def _convert(values: Mapping[str, Any], path: Path) -> ExperimentFile:
    check_names(values, [key.name for key in fields(ExperimentFile)], str(path), "key")
    compare = values.get("compare", {})
    if isinstance(compare, Mapping):
        check_names(compare, [key.name for key in fields(CompareSection)], str(path), "key", prefix="compare.")
    try:
        return msgspec.convert(values, ExperimentFile)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `$.")
        raise ConfigError(f"{path}: {place.rstrip('`') or 'the file'}: {expected[0].lower()}{expected[1:]}") from None


def _check_folds(file: ExperimentFile, path: Path, *, has_seeds: bool) -> None:
    if not file.folds:
        return
    if file.folds < 2:
        raise ConfigError(f"{path}: folds = {file.folds}: expected at least 2, or 0 for seeds")
    if has_seeds:
        raise ConfigError(f"{path}: folds and seeds: expected one of them; with folds the seed is that of the base")
    if file.compare.test:
        raise ConfigError(f"{path}: compare.test with folds: expected one of them; a fold is scored in place of test")


def _check_count(file: ExperimentFile, path: Path) -> None:
    count = prod(map(len, file.grid.values())) * len(file.fractions) * (file.folds or len(file.seeds))
    if count > MOST_TRIALS:
        raise ConfigError(
            f"{path}: {count:,} trials, expected at most {MOST_TRIALS:,}: fewer values, seeds or fractions"
        )


def _check_grid(file: ExperimentFile, path: Path) -> None:
    by, grid = file.compare.by, file.grid
    if not grid:
        raise ConfigError(f"{path}: [grid] is empty, expected at least the compared key with its values")
    for key, reason in FIXED_KEYS.items():
        if key in grid:
            raise ConfigError(f"{path}: grid.{key}: cannot be varied here: {reason}")
    check_names({by: None}, list(grid), str(path), "key of [grid] in compare.by =")
    if len(grid[by]) < 2:
        raise ConfigError(f"{path}: grid.{by} has one value, expected at least two to compare")


def _check_repeats(file: ExperimentFile, path: Path) -> None:
    lists: dict[str, list[Any]] = {
        "seeds": file.seeds,
        "fractions": file.fractions,
        **{f"grid.{key}": values for key, values in file.grid.items()},
    }
    for key, values in lists.items():
        repeated = [value for place, value in enumerate(values) if value in values[:place]]
        if repeated:
            raise ConfigError(f"{path}: {key}: {repeated[0]!r} is listed twice")
