"""The best epoch so far, with a copy of the values that training may change."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Array
from windowner.network.model import WindowNetwork


@dataclass(frozen=True)
class BestEpoch:
    """The best epoch so far. Before the first one, the F1 is lower than any, and the loss is higher than any.

    Parameters
    ----------
    epoch
        Its number.
    improved
        The first epoch with its F1: patience counts from there.
    f1, loss
        Its entity F1 and its loss on dev.
    """

    epoch: int = 0
    improved: int = 0
    f1: float = -1.0
    loss: float = float("inf")


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
        self.kept: dict[str, Array] = {}
        """The values of each block after the best epoch."""
        self.reached = BestEpoch()

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
        before = self.reached
        if f1 < before.f1:
            return False
        epoch_loss = loss()
        if f1 > before.f1:
            self.reached = BestEpoch(epoch, epoch, f1, epoch_loss)
        elif epoch_loss >= before.loss:
            return False
        else:
            self.reached = replace(before, epoch=epoch, loss=epoch_loss)
        self.kept = {name: values.copy() for name, values in self._moving.items()}
        return True

    def take_over(self, reached: BestEpoch, values: Callable[[str], Array]) -> None:
        """Take over the best epoch of a training that was interrupted, with its values by the name of their block."""
        self.reached = reached
        self.kept = {name: values(name).copy() for name in self._moving}

    def restore(self) -> None:
        """Write the best epoch's values back into the network."""
        for name, values in self.kept.items():
            self._moving[name][...] = values
