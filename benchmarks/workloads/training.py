"""The lecture's model: words alone, radius 2, H = 100, tanh, plain SGD; and this machine's rates beside it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import click
import numpy as np

from benchmarks.harness import Result, Samples, Task, Worker, start, stop, take_turns
from benchmarks.workloads.corpora import Plan
from benchmarks.workloads.models import MACHINE, with_machine

BATCHES = (32, 128, 1024, 4096)
WAYS = ("fine-tuned", "frozen")
SIZES = (None, 100)  # of the vectors; None is that of the pretrained ones
RATE = 0.1
AGREEMENT = 1e-4  # of the mean losses of an epoch in float32, relative
DENSE_WINDOWS = 10  # batches of the twin with dense gradients, which is slow

Outcome = dict[str, Any]


def measure(plan: Plan) -> list[Outcome]:
    """Train on every corpus, with vectors of both sizes, frozen and fine-tuned."""
    outcomes = []
    for corpus in plan.corpora:
        for wanted in SIZES[:1] if plan.quick else SIZES:
            folder = corpus.folder / f"lecture-{wanted}"
            task = {"do": "lecture", "corpus": str(corpus.folder), "vectors": corpus.vectors, "size": wanted}
            with Worker("prepare", {}) as worker:
                shapes = worker.ask({**task, "folder": str(folder)})
            for way in WAYS:
                title = f"{corpus.name}, D = {shapes['size']}, {way}"
                outcomes.append({"corpus": corpus.name, "way": way, **shapes, **turns(plan, str(folder), way, title)})
            outcomes[-2]["memory_mb"] = memory(str(folder))  # of the fine-tuned one
    return outcomes


def turns(plan: Plan, folder: str, way: str, title: str) -> Outcome:
    """Check that windowner and its twin agree, and let them train in turns."""
    peers = {"windowner": partial(windowner, folder, way), "PyTorch": partial(twin, folder, way)}
    workers = start(peers)
    check_agreement(workers, title)
    cases: dict[str, dict[str, Task]] = {"rates": {MACHINE: {}}}
    for batch in BATCHES:
        task = {"do": "time", "batch": batch, "rate": RATE, "seconds": plan.seconds}
        cases[str(batch)] = dict.fromkeys(workers, task)
    workers = with_machine(workers)
    samples = take_turns(workers, cases, plan.rounds, title)
    versions = {name: version for worker in workers.values() for name, version in worker.versions.items()}
    profile = {"do": "profile", "batch": 256, "rate": RATE, "count": 12}
    samples.add("profile", "windowner", workers["windowner"].ask(profile))
    shapes = {batch: workers["windowner"].ask({"do": "shape", "batch": batch, "rate": RATE}) for batch in BATCHES}
    stop(workers)
    if way == "fine-tuned" and "PyTorch" in workers and not plan.quick:
        dense(samples, folder)
    return {"versions": versions, "shapes": shapes, "results": samples.results}


def windowner(folder: str, way: str) -> Worker:
    """Start windowner."""
    return Worker("windowner_training", {"folder": folder, "fine_tuned": way != "frozen"})


def twin(folder: str, way: str, windows: int = 0) -> Worker:
    """Start PyTorch's twin, on the first windows or all."""
    return Worker("torch_window", {"folder": folder, "way": way, **({"windows": windows} if windows else {})})


def check_agreement(workers: Mapping[str, Worker], title: str) -> None:
    """Raise an error unless all have the same mean loss over a first epoch from the same weights."""
    task = {"do": "loss", "batch": 1024, "rate": RATE}
    losses = {name: worker.ask(task)["loss"] for name, worker in workers.items()}
    if not np.ptp(list(losses.values())) <= AGREEMENT * max(losses.values()):
        raise click.ClickException(f"{title}: the peers do not compute the same: losses {losses}")


def dense(samples: Samples, folder: str) -> None:
    """Add a few steps of the twin whose gradient is as large as the table."""
    for batch in BATCHES:
        with twin(folder, "dense", DENSE_WINDOWS * batch) as worker:
            task = {"do": "time", "batch": batch, "rate": RATE, "seconds": 0.1}
            samples.add(str(batch), "PyTorch, dense gradient", worker.ask(task))


def memory(folder: str) -> dict[str, float]:
    """Return the peak memory of fresh processes that train fine-tuned, in MB."""
    task = {"do": "time", "batch": 1024, "rate": RATE, "seconds": 0.1}
    peaks: dict[str, float] = {}
    for name, begin in {"windowner": windowner, "PyTorch": twin}.items():
        with begin(folder, "fine-tuned") as worker:
            if not worker.missing:
                answer: Result = worker.ask(task)
                peaks[name] = answer["peak_mb"]
    return peaks
