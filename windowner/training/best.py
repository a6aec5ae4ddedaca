"""The best epoch so far, with a copy of the values that training may change."""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork


class Best:
    """The values of a network after its best epoch. Of a table, only the rows that training may move are kept.

    The best epoch has the highest entity F1 on dev. Of several with that F1, it is the one with the lowest loss on dev,
    and the first of those with the same loss.

    Parameters
    ----------
    network
        The network that is trained in place.
    """

    def __init__(self, network: WindowNetwork):
        self._moving = {block.name: block.moving for block in network.blocks}
        self._kept: dict[str, Array] = {}
        self.epoch = 0
        self.improved = 0  # the first epoch with the highest F1: patience counts from there
        self.f1, self.loss = -1.0, float("inf")

    def is_finite(self) -> bool:
        """Return whether all values that training may change are finite."""
        return all(np.isfinite(values).all() for values in self._moving.values())

    def offer(self, f1: float, loss: Callable[[], float], epoch: int) -> bool:
        """Keep the network's present values if the epoch is the best so far. Return whether it is.

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
        """Write the best epoch's values back into the network."""
        for name, values in self._kept.items():
            self._moving[name][...] = values
