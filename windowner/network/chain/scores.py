"""Scores of neighbouring tags: a linear chain.

    s(y) = start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]        of a sentence of T words

The logits z are the network's. `messages` turns the scores into probabilities of whole tag sequences.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array

CHAIN = ("transition", "start", "end")
"""Names of a chain's arrays."""


@dataclass(frozen=True)
class Chain:
    """Scores of neighbouring tags.

    Parameters
    ----------
    transition
        Score of tag i directly followed by tag j, (K, K).
    start, end
        Score of a sentence's first tag and of its last one, (K,) each.
    """

    transition: Array
    start: Array
    end: Array

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays by name, as the network names them."""
        return {"transition": self.transition, "start": self.start, "end": self.end}

    @classmethod
    def zeros(cls, tags: int) -> "Chain":
        """Return a chain that prefers nothing, in float32, for training to start from."""
        return cls(np.zeros((tags, tags), np.float32), np.zeros(tags, np.float32), np.zeros(tags, np.float32))

    def astype(self, dtype: DTypeLike) -> "Chain":
        """Return a copy in another precision."""
        return Chain(self.transition.astype(dtype), self.start.astype(dtype), self.end.astype(dtype))

    def scaled(self, factor: float) -> "Chain":
        """Return a chain with all scores times `factor`."""
        return Chain(self.transition * factor, self.start * factor, self.end * factor)

    def plus(self, other: "Chain") -> "Chain":
        """Return a chain with the scores of both added up."""
        return Chain(self.transition + other.transition, self.start + other.start, self.end + other.end)
