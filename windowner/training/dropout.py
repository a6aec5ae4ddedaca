"""What is dropped at random while training: numbers of a form's row, hidden units, and rare words.

Masks are "inverted": what is kept is multiplied by 1 / (1 - rate), so that nothing has to be scaled when tagging.
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

DRAWN = 1 << 16  # numbers that are drawn from: a rate is met to within half of 1 / DRAWN


def draw_mask(rng: np.random.Generator, shape: tuple[int, ...], rate: float) -> Array | None:
    """Return a mask of 0 with probability `rate` and 1 / (1 - rate) otherwise; None when the rate is 0."""
    if rate == 0:
        return None
    drawn = np.frombuffer(rng.bytes(2 * prod(shape)), dtype=np.uint16).reshape(shape)  # a fifth of the time of floats
    return (drawn >= round(rate * DRAWN)) * np.float32(1 / (1 - rate))


def draw_masks(rng: np.random.Generator, network: WindowNetwork, batch: Batch, settings: TrainSettings) -> Masks:
    """Return the masks of one batch: one row a distinct form, one row a window."""
    D, _, H = network.W.shape
    return Masks(
        input=draw_mask(rng, (len(batch.F), D), settings.dropout_input),
        hidden=draw_mask(rng, (len(batch), H), settings.dropout_hidden),
    )


def drop_rare_words(
    rng: np.random.Generator, batch: Batch, rare: Bools, rate: float, columns: Sequence[int] = (0,)
) -> Batch:
    """Return the batch with each rare word read as UNK with probability `rate`; its other features stay.

    Parameters
    ----------
    rng
        Decides which words are dropped.
    batch
        The batch.
    rare
        For each row of the first table of word vectors that the training data can touch, whether the word is rare.
    rate
        The probability.
    columns
        Columns of F that belong to word vectors, the first table's first. A dropped word is UNK in all of them.
    """
    if not rate:
        return batch
    dropped = rare[batch.F[:, columns[0]]] & (rng.random(len(batch.F)) < rate)
    F = batch.F.copy()
    for column in columns:
        F[dropped, column] = UNK
    return replace(batch, F=F)
