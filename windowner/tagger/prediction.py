"""What a tagger says of sentences: tags with their probabilities, and entities."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.decoding import Decoder
from windowner.network.chain.marginals import TagProbabilities, tag_probabilities


class Entity(NamedTuple):
    """A named entity: tokens `start` to `end` (exclusive), its type and text, and the network's probability.

    The probability is that of all the entity's tags together, among all legal tag sequences of the sentence.
    """

    start: int
    end: int
    type: str
    text: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """Tags of sentences laid end to end.

    Parameters
    ----------
    tags
        Tag number of each token, (T,).
    logits
        The network's scores, (T, K).
    offsets
        First token of each sentence, and T at the end.
    decoder
        What chose the tags.
    temperature
        What all scores are divided by for probabilities.
    """

    tags: Indices
    logits: Array
    offsets: Indices
    decoder: Decoder
    temperature: float = 1.0

    @cached_property
    def marginals(self) -> TagProbabilities:
        """Probabilities of the tags among all legal sequences, each for itself, and given its left neighbour."""
        chain = self.decoder.tempered(self.temperature)
        z = self.decoder.lowered(self.logits, self.decoder.threshold) / np.float32(self.temperature)
        return tag_probabilities(z, self.tags, self.offsets, chain)

    @property
    def probabilities(self) -> Array:
        """Probability of each token's tag, (T,)."""
        probabilities: Array = np.exp(self.marginals.alone)
        return probabilities
