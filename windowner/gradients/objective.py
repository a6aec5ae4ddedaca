"""The loss of a network on one small batch, whose gradients are compared.

The loss is the one of training. It has dropout, L2, and rare words that are read as UNK. The dropout masks are drawn
once, so that every evaluation computes the same function.
"""

import math
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array
from windowner.gradients.character_graph import lead_of_the_highest
from windowner.gradients.graph import graph_loss
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.network.activations import Masks
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import dense
from windowner.runs.preparation import Prepared
from windowner.training.dropout import draw_masks, drop_rare_words

SENTENCES = 3
"""Sentences per batch."""

L2 = 1e-3
"""Strength of the L2 penalty for a config without one, so that its gradient is checked too."""


@dataclass(frozen=True)
class Objective:
    """The loss of a network on one batch, with its gradients by hand and by the graph.

    Parameters
    ----------
    network
        A float64 network.
    batch
        The batch, with tags.
    masks
        The dropout masks.
    l2
        Strength of the L2 penalty.
    """

    network: WindowNetwork
    batch: Batch
    masks: Masks
    l2: float

    def value(self) -> float:
        """Return the loss at the network's present parameters."""
        return self.network.objective(self.batch, self.l2, self.masks)

    def by_hand(self) -> dict[str, Array]:
        """Return the gradients that `network.model` derives by hand, as arrays of the parameters' shapes."""
        _, gradients = self.network.loss(self.batch, self.l2, self.masks)
        return {name: dense(gradients[name], array.shape) for name, array in self.network.parameters.items()}

    def by_graph(self) -> dict[str, Array]:
        """Return the gradients that the graph of gates computes."""
        return graph_loss(self.network, self.batch, self.l2, self.masks)[1]

    def largest_log(self) -> float:
        """Return a bound of log Z of T words and K tags, less the chain's scores: T (log K + the largest logit)."""
        words = int(np.diff(self.batch.offsets).max()) if self.network.chain is not None else 1
        logits = self.network.forward(self.batch, self.masks).z2
        return max(1.0, words * (math.log(logits.shape[1]) + float(np.abs(logits).max())))

    def corner_distance(self) -> float:
        """Return the smallest distance of a unit from a corner: of z1 from one of f, of X_c from another maximum."""
        forward = self.network.forward(self.batch, self.masks)
        corners = NONLINEARITIES[self.network.nonlinearity].corners
        distances = [float(np.abs(forward.z1 - z).min()) for z in corners]
        if forward.characters is not None:
            distances.append(lead_of_the_highest(forward.characters))
        return min(distances, default=np.inf)


def draw_objective(network: WindowNetwork, prepared: Prepared) -> Objective:
    """Return the loss on a batch of a few training sentences, drawn at random as in training.

    For a network that reads documents, neighbouring sentences are mostly of one document.
    """
    training, train, rng = prepared.training, prepared.model.config.train, prepared.rng
    text, _ = training.shuffled(rng)
    text = text.sentences(0, min(SENTENCES, len(text.offsets) - 1))
    batch = make_batch(text, training.F, Distinct(len(training.F)))
    batch = drop_rare_words(rng, batch, training.rare, training.unk_rate, training.word_columns)
    batch = training.complete(batch)
    return Objective(network, batch, draw_masks(rng, network, batch, train), train.l2 or L2)
