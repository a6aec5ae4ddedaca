"""Trials: the settings of a grid, each with a seed on an amount of data, and the run folder that each becomes.

A trial is done or not: it is trained in a folder of another name, which is renamed when everything in it is written.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from windowner.config.config import Config
from windowner.experiments.sharing import shared_readers
from windowner.runs.training import train

TRIALS = "trials"
UNDER_WAY = ".part-"  # between a trial's name and a few letters, while it is trained


@dataclass(frozen=True)
class Setting:
    """A cell of the grid.

    Parameters
    ----------
    number
        Its place among all of them.
    label
        What it is called: the value that is compared, then those of other keys that vary.
    context
        The values of keys that vary besides the compared one, in words; empty if there are none.
    value
        The compared value, in words.
    values
        Values of all keys of the grid.
    """

    number: int
    label: str
    context: str
    value: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """A training to do: its setting, its share of the training sentences, its seed, and the config that says so."""

    setting: Setting
    fraction: float
    seed: int
    config: Config

    @property
    def name(self) -> str:
        """Name of its folder."""
        label = re.sub(r"[^A-Za-z0-9.]+", "-", self.setting.label).strip("-")[:60]
        return f"{self.setting.number}-{label}-{self.fraction:g}-seed-{self.seed}"

    def folder(self, experiment: Path) -> Path:
        """Return its folder in that of the experiment; it is there when the trial is done."""
        return experiment / TRIALS / self.name


def name_settings(by: str, grid: Mapping[str, Sequence[Any]]) -> list[Setting]:
    """Return all settings of a grid, those that are compared with each other one after the other."""
    others = [key for key in grid if key != by]
    varied = [key for key in others if len(grid[key]) > 1]
    settings: list[Setting] = []
    for *fixed, value in product(*(grid[key] for key in others), grid[by]):
        values = {**dict(zip(others, fixed, strict=True)), by: value}
        context = ", ".join(f"{key.partition('.')[2] or key} {in_words(key, values[key])}" for key in varied)
        word = in_words(by, value)
        settings.append(Setting(len(settings), ", ".join(filter(None, [word, context])), context, word, values))
    return settings


def in_words(key: str, value: Any) -> str:
    """Write a value of a key for a person."""
    if key == "vectors.source":
        return Path(value).name if value else "random"
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def run_trial(trial: Trial, experiment: Path) -> float:
    """Train a trial, and return its F1 on dev; what it leaves is its folder."""
    done = trial.folder(experiment)
    done.parent.mkdir(parents=True, exist_ok=True)
    under_way = Path(mkdtemp(prefix=f"{trial.name}{UNDER_WAY}", dir=done.parent))
    run = train(trial.config, under_way, readers=shared_readers(experiment))
    under_way.chmod(0o755)  # mkdtemp's is for the owner alone
    try:
        under_way.rename(done)
    except OSError:
        if not done.exists():
            raise
        shutil.rmtree(under_way)  # a worker that outlived its experiment was first, with the same result
    return run.scores["dev"].overall.f1


def clear(experiment: Path) -> None:
    """Remove what trainings that were broken off have left."""
    for left in (experiment / TRIALS).glob(f"*{UNDER_WAY}*"):
        shutil.rmtree(left, ignore_errors=True)  # a worker that outlived its experiment may still write there
