"""An experiment: its file, its settings, and its trials with their configs, all checked before anything is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from windowner.config.checking import make_config
from windowner.config.config import NAMED_SOURCES, PATHS, Config, absolute_path
from windowner.config.loading import load_config, name_of
from windowner.config.overrides import PRESET
from windowner.config.sample_config import SAMPLE_CONFIG
from windowner.config.toml_file import read_toml
from windowner.errors import ConfigError
from windowner.experiments.experiment_file import ExperimentFile, read_experiment_file
from windowner.experiments.grid import Setting, list_settings
from windowner.experiments.shipped import SHIPPED, find_experiment
from windowner.experiments.trials import Trial
from windowner.runs.folds import read_fold
from windowner.vectors.settings import NEEDS_SOURCE


@dataclass(frozen=True)
class Experiment:
    """An experiment, checked.

    Parameters
    ----------
    name
        The name of its file without the suffix; with another base, followed by the base's name.
    file
        The contents of its file.
    base
        The config that the grid varies.
    settings
        Every combination of the grid's values.
    trials
        Every setting on every fraction of the data with every seed, or without each fold.
    """

    name: str
    file: ExperimentFile
    base: Config
    settings: Sequence[Setting]
    trials: Sequence[Trial]

    @property
    def by(self) -> str:
        """The compared key."""
        return self.file.compare.by


def load_experiment(path: str | Path, base: str | Path | None = None) -> Experiment:
    """Read an experiment's file and resolve all of its configs.

    Parameters
    ----------
    path
        A TOML file, or the name of an experiment that comes with windowner.
    base
        A config to use instead of the file's `base`.

    Raises
    ------
    ConfigError
        The file or the base cannot be read, there is no base, a key is unknown, or a setting of the grid is not a valid
        config.
    """
    path = find_experiment(path)
    file = read_experiment_file(path)
    config = Path(base) if base is not None else _own_base(file, path)
    name = name_of(path) if base is None else f"{name_of(path)}-{name_of(config)}"
    settings = list_settings(file.compare.by, _with_absolute_paths(file.grid, path.parent))
    without_test = {} if file.compare.test else {"data.test": ""}
    trials = []
    for setting, fraction, repeat in product(settings, file.fractions, list_repeats(file)):
        choices = {**setting.values, "data.fraction": fraction, **without_test, **repeat}
        resolved = _resolve(choices, path, config)
        trials.append(make_trial(setting, resolved))
    return Experiment(name, file, load_config(config), settings, trials)


def list_repeats(file: ExperimentFile) -> list[dict[str, Any]]:
    """Return the keys in which the trials of a setting differ: seeds, or folds."""
    if file.folds:
        return [{"data.fold": f"{number}/{file.folds}"} for number in range(1, file.folds + 1)]
    return [{"train.seed": seed} for seed in file.seeds]


def make_trial(setting: Setting, config: Config) -> Trial:
    """Return the trial of a setting whose config is known."""
    fold = read_fold(config.data.fold)[0] if config.data.fold else 0
    return Trial(setting, config.data.fraction, config.train.seed, config, fold)


def _own_base(file: ExperimentFile, path: Path) -> Path:
    """Return the base of an experiment's file; a shipped experiment has the sample that comes with windowner."""
    if file.base:
        return path.parent / file.base
    if path.parent == SHIPPED:
        return SAMPLE_CONFIG
    raise ConfigError(f'{path}: no base, expected the config to vary: base = "mine.toml", or --base mine.toml')


def _with_absolute_paths(grid: Mapping[str, Sequence[Any]], directory: Path) -> dict[str, list[Any]]:
    """Return the grid with paths that are relative to the experiment's file made absolute."""

    def absolute(key: str, value: Any) -> Any:
        is_path = key in PATHS and isinstance(value, str) and value not in NAMED_SOURCES
        return absolute_path(value, directory) if is_path else value

    return {key: [absolute(key, value) for value in values] for key, values in grid.items()}


def _resolve(choices: Mapping[str, Any], path: Path, base: Path) -> Config:
    """Return the config of a trial.

    Parameters
    ----------
    choices
        The keys that the experiment decides, with the trial's values.
    path, base
        The files of the experiment and of the base config.

    Raises
    ------
    ConfigError
        It is not a valid config.
    """
    sections = {key: dict(value) if isinstance(value, dict) else value for key, value in read_toml(base).items()}
    for key, value in choices.items():
        section, dot, name = key.partition(".")
        if key == PRESET:
            sections[PRESET] = value
        elif not dot:
            raise ConfigError(f"{path}: grid.{key}: expected section.key, such as vectors.mode, or preset")
        elif isinstance(sections.setdefault(section, {}), dict):  # if not, make_config says so
            sections[section][name] = value
    source = f"{path}, with {base}"
    config = make_config(sections, source, directory=base.parent, name=name_of(base)).with_absolute_paths()
    if config.vectors.mode in NEEDS_SOURCE and not config.vectors.source:
        raise ConfigError(
            f"{source}: vectors.mode = {config.vectors.mode!r} without vectors.source: random vectors must be trained. "
            f"Name word vectors as vectors.source in {base}"
        )
    return config
