"""What happens in an experiment, for those who want to hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from windowner.experiments.trials import Trial


@dataclass(frozen=True)
class TrialCounts:
    """The number of trials that are done, that run, and that failed, and of all trials."""

    done: int
    running: int
    failed: int
    total: int


class Watcher:
    """Receives the events of an experiment. Each method does nothing unless a subclass overrides it."""

    def begins(self, counts: TrialCounts, trials: Sequence[Trial]) -> None:
        """Receive the trials that are not done yet, before they start."""

    def trial_ends(self, counts: TrialCounts, trial: Trial, f1: float | None, error: str) -> None:
        """Receive a trial that ended: its F1 on dev, or on its fold, or the reason why it failed."""

    def close(self) -> None:
        """Receive the end of the experiment, interrupted or not."""


UNWATCHED = Watcher()
