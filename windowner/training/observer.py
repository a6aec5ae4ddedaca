"""Who hears how training goes on. Training itself prints nothing."""

from dataclasses import asdict, dataclass
from typing import Any

from windowner.training.diagnostics import Diagnostics


@dataclass(frozen=True)
class EpochRecord:
    """One line of `history.jsonl`; times in seconds, `windows_per_second` of training alone."""

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
        """Return the record for JSON."""
        return asdict(self)


class Observer:
    """Hears everything and does nothing; override what you want to hear."""

    def note(self, message: str) -> None:
        """Hear what was found or chosen, in one or more lines for a person."""

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Hear that epoch `epoch` of at most `epochs` begins, over so many windows."""

    def batch_ends(self, windows: int, loss: float) -> None:
        """Hear of a batch: its windows, and the mean loss of the epoch so far."""

    def epoch_ends(self, record: EpochRecord) -> None:
        """Hear that an epoch is over, dev included."""


SILENT = Observer()
