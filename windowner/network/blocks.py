"""Blocks of parameters, by name and group, and their gradients."""

from typing import NamedTuple

from windowner.arrays import Array
from windowner.network.rows import RowGradient

Gradients = dict[str, "Array | RowGradient"]
"""Gradients by the name of their block; of a table, those of the rows that a batch touched."""


class Block(NamedTuple):
    """A block of parameters.

    Parameters
    ----------
    name
        `E.words`, `E.capitals`, ..., `W`, `b1`, `U`, `b2`, `transition`, `start`, `end`.
    group
        What `train.update` calls it: `words`, `features`, `W`, `b1`, `U`, `b2` or `chain`.
    array
        The values; training changes them in place.
    trainable
        How many of its first rows training may move; None where it may move all of it.
    """

    name: str
    group: str
    array: Array
    trainable: int | None = None

    @property
    def moving(self) -> Array:
        """The part that training may move, as a view."""
        return self.array[: self.trainable]
