"""Trials: each setting with each seed, or on each fold, on each amount of data. Every trial becomes a run folder.

A trial trains in a work folder (`runs/work.py`), which gets the trial's name when everything in it is written. So a
trial is done when its folder is there. Its metrics say which trial it is. One process trains a trial at a time. A trial
that was interrupted goes on from its checkpoint.
"""

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from windowner.config.config import Config
from windowner.errors import WindownerError
from windowner.experiments.folder import TRIALS_NAME
from windowner.experiments.grid import Setting
from windowner.experiments.held_out import write_held_out
from windowner.experiments.manifest_file import check_texts_stay, digest_of_trial
from windowner.experiments.sharing import shared_readers
from windowner.locks import lock_of, locked
from windowner.runs.file_names import CHECKPOINT_NAME, FINISHED_NAMES, HELD_OUT_ARRAYS, HELD_OUT_LINES, METRICS_NAME
from windowner.runs.finishing import Run
from windowner.runs.folds import FOLD
from windowner.runs.metrics_file import TRIAL, write_metrics
from windowner.runs.seal import SEAL
from windowner.runs.training import train_in
from windowner.runs.work import foreign_entry, work_on
from windowner.training.observer import SILENT
from windowner.whole_folders import WORK, heal


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
        """Return its folder, given the experiment's."""
        return experiment / TRIALS_NAME / self.name

    def is_done(self, experiment: Path) -> bool:
        """Return whether its folder is there, with all files of a finished run."""
        folder = self.folder(experiment)
        return heal(folder) and all((folder / name).is_file() for name in self._names)

    @property
    def _names(self) -> list[str]:
        held_out = [HELD_OUT_LINES, HELD_OUT_ARRAYS] if self.fold else []
        return [*FINISHED_NAMES, *held_out]


def run_trial(trial: Trial, experiment: Path) -> float:
    """Train a trial in the experiment's folder, and return its F1 on dev, or on its fold."""
    readers = shared_readers(experiment)
    with work_on(trial.folder(experiment), SILENT, resume=True) as work:
        try:
            check_texts_stay(experiment, trial.config)
            run = train_in(work, trial.config, SILENT, readers, resume=work.checkpoint.exists(), or_anew=True)
            run = _marked(run, digest_of_trial(experiment, trial.name))
            if trial.fold:
                write_held_out(run, readers)
            check_texts_stay(experiment, trial.config)  # while it was trained
        except WindownerError:  # it would fail again
            work.checkpoint.unlink(missing_ok=True)
            raise
        work.finish()
    return run.scores[trial.split].overall.f1


def _marked(run: Run, digest: str) -> Run:
    """Write into the metrics of a run which trial it is."""
    metrics = {**run.metrics, TRIAL: digest}
    return replace(run, metrics=write_metrics(run.folder / METRICS_NAME, metrics, run.metrics[SEAL]))


def remove_unfinished(experiment: Path) -> None:
    """Remove what is left of trials that were interrupted before their first checkpoint.

    What another process holds stays, and so does a folder with other files than those of a run.
    """
    for work in (experiment / TRIALS_NAME).glob(f".*{WORK}"):
        folder = work.with_name(work.name.removeprefix(".").removesuffix(WORK))
        with locked(lock_of(folder)) as lock:
            is_there = lock is not None and work.is_dir()
            if is_there and not (work / CHECKPOINT_NAME).exists() and not foreign_entry(work):
                shutil.rmtree(work, ignore_errors=True)
