"""Observers of a training. Training calls an observer's methods, and prints nothing itself."""

from dataclasses import asdict, dataclass
from typing import Any

from windowner.training.diagnostics import Diagnostics


@dataclass(frozen=True)
class EpochRecord:
    """The results of one epoch, which are one line of `history.jsonl`.

    Times are in seconds. `windows_per_second` is the speed of training, without scoring dev.
    """

    epoch: int
    loss: float
    dev_f1: float
    learning_rate: float
    train_seconds: float
    dev_seconds: float
    windows_per_second: float
    best: bool
    diagnostics: Diagnostics

    def as_dict(self) -> dict[str, Any]:
        """Return the record as a dictionary that can be written as JSON."""
        return asdict(self)


class Observer:
    """An observer that does nothing. Subclasses override the methods that they need."""

    def note(self, message: str) -> None:
        """Take a message for the user about what was found or chosen. It may have several lines."""

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Take the beginning of an epoch: its number from 1, the largest number of epochs, and its windows."""

    def batch_ends(self, windows: int, loss: float) -> None:
        """Take the end of a batch: its number of windows, and the mean loss of the epoch so far."""

    def epoch_ends(self, record: EpochRecord) -> None:
        """Take the record of an epoch, after dev was scored."""


SILENT = Observer()
