"""Training windowner's default network, against PyTorch's twins of it with a linear chain.

PyTorch          what a careful user writes: `usual` in `benchmarks.peers.torch_chain`
PyTorch, tuned   the same loss, rewritten until it was fast: `tuned` there
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import click
import numpy as np

from benchmarks.harness import Task, Worker, start, stop, take_turns
from benchmarks.workloads.corpora import Corpus, Plan
from benchmarks.workloads.models import MACHINE, OURS, with_machine

WAYS = {"PyTorch": "usual", "PyTorch, tuned": "tuned"}
CHECKED = 3  # batches. From the fourth on, Adam's rows that a batch did not touch differ: PyTorch moves some, we do not
AGREEMENT = 1e-4  # of the losses of the checked batches, relative


def measure(plan: Plan) -> list[dict[str, Any]]:
    """Train on every corpus."""
    return [measure_corpus(plan, corpus) for corpus in plan.corpora]


def measure_corpus(plan: Plan, corpus: Corpus) -> dict[str, Any]:
    """Check that all compute the same losses, and let them train in turns."""
    folder = str(corpus.folder / "default-arrays")
    ours = Worker("windowner_default", {"corpus": str(corpus.folder), "vectors": corpus.vectors})
    settings = ours.ask({"do": "arrays", "folder": folder})
    twin = {"folder": folder, "settings": settings}
    twins = {name: partial(Worker, "torch_chain", {**twin, "way": way}) for name, way in WAYS.items()}
    workers = {OURS: ours, **start(twins)}
    check_agreement(workers, corpus.name, settings["learning_rate"])
    task = {"do": "time", "seconds": plan.seconds}
    cases: dict[str, dict[str, Task]] = {"epoch": dict.fromkeys(workers, task), "rates": {MACHINE: {}}}
    workers = with_machine(workers)
    samples = take_turns(workers, cases, plan.rounds, f"{corpus.name}, default network")
    samples.add("profile", OURS, ours.ask({"do": "profile", "count": 12}))
    shape = ours.ask({"do": "shape"})
    versions = {name: version for worker in workers.values() for name, version in worker.versions.items()}
    stop(workers)
    about = {"corpus": corpus.name, "versions": versions, "settings": settings, "shape": shape}
    return {**about, "results": samples.results}


def check_agreement(workers: Mapping[str, Worker], title: str, rate: float) -> None:
    """Raise an error unless all have the same losses on the first batches, with steps between and nothing dropped."""
    task = {"do": "losses", "count": CHECKED, "rate": rate}
    losses = {name: worker.ask(task)["losses"] for name, worker in workers.items()}
    values = np.array([*losses.values()])
    if not (np.ptp(values, axis=0) <= AGREEMENT * values.max(axis=0)).all():
        raise click.ClickException(f"{title}: the peers do not compute the same: losses {losses}")
