"""Trials that are over: finished ones read back from their folders, grouped by setting and amount of data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from windowner.errors import DataError
from windowner.experiments.experiment import Experiment
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.experiments.grid import Setting
from windowner.experiments.held_out import read_held_out_lines
from windowner.experiments.manifest_file import digest_of_trial
from windowner.experiments.trials import Trial
from windowner.runs.file_names import METRICS_NAME
from windowner.runs.folder import RunFolder, read_run
from windowner.runs.folds import FOLD
from windowner.runs.metrics_file import REMEDY, TRIAL
from windowner.runs.predictions import TaggedSentence
from windowner.scoring.significance import Counts, sentence_counts

SPLIT = "dev"
"""Settings are compared on this split. In an experiment with folds, the held-out fold takes its place."""


@dataclass(frozen=True)
class FailedTrial:
    """The name of a trial that failed, and the reason."""

    name: str
    error: str


@dataclass(frozen=True)
class FinishedTrial:
    """A trial that is done: the trial, its run folder, and the entity counts of each sentence of dev.

    In an experiment with folds, the scores and predictions of its held-out fold stand in place of those of dev.
    """

    trial: Trial
    run: RunFolder
    counts: Counts

    @property
    def setting(self) -> Setting:
        """Its setting."""
        return self.trial.setting

    @property
    def f1(self) -> float:
        """Entity F1 on dev, a fraction."""
        return float(self.run.metrics[SPLIT]["overall"]["f1"])

    @property
    def words(self) -> int:
        """Words of the training text."""
        return int(self.run.metrics["training"]["words"])


class TrialGroup(NamedTuple):
    """The finished trials of a setting on an amount of data. `words` is the mean over all trials on that amount."""

    setting: Setting
    fraction: float
    words: int
    trials: Sequence[FinishedTrial]


def read_finished(experiment: Experiment, folder: Path) -> list[FinishedTrial]:
    """Read all trials of an experiment that are done, in the experiment's order.

    Raises
    ------
    DataError
        A trial's folder is damaged, or holds another trial.
    """
    return [_read(trial, folder) for trial in experiment.trials if trial.is_done(folder)]


def _read(trial: Trial, folder: Path) -> FinishedTrial:
    run = read_run(trial.folder(folder))
    if run.metrics.get(TRIAL) != digest_of_trial(folder, trial.name):
        raise DataError(
            f"{run.path / METRICS_NAME}: of another trial or experiment: it does not agree with "
            f"{folder / EXPERIMENT_NAME}; remove {run.path} and start the command again"
        )
    if trial.fold:
        held: list[TaggedSentence] = [*read_held_out_lines(run.path)]
        if FOLD not in run.metrics:
            raise DataError(f"{run.path / METRICS_NAME}: damaged: it lacks `{FOLD}`; {REMEDY}")
        run = replace(run, metrics={**run.metrics, SPLIT: run.metrics[FOLD]}, dev=held)
    counts = sentence_counts([sentence.gold for sentence in run.dev], [sentence.predicted for sentence in run.dev])
    return FinishedTrial(trial, run, counts)


def group_trials(
    settings: Sequence[Setting], fractions: Sequence[float], finished: Sequence[FinishedTrial]
) -> list[TrialGroup]:
    """Group finished trials, amount by amount, setting by setting; groups without trials are left out."""
    groups = []
    for fraction in fractions:
        on_fraction = [trial for trial in finished if trial.trial.fraction == fraction]
        for setting in settings:
            same = [trial for trial in on_fraction if trial.setting.number == setting.number]
            if same:
                words = round(fmean(trial.words for trial in on_fraction))
                groups.append(TrialGroup(setting, fraction, words, same))
    return groups
