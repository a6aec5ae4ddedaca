"""What a terabyte of text and a trillion tokens cost on a cluster that reads from a store: `make scaling`.

Measured on this machine: CPU seconds of one worker from files to files, and from a store to a store. The store is an S3
server in a process of its own (moto). So its own work, the network and the distance to it are not in the figures.

Simulated from that with `stragglers`: latency and rate of a real store, slow workers, workers that die, and the driver.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import boto3
import click
import numpy as np

from benchmarks.scaling import CORE_HOUR, CORES, TRILLION, write_texts
from benchmarks.stragglers import Cluster, Store, least, makespan
from docs.pages import ROOT, docs_option, table, write
from windowner.config.loading import load_config
from windowner.formats.distinct import Memory
from windowner.runs.training import train
from windowner.stores.address import path_of
from windowner.tagger.tagger import Tagger
from windowner.tagging.finding import FileShard
from windowner.tagging.folders import tag_shard
from windowner.tagging.task import TagTask

TERABYTE = 1e12
WORKERS = (16, 128, 1024, 8192)
SHARD = 30.0  # seconds of work
DRIVER = 0.0011  # seconds per item; see the table of overhead
REQUESTS = {"read": 0.0004 / 1000, "write": 0.005 / 1000}  # US dollars, assumed
BUCKET = "windowner-benchmark"


class Rates(NamedTuple):
    """What one worker does per CPU second, and how long its files are."""

    tokens: float
    bytes_in: float
    bytes_out: float


@contextmanager
def store() -> Iterator[None]:
    """Run an S3 server, and let this process find it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            url = f"http://127.0.0.1:{port}"
            os.environ.update(AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="benchmark", AWS_SECRET_ACCESS_KEY="benchmark")
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)
            yield
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("the S3 server does not start")


def rates(tagger: Tagger, task: TagTask, places: Mapping[str, FileShard], rounds: int) -> dict[str, Rates]:
    """Return what one worker does with a shard at each place. The places take turns."""
    memory = Memory()
    seconds: dict[str, list[float]] = {name: [] for name in places}
    for turn in range(rounds + 1):
        for name, shard in places.items():
            start = time.process_time()
            tokens = tag_shard(tagger, task, memory, shard)
            if turn:  # the words of the first turn were new
                seconds[name].append(time.process_time() - start)
    sizes = [len(path.read_bytes()) for shard in places.values() for path in (shard.source, shard.target)]
    if len(set(sizes)) > 2:
        raise click.ClickException(f"files of {sizes} bytes, expected the same at each place")
    amounts = (tokens, *sizes[:2])
    return {name: Rates(*(amount / median(found) for amount in amounts)) for name, found in seconds.items()}


def measured(rounds: int, keys: tuple[str, ...]) -> dict[str, Rates]:
    """Return the rates from files to files, and from a store to a store."""
    with tempfile.TemporaryDirectory() as folder, store():
        model, texts = Path(folder, "run"), Path(folder, "texts")
        train(load_config(ROOT / "configs" / "wikigold.toml", ["train.epochs=1", *keys]), model)
        write_texts(texts, 1)
        (source,) = texts.iterdir()
        source.write_bytes(source.read_bytes() * 8)
        away = path_of(f"s3://{BUCKET}/texts/{source.name}")
        boto3.client("s3").upload_file(str(source), BUCKET, f"texts/{source.name}")
        tagger, task = Tagger.load(model), TagTask(model)
        places = {
            "files to files": FileShard(source, "tokens", Path(folder, "tagged.conll"), ""),
            "store to store": FileShard(away, "tokens", path_of(f"s3://{BUCKET}/tagged.conll"), ""),
        }
        return rates(tagger, task, places, rounds)


def cost(amount: str, tokens: float, one: Rates, seeds: int) -> list[list[str]]:
    """Return a row for each number of workers that tag this many tokens."""
    work = tokens / one.tokens
    far = Store(one.bytes_in, one.bytes_out)
    shards = work / SHARD
    asked = shards * ((far.requests(SHARD) - 1) * REQUESTS["read"] + REQUESTS["write"])
    rows = []
    for workers in WORKERS:
        cluster = Cluster(workers, work / workers, life=7200.0, store=far, driver=DRIVER)
        hours = sum(makespan(cluster, SHARD, np.random.default_rng(seed)) for seed in range(seeds)) / seeds / 3600
        above = 100 * (hours * 3600 / least(cluster) - 1)
        prices = [f"{workers * hours * price + asked:,.0f}" for price in CORE_HOUR.values()]
        network = CORES * (one.bytes_in + one.bytes_out) / 1e6
        a_second = shards / (hours * 3600)
        busy = 100 * a_second * DRIVER
        counts = [f"{network:,.0f}", f"{a_second * far.requests(SHARD):,.0f}", f"{busy:.1f}"]
        rows.append([amount, f"{workers:,}", f"{hours:,.2f}", f"{above:.0f}", *prices, *counts])
    return rows


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Measurements of a shard.")
@click.option("--seeds", default=2, show_default=True, help="Simulations of each cluster.")
@click.option("--set", "keys", multiple=True, help="section.key=value of the model's config; repeatable.")
@docs_option
def main(rounds: int, seeds: int, keys: tuple[str, ...], docs: Path) -> None:
    """Write the tables of scaling.md about stores."""
    found = measured(rounds, keys)
    heads = ["one worker", "tokens per CPU second", "MB/s read", "MB/s written"]
    rows = [
        [name, f"{one.tokens:,.0f}", f"{one.bytes_in / 1e6:.2f}", f"{one.bytes_out / 1e6:.2f}"]
        for name, one in found.items()
    ]
    write(docs / "scaling.md", "store", table(heads, rows))
    one = found["store to store"]
    heads = ["", "workers", "hours", "% above least", "$ on demand", "$ spot", f"MB/s of {CORES} cores"]
    heads += ["requests per second", "driver busy, %"]
    rows = cost("a terabyte", TERABYTE / one.bytes_in * one.tokens, one, seeds)
    rows += cost("a trillion tokens", TRILLION, one, seeds)
    write(docs / "scaling.md", "cost", table(heads, rows))


if __name__ == "__main__":
    main()
