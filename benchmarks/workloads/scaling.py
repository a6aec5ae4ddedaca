"""How a step of windowner grows with table rows, batch, hidden units, radius and features."""

from typing import Any

from benchmarks.harness import Samples, Task, Worker, take_turns
from benchmarks.workloads.corpora import Plan

BASE = {"do": "step", "batch": 1024, "hidden": 100, "radius": 2, "features": 0, "tokens": 40_000}
QUICK = {"tokens": 4_000}
SWEEPS = {
    "batch": (32, 128, 512, 2048, 8192),
    "hidden": (50, 100, 200, 400),
    "radius": (0, 1, 2, 4, 8),
    "features": (0, 2, 4, 8),
    "tokens": (20_000, 80_000, 320_000),
}
ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
SIZE = 50


def measure(plan: Plan) -> dict[str, Any]:
    """Measure all."""
    quick = plan.quick
    base = {**BASE, **QUICK} if quick else BASE
    rows = rows_sweep(plan, base, ROWS[:2] if quick else ROWS)
    with Worker("windowner_scaling", {"rows": 100_000, "size": SIZE}) as worker:
        cases: dict[str, dict[str, Task]] = {
            f"{name} {value}": {"windowner": {**base, name: value, "seconds": plan.seconds / 2}}
            for name, values in SWEEPS.items()
            for value in (values[:1] if quick else values)
        }
        sweeps = take_turns({"windowner": worker}, cases, plan.rounds, "scaling")
        versions = worker.versions
    return {
        "rows": rows.results,
        "parallel": parallel(plan, base).results,
        "sweeps": sweeps.results,
        "versions": versions,
    }


def rows_sweep(plan: Plan, base: Task, sizes: tuple[int, ...]) -> Samples:
    """Time steps with tables of each size, in turns; all are in memory at a time."""
    workers = {f"{rows}": Worker("windowner_scaling", {"rows": rows, "size": SIZE}) for rows in sizes}
    task = {**base, "seconds": plan.seconds}
    samples = take_turns(workers, {"step": dict.fromkeys(workers, task)}, plan.rounds, "table rows")
    for worker in workers.values():
        worker.stop()
    return samples


def parallel(plan: Plan, base: Task) -> Samples:
    """Train with one thread, with two threads, and in two processes; all times are wall time."""
    setting = {"rows": 100_000, "size": SIZE}
    two_threads = {f"{name}_NUM_THREADS": "2" for name in ("OPENBLAS", "OMP", "MKL")}
    first, second = (Worker("windowner_scaling", setting) for _ in range(2))
    threaded = Worker("windowner_scaling", setting, two_threads)
    task = {**base, "batch": 4096, "hidden": 300, "seconds": plan.seconds}
    samples = Samples()
    for worker in (first, second, threaded):
        worker.ask({**task, "seconds": 0.01})
    for _ in range(plan.rounds):
        samples.add("train", "one process, one thread", first.ask(task))
        samples.add("train", "one process, two threads", threaded.ask({**task, "seconds": 2 * plan.seconds}))
        first.send(task)
        second.send(task)
        answers = first.receive(), second.receive()
        wall = max(answer["wall_seconds"] for answer in answers)
        samples.add("train", "two processes", {"units": sum(a["units"] for a in answers), "wall_seconds": wall})
    for worker in (first, second, threaded):
        worker.stop()
    return samples
