"""Blocks of parameters, with their names and groups, and the type of their gradients."""

from typing import NamedTuple

from windowner.arrays import Array
from windowner.network.rows import RowGradient

Gradients = dict[str, "Array | RowGradient"]
"""Gradients by the name of their block. A table has a `RowGradient` of the rows that the batch touched."""


class Block(NamedTuple):
    """A block of parameters.

    Parameters
    ----------
    name
        `E.words`, `E.capitals`, ..., `W`, `b1`, `U`, `b2`, `transition`, `start`, `end`.
    group
        The block's group in `train.update`: `words`, `features`, `W`, `b1`, `U`, `b2` or `chain`.
    array
        The values. Training changes them in place.
    trainable
        Number of first rows that training may move. None if it may move the whole block.
    """

    name: str
    group: str
    array: Array
    trainable: int | None = None

    @property
    def moving(self) -> Array:
        """The rows that training may move, as a view of the array."""
        return self.array[: self.trainable]
