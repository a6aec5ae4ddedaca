"""Runs peers in processes of their own, in turns, and compares them.

Within a round every peer does every task once, one peer at a time. The peer that begins changes from round to round. A
comparison is the ratio of two peers' rates in the same round, so that changes between rounds affect both. Medians and
extremes are taken over rounds. Rates are per CPU second, and each process has one thread.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from statistics import median
from types import TracebackType
from typing import Any

import click
from tqdm import tqdm

from docs.pages import ROOT

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
UNCACHED = "PYTHONDONTWRITEBYTECODE"  # where it is set, every start compiles the program anew, which no user pays for

NEEDS = {
    "torch_window": "torch",
    "torch_chain": "torch",
    "crfsuite_ner": "pycrfsuite",
    "sklearn_crfsuite_ner": "sklearn_crfsuite",
    "spacy_ner": "spacy",
}

Task = Mapping[str, Any]
Result = dict[str, Any]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a measured process: one thread, compiled modules kept as on a user's machine."""
    own = {name: value for name, value in os.environ.items() if name != UNCACHED}
    return {**own, **ONE_THREAD, **(more or {})}


class Worker:
    """A peer in a process of its own.

    Parameters
    ----------
    module
        Its module in `benchmarks.peers`.
    task
        What sets it up.
    variables
        Environment variables to set beside those that pin its threads.
    """

    def __init__(self, module: str, task: Task, variables: Mapping[str, str] | None = None):
        self.module = module
        self.versions: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None
        self.missing = missing(module)
        if self.missing:
            return
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.peers.{module}"],
            cwd=ROOT,
            env=environment(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.versions = self.ask(task)["versions"]

    @property
    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            raise ValueError(f"benchmarks.peers.{self.module} cannot run: {self.missing} is not installed")
        return self.process

    def send(self, task: Task) -> None:
        """Send a task, and do not wait for its answer."""
        stdin = self._running.stdin
        assert stdin is not None
        stdin.write(json.dumps(dict(task)) + "\n")
        stdin.flush()

    def receive(self) -> Result:
        """Wait for the answer."""
        stdout = self._running.stdout
        assert stdout is not None
        line = stdout.readline()
        if not line:
            raise click.ClickException(f"benchmarks.peers.{self.module} has stopped; its last messages are above")
        answer: Result = json.loads(line)
        return answer

    def ask(self, task: Task) -> Result:
        """Send a task and wait for its answer."""
        self.send(task)
        return self.receive()

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate()  # closes its input, at which it ends

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


@dataclass
class Samples:
    """The answers of peers: by case, then by peer, one result per round."""

    results: dict[str, dict[str, list[Result]]] = field(default_factory=dict)

    def add(self, case: str, peer: str, result: Result) -> None:
        """Add the result of a round."""
        self.results.setdefault(case, {}).setdefault(peer, []).append(result)

    def has(self, case: str, peer: str) -> bool:
        """Whether a peer answered."""
        return peer in self.results.get(case, {})

    def rates(self, case: str, peer: str) -> list[float]:
        """Return the units per CPU second of each round."""
        return [result["units"] / result["cpu_seconds"] for result in self.results[case][peer]]

    def ratios(self, case: str, peer: str, other: str) -> list[float]:
        """Return how many times as fast a peer was as another one, round by round."""
        both = zip(self.rates(case, peer), self.rates(case, other), strict=True)
        return [mine / theirs for mine, theirs in both]


def take_turns(
    workers: Mapping[str, Worker], cases: Mapping[str, Mapping[str, Task]], rounds: int, title: str
) -> Samples:
    """Let every worker do its task of every case in each round.

    Parameters
    ----------
    workers
        By the name of the peer.
    cases
        By the name of the case, the tasks of those peers that do it.
    rounds
        How many.
    title
        Of the progress bar.
    """
    samples, names = Samples(), list(workers)
    for number in tqdm(range(rounds), desc=title, unit="round", disable=None):
        for case, tasks in cases.items():
            for name in names[number % len(names) :] + names[: number % len(names)]:
                if name in tasks:
                    samples.add(case, name, workers[name].ask(tasks[name]))
    return samples


def start(peers: Mapping[str, Callable[[], Worker]]) -> dict[str, Worker]:
    """Start the workers whose libraries are installed, and report the others."""
    workers = {}
    for name, begin in peers.items():
        worker = begin()
        if worker.missing:
            click.echo(f"{name} is skipped: {worker.missing} is not installed (benchmarks/requirements.txt)", err=True)
        else:
            workers[name] = worker
    return workers


def stop(workers: Mapping[str, Worker]) -> None:
    """End workers."""
    for worker in workers.values():
        worker.stop()


def missing(module: str) -> str:
    """Return the library that a peer needs and that is not installed; empty if all are installed."""
    library = NEEDS.get(module, "")
    return library if library and find_spec(library) is None else ""


def spread(values: Sequence[float], style: str = "{:,.0f}") -> str:
    """Return median and extremes: 12 (11-13)."""
    low, middle, high = (style.format(f(values)) for f in (min, median, max))
    return f"{middle} ({low}–{high})" if len(values) > 1 else middle
