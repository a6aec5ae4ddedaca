"""Dropout masks, which the forward pass applies, and the activations that it leaves for the backward pass."""

from dataclasses import dataclass

from windowner.arrays import Array


@dataclass(frozen=True)
class Masks:
    """Dropout masks of one batch, (R, D) and (N, H), each None where nothing is dropped."""

    input: Array | None = None
    hidden: Array | None = None


NO_MASKS = Masks()
"""Nothing is dropped."""


@dataclass(frozen=True)
class Activations:
    """What the way back needs from the way forward."""

    X: Array  # (R, D), masked
    z1: Array  # (N, H)
    h: Array  # (N, H), not masked
    z2: Array  # (N, K)
