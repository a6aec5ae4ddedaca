"""Dropout of a form's numbers, of hidden units, and of rare words.

    mask = 0 with probability rate, else 1 / (1 - rate)        X~ = X * mask, h~ = h * mask (see `network.model`)

The mean of such a mask is 1. So nothing has to be scaled when tagging ("inverted" dropout).
Source: Srivastava et al., JMLR 15, 2014.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from windowner.arrays import Array, Bools
from windowner.inputs.batches import Batch
from windowner.inputs.tables import UNK
from windowner.network.activations import Masks
from windowner.network.model import WindowNetwork
from windowner.training.settings import TrainSettings

DRAWN = 1 << 16
"""Whole numbers below this are drawn, so the probability differs from the rate by at most half of 1 / DRAWN."""


def draw_mask(rng: np.random.Generator, shape: tuple[int, ...], rate: float) -> Array | None:
    """Return a mask of a shape. None if the rate is 0."""
    if rate == 0:
        return None
    drawn = np.frombuffer(rng.bytes(2 * prod(shape)), dtype=np.uint16).reshape(
        shape
    )  # takes a fifth of the time of drawing floats
    return (drawn >= round(rate * DRAWN)) * np.float32(1 / (1 - rate))


def draw_masks(rng: np.random.Generator, network: WindowNetwork, batch: Batch, settings: TrainSettings) -> Masks:
    """Return the masks of one batch. The input mask has a row per distinct form, the hidden mask one per window."""
    D, _, H = network.W.shape
    return Masks(
        input=draw_mask(rng, (len(batch.F), D), settings.dropout_input),
        hidden=draw_mask(rng, (len(batch), H), settings.dropout_hidden),
    )


def drop_rare_words(
    rng: np.random.Generator, batch: Batch, rare: Bools, rate: float, columns: Sequence[int] = (0,)
) -> Batch:
    """Return the batch in which each rare word is read as UNK with probability `rate`.

    The features of the word stay. So do all words that are not rare.

    Parameters
    ----------
    rng
        Draws the words that are dropped.
    batch
        The batch.
    rare
        Whether the word of each row is rare, for those rows of the first table of word vectors that training text can
        touch.
    rate
        The probability.
    columns
        Columns of F that belong to tables of word vectors. The first one is that of the first table. A dropped word is
        UNK in all of them.
    """
    if not rate:
        return batch
    dropped = rare[batch.F[:, columns[0]]] & (rng.random(len(batch.F)) < rate)
    F = batch.F.copy()
    for column in columns:
        F[dropped, column] = UNK
    return replace(batch, F=F)
