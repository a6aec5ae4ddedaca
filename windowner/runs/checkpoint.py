"""The checkpoint: the best epoch so far, as a model file, for trainings that are interrupted."""

from pathlib import Path
from time import perf_counter

from windowner.tagger.model import Model
from windowner.tagger.parts import write_model

PAUSE = 50
"""After a write that took t seconds, the next one waits for at least this many times t."""


class Checkpoint:
    """A file with the model of the best epoch so far.

    Writing a model may take as long as a short epoch. So not every best epoch is written at once. All writes together
    take at most about 2 % of the training. `write_pending` writes the best epoch if the file holds an earlier one.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path):
        self.path = path
        self._pending: Model | None = None
        self._next_write = float("-inf")

    def offer(self, model: Model) -> None:
        """Take the model of an epoch that is the best so far. Its network has the values of that epoch."""
        self._pending = model
        if perf_counter() >= self._next_write:
            self.write_pending()

    def write_pending(self) -> None:
        """Write the last model that was offered, if it is not written yet. Its network has its best epoch's values."""
        if self._pending is not None:
            begin = perf_counter()
            write_model(self._pending, self.path)
            end = perf_counter()
            self._pending, self._next_write = None, end + PAUSE * (end - begin)
