"""Differences between settings, and the amounts of data at which one overtakes the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log


@dataclass(frozen=True)
class Contrast:
    """By how much F1 of a setting is higher than that of the one it is compared with, as fractions.

    Parameters
    ----------
    context
        What both have in common, of the keys that vary.
    reference, other
        Their values of the compared key.
    fraction, words
        The amount of data.
    value, low, high, p
        The difference, its interval and p-value, corrected for the number of settings.
    n
        Seeds with which both are done.
    """

    context: str
    reference: str
    other: str
    fraction: float
    words: int
    value: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True)
class Crossing:
    """The training words, about, at which one setting overtakes the other.

    Parameters
    ----------
    context, reference, other
        What is compared.
    words
        Where the mean curves cross.
    upwards
        Whether the other setting is ahead beyond, rather than the reference.
    sure
        Whether the intervals on both sides leave zero out; where not, the curves may cross by chance.
    """

    context: str
    reference: str
    other: str
    words: int
    upwards: bool
    sure: bool


def crossings(contrasts: Sequence[Contrast]) -> list[Crossing]:
    """Find where the mean learning curves cross: between two amounts of data, on a line over the logarithm of words."""
    found = []
    for context, other in dict.fromkeys((one.context, one.other) for one in contrasts):
        curve = sorted(
            (one for one in contrasts if (one.context, one.other) == (context, other)), key=lambda one: one.words
        )
        for one, next_one in pairwise(curve):
            if one.value * next_one.value < 0:
                share = one.value / (one.value - next_one.value)
                words = exp(log(one.words) + share * (log(next_one.words) - log(one.words)))
                sure = all(side.low > 0 or side.high < 0 for side in (one, next_one))
                found.append(Crossing(context, one.reference, other, round(words), next_one.value > 0, sure))
    return found
