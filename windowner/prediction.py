"""What a tagger says of sentences: tags with their probabilities, and entities."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from windowner.network.chain import Chain
from windowner.network.decoding import tempered
from windowner.network.marginals import TagProbabilities, tag_probabilities
from windowner.text.schemes import LegalTransitions


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
    legality
        Which sequences of tags are legal.
    chain
        Learned scores of neighbouring tags, if there are any.
    temperature
        What all scores are divided by for probabilities.
    """

    tags: NDArray[np.intp]
    logits: NDArray[Any]
    offsets: NDArray[np.intp]
    legality: LegalTransitions
    chain: Chain | None = None
    temperature: float = 1.0

    @cached_property
    def marginals(self) -> TagProbabilities:
        """Probabilities of the tags among all legal sequences, each for itself, and given its left neighbour."""
        chain = tempered(self.legality, self.chain, self.temperature)
        return tag_probabilities(self.logits / np.float32(self.temperature), self.tags, self.offsets, chain)

    @property
    def probabilities(self) -> NDArray[Any]:
        """Probability of each token's tag, (T,)."""
        probabilities: NDArray[Any] = np.exp(self.marginals.alone)
        return probabilities
