"""The history of a run: one line per epoch, written when the epoch is over."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from windowner.files import write_whole
from windowner.training.observer import EpochRecord, Observer


class HistoryKeeper(Observer):
    """Passes everything on, and writes each epoch's record when it is over; an ensemble's are numbered throughout.

    Parameters
    ----------
    listener
        Hears everything.
    path
        The file of the records. None if they are not written.
    """

    def __init__(self, listener: Observer, path: Path | None):
        self.listener = listener
        self.path = path
        self.records: list[EpochRecord] = []

    def take_over(self, records: Iterable[EpochRecord]) -> None:
        """Begin with the epochs of a training that was interrupted, and write their lines anew."""
        self.records = [replace(record, epoch=epoch) for epoch, record in enumerate(records, start=1)]
        if self.path is not None:
            write_whole(self.path, "".join(map(_line, self.records)).encode())

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
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(_line(self.records[-1]))
        self.listener.epoch_ends(record)


def _line(record: EpochRecord) -> str:
    return json.dumps(record.as_dict()) + "\n"
