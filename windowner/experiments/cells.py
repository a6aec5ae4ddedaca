"""Cells: what a setting scored on an amount of data, over seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from windowner.experiments.finished import SPLIT, TrialGroup
from windowner.experiments.grid import Setting
from windowner.scoring.entities import RATES


@dataclass(frozen=True)
class MeanScore:
    """Mean and standard deviation of F1 over seeds, as fractions. With one seed the deviation is 0."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "MeanScore":
        """Return mean and standard deviation of the values of all seeds."""
        return cls(fmean(values), stdev(values) if len(values) > 1 else 0.0)


@dataclass(frozen=True)
class Cell:
    """The scores of a setting on an amount of data, over seeds. F1 and other rates are fractions.

    Parameters
    ----------
    setting
        The setting.
    fraction
        The share of the training sentences.
    words
        Training words, the mean over the trials on this amount of data.
    n
        Finished trials.
    dev, test
        Entity F1; test is None where it was not scored.
    seconds
        Mean training time.
    familiarity
        F1 on dev's entities by how well their words are known.
    overall
        Mean precision, recall, F1 and support on dev.
    types
        The same of each entity type. A type that a trial neither has nor finds counts as 0 there.
    """

    setting: Setting
    fraction: float
    words: int
    n: int
    dev: MeanScore
    test: MeanScore | None
    seconds: float
    familiarity: Mapping[str, MeanScore]
    overall: Mapping[str, float]
    types: Mapping[str, Mapping[str, float]]


def score_cell(group: TrialGroup) -> Cell:
    """Average the scores of a group of trials."""
    metrics = [trial.run.metrics for trial in group.trials]
    tested = [values["test"]["overall"]["f1"] for values in metrics if "test" in values]
    return Cell(
        setting=group.setting,
        fraction=group.fraction,
        words=group.words,
        n=len(group.trials),
        dev=MeanScore.of([trial.f1 for trial in group.trials]),
        test=MeanScore.of(tested) if tested else None,
        seconds=fmean(values["train_seconds"] for values in metrics),
        familiarity={
            name: MeanScore.of([values["familiarity"][name]["f1"] for values in metrics])
            for name, score in metrics[0]["familiarity"].items()
            if score["support"]
        },
        overall=_mean_rates([values[SPLIT]["overall"] for values in metrics]),
        types=_mean_types([values[SPLIT]["types"] for values in metrics]),
    )


def _mean_types(scores: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    names = sorted({name for types in scores for name in types})
    return {name: _mean_rates([types.get(name, {}) for types in scores]) for name in names}


def _mean_rates(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: fmean(values.get(name, 0.0) for values in scores) for name in (*RATES, "support")}
