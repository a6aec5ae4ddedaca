"""The chain: scores of neighbouring tags, which are added to the logits.

    s(y) = start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]        for a sentence of T words

z_t[k] is the logit of tag k for word t, from the network. `messages` computes probabilities of tag sequences from s.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array

CHAIN = ("transition", "start", "end")
"""The names of a chain's arrays."""


@dataclass(frozen=True)
class Chain:
    """Scores of neighbouring tags.

    Parameters
    ----------
    transition
        transition[i, j] is the score of tag i directly followed by tag j, (K, K).
    start, end
        Scores of a sentence's first tag and of its last tag, (K,) each.
    """

    transition: Array
    start: Array
    end: Array

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays, by the names that they have among the network's parameters."""
        return {"transition": self.transition, "start": self.start, "end": self.end}

    @property
    def range(self) -> float:
        """The largest difference between two scores of one array."""
        return max(float(np.ptp(scores)) for scores in self.parameters.values())

    @classmethod
    def zeros(cls, tags: int) -> "Chain":
        """Return the chain before training: all scores are 0, in float32."""
        return cls(np.zeros((tags, tags), np.float32), np.zeros(tags, np.float32), np.zeros(tags, np.float32))

    def astype(self, dtype: DTypeLike) -> "Chain":
        """Return a copy in another precision."""
        return Chain(self.transition.astype(dtype), self.start.astype(dtype), self.end.astype(dtype))

    def scaled(self, factor: float) -> "Chain":
        """Return a chain with all scores multiplied by `factor`."""
        return Chain(self.transition * factor, self.start * factor, self.end * factor)

    def plus(self, other: "Chain") -> "Chain":
        """Return the chain whose scores are the sums of both chains' scores."""
        return Chain(self.transition + other.transition, self.start + other.start, self.end + other.end)
