"""The time a cluster takes for its shards when some workers are slow and some die, simulated: `make scaling`.

A worker takes the next shard when it is free. A shard of s seconds takes s * noise * slowness + overhead: noise is
log-normal with mean 1, and slowness is that of the worker. Workers die at a constant rate. The work that a dead worker
has done on its shard is lost, another worker starts, and the shard is done again. With W workers and S seconds of work
in all

    seconds >= start + S / (W * mean speed)

Texts in a store are read in pieces, one after the other. A piece costs a latency, which is log-normal, and its bytes
at the rate of one connection. A driver that hands out shards one by one makes workers wait for it.

The makespan exceeds this because of overhead when shards are small, and because of waiting for the last shard and of
work done twice when they are large.
"""

import heapq
import math
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import click
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from docs.pages import docs_option, table, write
from windowner.arrays import Float64
from windowner.stores.address import PIECE

SHARD_SECONDS = (1, 3, 10, 30, 100, 300, 1000)


@dataclass(frozen=True)
class Store:
    """A store that is read and written, as one worker sees it; times are assumptions, see docs/scaling.md."""

    bytes_in: float = 1.4e6  # read per second of work
    bytes_out: float = 2.0e6  # written per second of work
    latency: float = 0.03  # median seconds until a request is answered
    tail: float = 1.0  # standard deviation of the log latency; one request in a hundred takes ten times the median
    rate: float = 50e6  # bytes per second of one connection

    def requests(self, shard: float) -> int:
        """Return the requests for a shard of this many seconds: its pieces, one for its size, and one to write it."""
        return max(1, math.ceil(shard * self.bytes_in / PIECE)) + 2

    def waits(self, shard: float, count: int, rng: np.random.Generator) -> Float64:
        """Return how long each of `count` shards waits for the store, in seconds."""
        latencies = self.latency * np.exp(rng.normal(0, self.tail, (count, self.requests(shard))))
        waits: Float64 = latencies.sum(axis=1) + shard * (self.bytes_in + self.bytes_out) / self.rate
        return waits


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
    store: Store | None = None  # where the texts are, if they are not on the disks of the workers
    driver: float = 0.0  # seconds of the driver to hand out a shard, one after the other

    @property
    def slow_workers(self) -> int:
        """How many workers are slow."""
        return round(self.slow * self.workers)


def makespan(cluster: Cluster, shard: float, rng: np.random.Generator) -> float:
    """Return the seconds until the last shard of `shard` seconds is done."""
    count = round(cluster.workers * cluster.work / shard)
    noise = shard * np.exp(rng.normal(-(cluster.noise**2) / 2, cluster.noise, count))
    if cluster.store is not None:
        noise += cluster.store.waits(shard, count, rng)
    slowness = np.where(np.arange(cluster.workers) < cluster.slow_workers, cluster.slowness, 1.0)
    deaths = cluster.start + rng.exponential(cluster.life, cluster.workers)
    free = [(cluster.start, worker) for worker in range(cluster.workers)]
    end = handed_out = 0.0
    for seconds in noise:
        while True:
            now, worker = free[0]
            now = handed_out = max(now, handed_out) + cluster.driver
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
    "the same, and the texts are in a store": Cluster(life=7200.0, store=Store()),
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
    plain = Cluster(noise=0, slow=0, life=1e12)
    store = Store(PIECE, PIECE, latency=0.5, tail=0, rate=2 * PIECE)  # 102 requests, and a second per second of work
    for exact, waits in ((plain, 0.0), (replace(plain, store=store), 102 * 0.5 + 100)):
        wanted = exact.start + exact.work + exact.work / 100 * (exact.overhead + waits)
        found = makespan(exact, 100, np.random.default_rng(0))
        if abs(found - wanted) > 1e-6:
            raise click.ClickException(f"if nothing goes wrong it takes {wanted} s, but {found} s in the simulation")


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
