"""What the backward pass needs: the dropout masks, and the activations of the forward pass."""

from dataclasses import dataclass

from windowner.arrays import Array
from windowner.network.characters import Convolved


@dataclass(frozen=True)
class Masks:
    """Dropout masks of one batch. A mask of None drops nothing."""

    input: Array | None = None  # (R, D)
    hidden: Array | None = None  # (N, H)


NO_MASKS = Masks()
"""Masks that drop nothing."""


@dataclass(frozen=True)
class Activations:
    """The activations of one batch."""

    X: Array  # (R, D), after the input mask
    z1: Array  # (N, H)
    h: Array  # (N, H), before the hidden mask
    z2: Array  # (N, K)
    characters: Convolved | None = None
