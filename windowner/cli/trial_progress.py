"""The progress of an experiment for people, on stderr."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from time import monotonic
from typing import Never

from tqdm import tqdm

from windowner.cli.log import ERROR, WARNING, is_json, record, tell
from windowner.experiments.finished import FailedTrial
from windowner.experiments.trials import Trial
from windowner.experiments.watching import TrialCounts, Watcher

tqdm.monitor_interval = 0  # a progress bar then starts no thread, and workers can be forked

START = 0.05  # the part of a trial's work that does not depend on the amount of data


class TrialProgress(Watcher):
    """One bar on a terminal, one line per trial elsewhere. A trial that fails always has a line."""

    def __init__(self) -> None:
        self.bar: tqdm[Never] | None = None
        self.began = self.work = self.left = 0.0

    def begins(self, counts: TrialCounts, trials: Sequence[Trial]) -> None:
        """Open the bar."""
        self.began = monotonic()
        self.work = self.left = sum(map(_work, trials))
        record("trials-begin", **asdict(counts))
        if counts.done:
            tell("trials-done-before", f"{counts.done} of {counts.total} trials are already done", **asdict(counts))
        bar_format = "{desc} |{bar:20}| {n_fmt}/{total_fmt}{postfix}"
        bar: tqdm[Never] = tqdm(
            total=counts.total, initial=counts.done, desc="trials", disable=is_json() or None, bar_format=bar_format
        )
        bar.set_postfix_str(self._describe(counts))
        self.bar = bar

    def trial_ends(self, counts: TrialCounts, trial: Trial, f1: float | None, error: str) -> None:
        """Move the bar."""
        self.left -= _work(trial)
        if self.bar is None:
            return
        if error:
            with self.bar.external_write_mode():
                failure = {"trial": trial.name, "error": error, **asdict(counts)}
                tell("trial-failed", f"failed: {trial.name}: {error}", level=WARNING, color="yellow", **failure)
        elif self.bar.disable:
            message = f"{self._describe(counts)}: {trial.name}: {trial.split} F1 {100 * (f1 or 0):.2f}"
            tell("trial", message, trial=trial.name, split=trial.split, f1=f1, **asdict(counts))
        self.bar.update()
        self.bar.set_postfix_str(self._describe(counts))

    def close(self) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.close()

    def _describe(self, counts: TrialCounts) -> str:
        described = f"{counts.done}/{counts.total} done, {counts.running} running, {counts.failed} failed"
        finished = self.work - self.left
        if not finished or not counts.running:
            return described
        return f"{described}, {duration((monotonic() - self.began) * self.left / finished)} left"


def tell_failed(trials: Iterable[FailedTrial]) -> None:
    """Say at the end which trials failed, and why."""
    for trial in trials:
        message, values = f"{trial.name}: {trial.error}", {"trial": trial.name, "error": trial.error}
        tell("failed", message, level=ERROR, prefix="failed: ", color="red", **values)


def duration(seconds: float) -> str:
    """Write a time as minutes and seconds."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


def _work(trial: Trial) -> float:
    """Return the work of a trial in no particular unit."""
    return START + trial.fraction
