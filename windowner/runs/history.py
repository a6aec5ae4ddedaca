"""The history of a run: one line per epoch, written when the epoch is over."""

import json
from dataclasses import replace
from pathlib import Path

from windowner.training.observer import EpochRecord, Observer


class HistoryKeeper(Observer):
    """Passes everything on, and writes each epoch's record when it is over; an ensemble's are numbered throughout."""

    def __init__(self, listener: Observer, path: Path):
        self.listener = listener
        self.path = path
        self.records: list[EpochRecord] = []

    def note(self, message: str) -> None:
        """Pass it on."""
        self.listener.note(message)

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Pass it on."""
        self.listener.epoch_begins(epoch, epochs, windows)

    def batch_ends(self, windows: int, loss: float) -> None:
        """Pass it on."""
        self.listener.batch_ends(windows, loss)

    def epoch_ends(self, record: EpochRecord) -> None:
        """Keep the record, write its line, and pass it on."""
        self.records.append(replace(record, epoch=len(self.records) + 1))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self.records[-1].as_dict()) + "\n")
        self.listener.epoch_ends(record)
