"""The best epoch so far, and a copy of what training may have changed since."""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork


class Best:
    """Keeps the values of a network's best epoch: of a table, the rows that training may move.

    The best epoch has the highest entity F1 on dev. Of several with that F1, it is the one with the lowest loss on dev,
    and the first of those with the same loss.
    """

    def __init__(self, network: WindowNetwork):
        self._moving = {block.name: block.moving for block in network.blocks}
        self._kept: dict[str, Array] = {}
        self.epoch = 0
        self.improved = 0  # the first epoch with the highest F1: patience counts from there
        self.f1, self.loss = -1.0, float("inf")

    def is_finite(self) -> bool:
        """Whether all values that training may change are finite."""
        return all(np.isfinite(values).all() for values in self._moving.values())

    def offer(self, f1: float, loss: Callable[[], float], epoch: int) -> bool:
        """Keep this epoch if it is better than all before, and return whether it is.

        Parameters
        ----------
        f1
            Its entity F1 on dev.
        loss
            Returns its loss on dev. It is not called where the F1 is lower than before.
        epoch
            Its number.
        """
        if f1 < self.f1:
            return False
        epoch_loss = loss()
        if f1 > self.f1:
            self.improved = epoch
        elif epoch_loss >= self.loss:
            return False
        self.epoch, self.f1, self.loss = epoch, f1, epoch_loss
        self._kept = {name: values.copy() for name, values in self._moving.items()}
        return True

    def restore(self) -> None:
        """Put the best epoch's values back."""
        for name, values in self._kept.items():
            self._moving[name][...] = values
