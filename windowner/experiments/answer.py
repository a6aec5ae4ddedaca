"""The answer of an experiment: what each setting scored on each amount of data, how sure the differences are, advice.

Settings are compared on dev. Dev also chose each training's epoch, which flatters all settings alike; test, where an
experiment asks for it, stands in the table and is not looked at for anything else, so that it remains a test of
whatever the advice leads to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from windowner.errors import DataError
from windowner.experiments.advice import advise
from windowner.experiments.differences import Contrast, Crossing, crossings
from windowner.experiments.experiment import Experiment
from windowner.experiments.trials import Setting, Trial
from windowner.report.comparison import Score
from windowner.report.runs import RunFolder, read_run
from windowner.scoring.significance import Counts, paired_difference, sentence_counts

SPLIT = "dev"  # what is compared
CONFIDENCE = 0.95  # that all intervals of an amount of data hold their difference


@dataclass(frozen=True)
class FailedTrial:
    """A trial that failed, and why."""

    name: str
    error: str


@dataclass(frozen=True)
class Finished:
    """A trial that is done, as its folder has it."""

    trial: Trial
    run: RunFolder
    counts: Counts

    @property
    def f1(self) -> float:
        """F1 on dev."""
        return float(self.run.metrics[SPLIT]["overall"]["f1"])

    @property
    def words(self) -> int:
        """Words of the training text."""
        return int(self.run.metrics["training"]["words"])


@dataclass(frozen=True)
class Cell:
    """A setting on an amount of data, over seeds; F1 as fractions.

    Parameters
    ----------
    label, context, value
        The setting.
    fraction, words
        Share of the training sentences; training words, the mean over seeds.
    n
        Trials.
    dev, test
        F1; test is None where it was not scored.
    seconds
        Of training, the mean.
    familiarity
        F1 on dev's entities by how well their words are known.
    types
        Mean precision, recall and F1 on dev of each type.
    """

    label: str
    context: str
    value: str
    fraction: float
    words: int
    n: int
    dev: Score
    test: Score | None
    seconds: float
    familiarity: Mapping[str, Score]
    types: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Answer:
    """What an experiment found; `finished` are the trials that it was found from."""

    name: str
    base: str
    by: str
    split: str
    advice: str
    confidence: float
    cells: Sequence[Cell]
    contrasts: Sequence[Contrast]
    crossings: Sequence[Crossing]
    failed: Sequence[FailedTrial]
    trials: int
    folder: Path
    finished: Sequence[Finished]


def answer(experiment: Experiment, folder: Path, failed: Sequence[FailedTrial] = ()) -> Answer:
    """Read the trials of an experiment that are done, and compare its settings.

    Raises
    ------
    DataError
        No trial is done, or a trial's folder is damaged.
    """
    finished = [_read(trial, folder) for trial in experiment.trials if trial.folder(folder).exists()]
    if not finished:
        why = f": {failed[0].name}: {failed[0].error}" if failed else ""
        raise DataError(f"{folder}: no trial is done{why}")
    groups = [
        (setting, fraction, [one for one in finished if (one.trial.setting, one.trial.fraction) == (setting, fraction)])
        for fraction in experiment.settings.fractions
        for setting in experiment.cells
    ]
    words = {
        fraction: round(fmean(same))
        for fraction in experiment.settings.fractions
        if (same := [one.words for one in finished if one.trial.fraction == fraction])
    }
    cells = [_cell(setting, fraction, words[fraction], same) for setting, fraction, same in groups if same]
    contrasts = _contrasts(experiment, groups, words)
    return Answer(
        name=experiment.name,
        base=experiment.base.name,
        by=experiment.by,
        split=SPLIT,
        advice=advise(experiment.by, contrasts),
        confidence=CONFIDENCE,
        cells=cells,
        contrasts=contrasts,
        crossings=crossings(contrasts),
        failed=failed,
        trials=len(experiment.trials),
        folder=folder,
        finished=finished,
    )


def _read(trial: Trial, folder: Path) -> Finished:
    run = read_run(trial.folder(folder))
    return Finished(trial, run, sentence_counts([s.gold for s in run.dev], [s.predicted for s in run.dev]))


def _cell(setting: Setting, fraction: float, words: int, same: Sequence[Finished]) -> Cell:
    metrics = [one.run.metrics for one in same]
    tests = [one["test"]["overall"]["f1"] for one in metrics if "test" in one]
    return Cell(
        label=setting.label,
        context=setting.context,
        value=setting.value,
        fraction=fraction,
        words=words,
        n=len(same),
        dev=Score.of([one.f1 for one in same]),
        test=Score.of(tests) if tests else None,
        seconds=fmean(one["train_seconds"] for one in metrics),
        familiarity={
            group: Score.of([one["familiarity"][group]["f1"] for one in metrics]) for group in metrics[0]["familiarity"]
        },
        types=_types(metrics),
    )


def _types(metrics: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    scores = [one[SPLIT]["types"] for one in metrics]
    names = sorted({name for of_trial in scores for name in of_trial})
    parts = ("precision", "recall", "f1", "support")
    return {
        name: {part: fmean(of_trial.get(name, {}).get(part, 0.0) for of_trial in scores) for part in parts}
        for name in names
    }


def _contrasts(
    experiment: Experiment,
    groups: Sequence[tuple[Setting, float, Sequence[Finished]]],
    words: Mapping[float, int],
) -> list[Contrast]:
    """Compare each setting with the first of its context, on each amount of data, where both are done."""
    contrasts = []
    finished = {(setting.number, fraction): same for setting, fraction, same in groups}
    values = len(experiment.settings.grid[experiment.by])
    for setting, fraction, same in groups:
        reference = experiment.cells[setting.number - setting.number % values]
        pairs = pair(finished[reference.number, fraction], same)
        if setting is reference or not pairs:
            continue
        # Bonferroni: several intervals hold together with the probability that is asked for.
        confidence = 1 - (1 - CONFIDENCE) / (values - 1)
        first, second = (np.stack([couple[side].counts for couple in pairs]) for side in (0, 1))
        found = paired_difference(first, second, confidence)
        contrasts.append(
            Contrast(
                context=setting.context,
                reference=reference.value,
                other=setting.value,
                fraction=fraction,
                words=words[fraction],
                value=found.value,
                low=found.low,
                high=found.high,
                p=min(1.0, found.p * (values - 1)),
                n=found.seeds,
            )
        )
    return contrasts


def pair(first: Sequence[Finished], second: Sequence[Finished]) -> list[tuple[Finished, Finished]]:
    """Return trials of the same seed together."""
    by_seed = {one.trial.seed: one for one in second}
    return [(one, by_seed[one.trial.seed]) for one in first if one.trial.seed in by_seed]
