"""Precision against recall: what remains of a tagger's entities if those below a cutoff are left out.

The entities are sorted by their probability, the most probable one first. The first n of them hold k correct ones:

    precision = k / n        recall = k / support

    lower = (q + z^2 / 2n - z sqrt(q (1 - q) / n + z^2 / 4n^2)) / (1 + z^2 / n)        q = k / n, z = 1

`lower` is the lower end of the Wilson interval: in five texts of six, the precision is higher. A cutoff is chosen by
this bound and not by k / n. The best of many cutoffs on one text is partly luck, and with few entities luck is large.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Bools, Float64, Indices

Z = 1.0
LEAST = 20
"""A cutoff keeps at least this many entities of the text that it is chosen on."""


@dataclass(frozen=True)
class OperatingPoint:
    """What remains at a cutoff.

    Parameters
    ----------
    cutoff
        Entities that are less probable are left out.
    kept, correct
        Number of entities that remain, and number of these that are correct.
    support
        Number of gold entities.
    """

    cutoff: float
    kept: int
    correct: int
    support: int

    @property
    def precision(self) -> float:
        """Share of the remaining entities that are correct."""
        return self.correct / self.kept if self.kept else 0.0

    @property
    def lower(self) -> float:
        """Lower bound of the precision."""
        return float(lower_bound(np.array(self.correct), np.array(self.kept))) if self.kept else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold entities that remain."""
        return self.correct / self.support if self.support else 0.0


@dataclass(frozen=True)
class Curve:
    """All operating points of the entities of a text, from few entities to all.

    Parameters
    ----------
    cutoffs
        The cutoff of each point: between the last entity that remains and the next one, (points,).
    kept, correct
        Number of entities that remain, and number of these that are correct, (points,).
    support
        Number of gold entities.
    """

    cutoffs: Float64
    kept: Indices
    correct: Indices
    support: int

    @classmethod
    def of(cls, probability: Float64, correct: Bools, support: int) -> "Curve":
        """Return the curve of entities, given the probability of each one and whether it is correct, (entities,)."""
        order = np.argsort(-probability, kind="stable")
        sorted_p = probability[order]
        following = np.append(sorted_p[1:], 0.0)[: len(order)]
        last = np.flatnonzero(sorted_p > following)  # entities with one probability remain together
        cutoffs = (sorted_p[last] + following[last]) / 2
        cutoffs[-1:] = 0.0  # nothing is left out
        return cls(cutoffs, last + 1, np.cumsum(correct[order], dtype=np.intp)[last], support)

    @property
    def precision(self) -> Float64:
        """Precision of each point, (points,)."""
        precision: Float64 = self.correct / self.kept
        return precision

    @property
    def recall(self) -> Float64:
        """Recall of each point, (points,)."""
        recall: Float64 = self.correct / max(self.support, 1)
        return recall

    @property
    def lower(self) -> Float64:
        """Lower bound of the precision of each point, (points,)."""
        return lower_bound(self.correct, self.kept)

    def choose(self, target: float) -> OperatingPoint | None:
        """Return the point with the lowest cutoff whose precision is surely the target; None if there is none."""
        places = np.flatnonzero((self.lower >= target) & (self.kept >= LEAST))
        return self._point(int(places[-1])) if len(places) else None

    def best(self) -> OperatingPoint | None:
        """Return the point with the highest lower bound of precision; None if there are too few entities."""
        places = np.flatnonzero(self.kept >= LEAST)
        return self._point(int(places[self.lower[places].argmax()])) if len(places) else None

    def _point(self, place: int) -> OperatingPoint:
        kept, correct = int(self.kept[place]), int(self.correct[place])
        return OperatingPoint(float(self.cutoffs[place]), kept, correct, self.support)


def operating_point(probability: Float64, correct: Bools, support: int, cutoff: float) -> OperatingPoint:
    """Return what remains of entities at a cutoff."""
    kept = probability >= cutoff
    return OperatingPoint(cutoff, int(kept.sum()), int(correct[kept].sum()), support)


def lower_bound(correct: Indices | Float64, kept: Indices | Float64) -> Float64:
    """Return the lower bound of the precision, given the number of correct entities and of all that remain."""
    n, q = np.asarray(kept, dtype=np.float64), correct / np.asarray(kept, dtype=np.float64)
    spread = Z * np.sqrt(q * (1 - q) / n + Z**2 / (4 * n**2))
    lower: Float64 = (q + Z**2 / (2 * n) - spread) / (1 + Z**2 / n)
    return lower
