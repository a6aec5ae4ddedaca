"""Trainings of one config with some keys changed, over several seeds, scored on dev; test is never read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, TypeVar

import click

import windowner
from docs.pages import ROOT, docs_option
from windowner.training.observer import SILENT, EpochRecord, Observer

Command = TypeVar("Command", bound=Callable[..., Any])

BASE = ROOT / "studies" / "lecture" / "base.toml"
WORDS_ONLY = ("features.capitals=0", "features.shape=0", "features.prefixes=[]", "features.suffixes=[]")


def settings(overrides: Sequence[str], seed: int, config: Path = BASE) -> windowner.Config:
    """Return the config with some keys changed. Vectors of words outside the corpus are left out, to save time."""
    return windowner.load_config(config, ['data.test=""', "vectors.keep=0", f"train.seed={seed}", *overrides])


class Clock(Observer):
    """Measures the processor's time of each epoch, which other work on the machine changes little."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Start the clock."""
        self._start = process_time()

    def epoch_ends(self, record: EpochRecord) -> None:
        """Stop it."""
        self.seconds.append(process_time() - self._start)


def train(overrides: Sequence[str], seed: int, config: Path = BASE, observer: Observer = SILENT) -> windowner.Run:
    """Train once, in a folder that is removed."""
    with TemporaryDirectory() as folder:
        return windowner.train(settings(overrides, seed, config), folder, observer)


def dev_f1(run: windowner.Run) -> float:
    """Return the entity F1 of the best epoch on dev, in percent."""
    return 100 * run.scores["dev"].overall.f1


def options(command: Command) -> Command:
    """Add the options of every script that trains for the lecture: `--docs`, `--seeds` and `--set`."""
    seeds = click.option("--seeds", default=3, show_default=True, help="Trainings per row.")
    keys = click.option("--set", "keys", multiple=True, help="section.key=value of all trainings; repeatable.")
    return docs_option(seeds(keys(command)))
