"""The best epoch so far, and a copy of what training may have changed since."""

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork


class Best:
    """Keeps the values of a network's best epoch: of a table, the rows that training may move."""

    def __init__(self, network: WindowNetwork):
        self._moving = {block.name: block.moving for block in network.blocks}
        self._kept: dict[str, Array] = {}
        self.epoch = 0
        self.f1 = -1.0

    def is_finite(self) -> bool:
        """Whether all values that training may change are finite."""
        return all(np.isfinite(values).all() for values in self._moving.values())

    def offer(self, f1: float, epoch: int) -> bool:
        """Keep this epoch if it is better than all before, and return whether it is."""
        if f1 <= self.f1:
            return False
        self.epoch, self.f1 = epoch, f1
        self._kept = {name: values.copy() for name, values in self._moving.items()}
        return True

    def restore(self) -> None:
        """Put the best epoch's values back."""
        for name, values in self._kept.items():
            self._moving[name][...] = values
