"""Whether probabilities mean what they say: of the entities that were given 80 %, 80 % should be right.

    bins     entities by their probability, ten bins of equal width
    ECE      sum over bins of (entities in the bin / all entities) * |share that is right - mean probability|

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

BINS = 10


class Bin(NamedTuple):
    """Entities of like probability: how many, their mean probability, and the share of them that is right."""

    entities: int
    probability: float
    correct: float


def reliability(probabilities: Sequence[float], correct: Sequence[bool]) -> list[Bin]:
    """Sort entities into bins by their probability, from 0 to 1; bins that hold none are left out."""
    p, right = np.asarray(probabilities, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    of = np.minimum((p * BINS).astype(np.intp), BINS - 1)
    found = (of == number for number in range(BINS))
    return [Bin(int(held.sum()), float(p[held].mean()), float(right[held].mean())) for held in found if held.any()]


def reliability_as_dict(bins: Sequence[Bin]) -> dict[str, Any]:
    """Return bins and ECE for JSON."""
    return {"calibration": {"ece": expected_calibration_error(bins), "bins": [one._asdict() for one in bins]}}


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of probability and share that is right, weighted by entities."""
    total = sum(one.entities for one in bins)
    return sum(one.entities * abs(one.correct - one.probability) for one in bins) / total if total else 0.0
