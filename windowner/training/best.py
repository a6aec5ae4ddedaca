"""The best epoch so far, with a copy of the values that training may change."""

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork


class Best:
    """The values of a network after its best epoch. Of a table, only the rows that training may move are kept.

    Parameters
    ----------
    network
        The network that is trained in place.
    """

    def __init__(self, network: WindowNetwork):
        self._moving = {block.name: block.moving for block in network.blocks}
        self._kept: dict[str, Array] = {}
        self.epoch = 0
        self.f1 = -1.0

    def is_finite(self) -> bool:
        """Return whether all values that training may change are finite."""
        return all(np.isfinite(values).all() for values in self._moving.values())

    def offer(self, f1: float, epoch: int) -> bool:
        """Keep the network's present values if `f1` is the best so far. Return whether it is."""
        if f1 <= self.f1:
            return False
        self.epoch, self.f1 = epoch, f1
        self._kept = {name: values.copy() for name, values in self._moving.items()}
        return True

    def restore(self) -> None:
        """Write the best epoch's values back into the network."""
        for name, values in self._kept.items():
            self._moving[name][...] = values
