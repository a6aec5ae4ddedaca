"""What the forward pass is given and what it leaves: dropout masks, and the activations that the backward pass needs."""

from dataclasses import dataclass

from windowner.arrays import Array


@dataclass(frozen=True)
class Masks:
    """Dropout masks of one batch, (R, D) and (N, H), each None where nothing is dropped."""

    input: Array | None = None
    hidden: Array | None = None


@dataclass(frozen=True)
class Activations:
    """What the way back needs from the way forward."""

    X: Array  # (R, D), masked
    z1: Array  # (N, H)
    h: Array  # (N, H), not masked
    z2: Array  # (N, K)
