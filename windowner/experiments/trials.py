"""Trials: each setting with each seed, or on each fold, on each amount of data. Every trial becomes a run folder.

A trial trains in a folder of another name. The folder gets the trial's name when everything in it is written, so a
trial is done exactly when its folder exists.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from windowner.config.config import Config
from windowner.experiments.folder import IN_TRAINING, TRIALS_NAME
from windowner.experiments.grid import Setting
from windowner.experiments.held_out import write_held_out
from windowner.experiments.sharing import shared_readers
from windowner.runs.folds import FOLD
from windowner.runs.training import train


@dataclass(frozen=True)
class Trial:
    """One training.

    Parameters
    ----------
    setting
        Its setting.
    fraction
        Its fraction of the training sentences.
    seed
        Its seed.
    config
        The config of all these.
    fold
        The number of the fold that is held out, from 1; 0 if the experiment has no folds.
    """

    setting: Setting
    fraction: float
    seed: int
    config: Config
    fold: int = 0

    @property
    def name(self) -> str:
        """The name of its folder."""
        repeat = f"fold-{self.fold}" if self.fold else f"seed-{self.seed}"
        if not self.setting.label:  # cross-validation of a single config
            return repeat
        label = re.sub(r"[^A-Za-z0-9.]+", "-", self.setting.label).strip("-")[:60]
        return f"{self.setting.number}-{label}-{self.fraction:g}-{repeat}"

    @property
    def split(self) -> str:
        """The split that it is scored on."""
        return FOLD if self.fold else "dev"

    def folder(self, experiment: Path) -> Path:
        """Return its folder, given the experiment's. It exists exactly when the trial is done."""
        return experiment / TRIALS_NAME / self.name


def run_trial(trial: Trial, experiment: Path) -> float:
    """Train a trial in the experiment's folder, and return its F1 on dev, or on its fold."""
    done = trial.folder(experiment)
    done.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(prefix=f"{trial.name}{IN_TRAINING}", dir=done.parent))
    readers = shared_readers(experiment)
    run = train(trial.config, unfinished, readers=readers)
    if trial.fold:
        write_held_out(run, readers)
    unfinished.chmod(0o755)  # mkdtemp makes folders that only the owner can read
    try:
        unfinished.rename(done)
    except OSError:
        if not done.exists():
            raise
        shutil.rmtree(unfinished)  # a worker that outlived its experiment finished first, with the same result
    return run.scores[trial.split].overall.f1


def remove_unfinished(experiment: Path) -> None:
    """Remove the folders of trials that were interrupted."""
    for unfinished in (experiment / TRIALS_NAME).glob(f"*{IN_TRAINING}*"):
        shutil.rmtree(unfinished, ignore_errors=True)  # a worker that outlived its experiment may still write there
