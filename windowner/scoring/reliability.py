"""Calibration: of the entities with a probability of 80 %, 80 % should be correct.

    bins     entities grouped by their probability, in ten bins of equal width
    ECE      sum over bins of (entities in the bin / all entities) * |share that is correct - mean probability|

ECE is the expected calibration error.

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

BINS = 10
"""Number of bins."""


class Bin(NamedTuple):
    """Entities of similar probability: their number, their mean probability, and the share that is correct."""

    entities: int
    probability: float
    correct: float

    @property
    def edges(self) -> str:
        """The edges of the bin as text, such as `0.8 to 0.9`."""
        number = min(int(self.probability * BINS), BINS - 1)
        return f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"


def reliability(probabilities: Sequence[float], correct: Sequence[bool]) -> list[Bin]:
    """Return the bins that hold entities, in the order of their probabilities.

    Parameters
    ----------
    probabilities
        Probability of each predicted entity, from 0 to 1.
    correct
        Whether the entity is a gold one.
    """
    p, is_correct = np.asarray(probabilities, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    numbers = np.minimum((p * BINS).astype(np.intp), BINS - 1)
    members = [numbers == number for number in np.unique(numbers)]
    return [Bin(int(mask.sum()), float(p[mask].mean()), float(is_correct[mask].mean())) for mask in members]


def reliability_as_dict(bins: Sequence[Bin]) -> dict[str, Any]:
    """Return bins and ECE for JSON."""
    return {"calibration": {"ece": expected_calibration_error(bins), "bins": [each._asdict() for each in bins]}}


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Return the ECE, a fraction; 0 if there are no entities."""
    total = sum(each.entities for each in bins)
    return sum(each.entities * abs(each.correct - each.probability) for each in bins) / total if total else 0.0
