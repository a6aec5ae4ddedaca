"""Contrasts between settings, and the amounts of data at which one setting overtakes another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

import numpy as np

from windowner.experiments.experiment import Experiment
from windowner.experiments.finished import FinishedTrial, TrialGroup
from windowner.experiments.grid import Setting
from windowner.scoring.significance import paired_difference


@dataclass(frozen=True)
class Contrast:
    """F1 of a setting minus F1 of its reference, on an amount of data, as fractions.

    Parameters
    ----------
    reference, other
        The settings. The reference has the first value of the compared key, all other keys are alike.
    fraction, words
        The amount of data.
    value, low, high, p
        The difference, its interval and its p-value, both corrected for the number of settings.
    n
        Seeds with which, or folds on which, both settings are done.
    """

    reference: Setting
    other: Setting
    fraction: float
    words: int
    value: float
    low: float
    high: float
    p: float
    n: int

    @property
    def context(self) -> str:
        """The values of other keys that vary, in words."""
        return self.other.context

    @property
    def better(self) -> Setting:
        """The setting with the higher F1."""
        return self.other if self.value > 0 else self.reference

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Crossing:
    """The amount of training words at which the mean learning curves of two settings cross.

    Parameters
    ----------
    reference, other
        The settings.
    words
        Training words, interpolated.
    upwards
        Whether `other` is ahead with more words than that.
    sure
        Whether the intervals on both sides exclude zero. If not, the curves may cross by chance.
    """

    reference: Setting
    other: Setting
    words: int
    upwards: bool
    sure: bool

    @property
    def ahead(self) -> Setting:
        """The setting that is better with more words."""
        return self.other if self.upwards else self.reference

    @property
    def behind(self) -> Setting:
        """The setting that is worse with more words."""
        return self.reference if self.upwards else self.other


def find_contrasts(experiment: Experiment, groups: Sequence[TrialGroup], confidence: float) -> list[Contrast]:
    """Compare each setting with its reference on each amount of data, where both are done with the same seeds.

    Parameters
    ----------
    experiment
        The experiment.
    groups
        Its finished trials.
    confidence
        The probability with which all intervals of an amount of data hold at once.
    """
    by_place = {(group.setting.number, group.fraction): group for group in groups}
    alternatives = len(experiment.file.grid[experiment.by])
    contrasts = []
    for group in groups:
        number = group.setting.number - group.setting.number % alternatives
        reference = by_place.get((number, group.fraction))
        if reference is None or reference is group:
            continue
        if pairs := pair_trials(reference.trials, group.trials):
            contrasts.append(_contrast(reference, group, pairs, confidence, alternatives - 1))
    return contrasts


def _contrast(
    reference: TrialGroup,
    group: TrialGroup,
    pairs: Sequence[tuple[FinishedTrial, FinishedTrial]],
    confidence: float,
    comparisons: int,
) -> Contrast:
    """Compare two groups; Bonferroni: the interval is as wide as `comparisons` intervals together need.

    Trials of different seeds score the same sentences. Folds have sentences of their own, and are scored as one text.
    """
    sides = [[trial.counts for trial in side] for side in zip(*pairs, strict=True)]
    has_folds = bool(pairs[0][0].trial.fold)
    first, second = (np.concatenate(side)[None] if has_folds else np.stack(side) for side in sides)
    found = paired_difference(first, second, 1 - (1 - confidence) / comparisons)
    return Contrast(
        reference=reference.setting,
        other=group.setting,
        fraction=group.fraction,
        words=group.words,
        value=found.value,
        low=found.low,
        high=found.high,
        p=min(1.0, found.p * comparisons),
        n=len(pairs),
    )


def pair_trials(
    first: Sequence[FinishedTrial], second: Sequence[FinishedTrial]
) -> list[tuple[FinishedTrial, FinishedTrial]]:
    """Return pairs of trials with the same seed, on the same fold."""
    others = {(finished.trial.seed, finished.trial.fold): finished for finished in second}
    places = [(finished, (finished.trial.seed, finished.trial.fold)) for finished in first]
    return [(finished, others[place]) for finished, place in places if place in others]


def on_most_data(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Return the contrasts on the largest amount of data, the one with the largest difference first."""
    most = max((contrast.words for contrast in contrasts), default=0)
    return sorted((each for each in contrasts if each.words == most), key=lambda contrast: -contrast.value)


def find_crossings(contrasts: Sequence[Contrast]) -> list[Crossing]:
    """Find where mean learning curves cross: between two amounts of data, on a line over the logarithm of words."""
    crossings = []
    for number in dict.fromkeys(contrast.other.number for contrast in contrasts):
        curve = sorted((c for c in contrasts if c.other.number == number), key=lambda contrast: contrast.words)
        for less, more in pairwise(curve):
            if less.value * more.value < 0:
                share = less.value / (less.value - more.value)
                words = exp(log(less.words) + share * (log(more.words) - log(less.words)))
                sure = less.excludes_zero and more.excludes_zero
                crossings.append(Crossing(less.reference, less.other, round(words), more.value > 0, sure))
    return crossings
