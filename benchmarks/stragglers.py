"""The time a cluster takes for its shards when some workers are slow and some die, simulated: `make scaling`.

A worker takes the next shard when it is free. A shard of s seconds takes s * noise * slowness + overhead: noise is
log-normal with mean 1, and slowness is that of the worker. Workers die at a constant rate. The work that a dead worker
has done on its shard is lost, another worker starts, and the shard is done again. With W workers and S seconds of work
in all

    seconds >= start + S / (W * mean speed)

The makespan exceeds this because of overhead when shards are small, and because of waiting for the last shard and of
work done twice when they are large.
"""

import heapq
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import click
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from docs.pages import docs_option, table, write

SHARD_SECONDS = (1, 3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class Cluster:
    """Workers and their faults; all times are seconds."""

    workers: int = 128
    work: float = 3600.0  # for each worker, if all were as fast as they should be
    start: float = 30.0  # of a worker: machine, libraries, model
    overhead: float = 0.01  # of a shard: opening, renaming, messages to the scheduler and back
    noise: float = 0.2  # standard deviation of a shard's log seconds
    slow: float = 0.05  # share of slow workers
    slowness: float = 3.0  # of the slow workers
    life: float = 24 * 3600.0  # mean seconds until a worker dies

    @property
    def slow_workers(self) -> int:
        """How many workers are slow."""
        return round(self.slow * self.workers)


def makespan(cluster: Cluster, shard: float, rng: np.random.Generator) -> float:
    """Return the seconds until the last shard of `shard` seconds is done."""
    count = round(cluster.workers * cluster.work / shard)
    noise = shard * np.exp(rng.normal(-(cluster.noise**2) / 2, cluster.noise, count))
    slowness = np.where(np.arange(cluster.workers) < cluster.slow_workers, cluster.slowness, 1.0)
    deaths = cluster.start + rng.exponential(cluster.life, cluster.workers)
    free = [(cluster.start, worker) for worker in range(cluster.workers)]
    end = 0.0
    for seconds in noise:
        while True:
            now, worker = free[0]
            done = now + seconds * slowness[worker] + cluster.overhead
            if done <= deaths[worker]:
                break
            # Another worker of the same speed replaces it; the shard goes to the next free worker.
            again = max(now, deaths[worker]) + cluster.start
            deaths[worker] = again + rng.exponential(cluster.life)
            heapq.heapreplace(free, (again, worker))
        heapq.heapreplace(free, (done, worker))
        end = max(end, done)
    return end


def least(cluster: Cluster) -> float:
    """Return the seconds in which workers that never wait or die do all the work, without overhead."""
    slow = cluster.slow_workers / cluster.workers
    return cluster.start + cluster.work / (1 - slow + slow / cluster.slowness)


SCENARIOS = {
    "nothing goes wrong": Cluster(noise=0, slow=0, life=1e12),
    "noise": Cluster(slow=0, life=1e12),
    "noise, 5 % of workers 3 times as slow": Cluster(life=1e12),
    "the same, and a worker lives a day": Cluster(),
    "the same, and it lives two hours (spot)": Cluster(life=7200.0),
}


def excess(cluster: Cluster, shard: float, seeds: int) -> float:
    """Return by how many percent the mean makespan exceeds the least."""
    found = [makespan(cluster, shard, np.random.default_rng(seed)) for seed in range(seeds)]
    return 100 * (mean(found) / least(cluster) - 1)


def draw(path: Path, rows: dict[str, list[float]]) -> None:
    """Draw the excess against the size of a shard."""
    plt.rcParams["svg.hashsalt"] = "windowner"
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, values in rows.items():
        axes.plot(SHARD_SECONDS, values, marker="o", label=name)
    axes.set(xscale="log", xlabel="seconds of a shard", ylabel="makespan above the least, %")
    axes.set_yscale("symlog", linthresh=0.1, linscale=0.3)
    for axis, ticks in ((axes.xaxis, SHARD_SECONDS), (axes.yaxis, (0, 0.1, 0.3, 1, 3, 10, 30, 100))):
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
    axes.set_ylim(0, 130)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


def check_exact() -> None:
    """Raise an error unless the simulation gives the known makespan where nothing goes wrong."""
    exact = Cluster(noise=0, slow=0, life=1e12)
    wanted = exact.start + exact.work + exact.work / 100 * exact.overhead
    found = makespan(exact, 100, np.random.default_rng(0))
    if abs(found - wanted) > 1e-6:
        raise click.ClickException(f"where nothing goes wrong the makespan is {wanted} s; the simulation gives {found}")


@click.command()
@click.option("--seeds", default=5, show_default=True, help="Simulations of each scenario.")
@click.option("--workers", default=Cluster.workers, show_default=True, help="Workers of the cluster.")
@docs_option
def main(seeds: int, workers: int, docs: Path) -> None:
    """Write the table and the picture of scaling.md."""
    check_exact()
    rows = {
        name: [excess(replace(cluster, workers=workers), shard, seeds) for shard in SHARD_SECONDS]
        for name, cluster in SCENARIOS.items()
    }
    draw(docs / "scaling.svg", rows)
    cells = [[name, *(f"{value:.1f}" for value in values)] for name, values in rows.items()]
    write(docs / "scaling.md", "simulation", table(["seconds of a shard", *map(str, SHARD_SECONDS)], cells))


if __name__ == "__main__":
    main()
