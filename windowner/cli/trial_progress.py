"""How an experiment goes on, for a person: on stderr."""

import sys
from collections.abc import Sequence
from time import monotonic
from typing import Never

import click
from tqdm import tqdm

from windowner.experiments.running import State, Watcher
from windowner.experiments.trials import Trial

START = 0.05  # of a trial's work, that does not depend on the amount of data


class TrialProgress(Watcher):
    """One bar on a terminal, a line a trial elsewhere; a failure always has its line."""

    def __init__(self) -> None:
        self.bar: tqdm[Never] | None = None
        self.began = self.work = self.left = 0.0

    def begins(self, state: State, trials: Sequence[Trial]) -> None:
        """Open the bar."""
        self.began = monotonic()
        self.work = self.left = sum(map(_work, trials))
        if state.done:
            click.echo(f"{state.done} of {state.all} trials were done before", err=True)
        bar_format = "{desc} |{bar:20}| {n_fmt}/{total_fmt}{postfix}"
        bar: tqdm[Never] = tqdm(total=state.all, initial=state.done, desc="trials", disable=None, bar_format=bar_format)
        bar.set_postfix_str(self._describe(state))
        self.bar = bar

    def trial_ends(self, state: State, trial: Trial, f1: float | None, error: str) -> None:
        """Move the bar."""
        self.left -= _work(trial)
        if self.bar is None:
            return
        if error:
            tqdm.write(click.style(f"failed: {trial.name}: {error}", fg="yellow"), file=sys.stderr)
        elif self.bar.disable:
            click.echo(f"{self._describe(state)}: {trial.name}: dev F1 {100 * (f1 or 0):.2f}", err=True)
        self.bar.update()
        self.bar.set_postfix_str(self._describe(state))

    def close(self) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.close()

    def _describe(self, state: State) -> str:
        told = f"{state.done}/{state.all} done, {state.running} running, {state.failed} failed"
        finished = self.work - self.left
        if not finished or not state.running:
            return told
        return f"{told}, {duration((monotonic() - self.began) * self.left / finished)} left"


def duration(seconds: float) -> str:
    """Write a time as minutes and seconds."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"


def _work(trial: Trial) -> float:
    """Return about how much there is to do; the unit does not matter."""
    return START + trial.fraction
