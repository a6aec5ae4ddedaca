"""The cost of engines and the speed of tagging shards on this machine, and what follows for a cluster: `make scaling`.

All times are wall time. The machine may have other work; the page says how busy it was.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import numpy as np

from benchmarks.machine import describe
from docs.pages import ROOT, docs_option, table, write
from windowner.config.loading import load_config
from windowner.engines.engine import Engine
from windowner.engines.opening import ENGINES, open_engine
from windowner.engines.tasks import Failure
from windowner.formats.opening import open_input
from windowner.formats.reading import read_sentences
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger
from windowner.tagging.finding import FileShard, find_shards
from windowner.tagging.folders import tag_files
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask

ITEMS = 300
SHARED = np.zeros(5_000_000)  # 40 MB, as word vectors are
TRILLION = 1e12
CORE_HOUR = {"on demand": 0.04, "spot": 0.015}  # US dollars, assumed; see the page
CORES = 16  # of a machine


def nothing(item: int, shared: object = None) -> int:
    """Do nothing with an item."""
    return item


def seconds_of(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def overhead(engine: Engine, rounds: int) -> list[str]:
    """Return seconds to the first result, without and with a shared array, and milliseconds per item."""

    def first(*shared: object) -> float:
        return median(seconds_of(lambda: list(engine.map_trials(nothing, [0], *shared))) for _ in range(rounds))

    def an_item() -> float:
        results = engine.map_trials(nothing, range(ITEMS + 20))
        list(islice(results, 20))  # all workers have started
        return seconds_of(lambda: list(results)) / ITEMS

    return [
        f"{first():.2f}",
        f"{first(SHARED):.2f}",
        f"{1000 * median(an_item() for _ in range(rounds)):.2f}",
    ]


def write_texts(folder: Path, shards: int) -> None:
    """Write shards of about a megabyte of tokens, one sentence a line, from a bundled corpus."""
    folder.mkdir()
    lines = [" ".join(s.tokens) for s in read_sentences(ROOT / "data" / "ncbi-disease" / "train.conll") if s.tokens]
    text = ("\n".join(lines) + "\n") * 2
    for number in range(shards):
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")


def tagging(engine: Engine, task: TagTask, texts: Path, out: Path) -> tuple[float, int]:
    """Return the seconds in which all shards are tagged, and their tokens."""
    shards = find_shards(str(texts), out)
    results: list[tuple[FileShard, int | Failure]] = []
    seconds = seconds_of(lambda: results.extend(tag_files(engine, task, shards, out)))
    return seconds, sum(tokens for _, tokens in results if not isinstance(tokens, Failure))


def one_core(task: TagTask, path: Path) -> float:
    """Return the tokens per CPU second, read and written, when a shard is tagged a second time."""
    tagger = Tagger.load(task.model)

    def tag() -> int:
        with open_input(path) as stream:
            return sum(tokens for _, tokens in tag_text(tagger, task, stream))

    tag()
    start = time.process_time()
    tokens = tag()
    return tokens / (time.process_time() - start)


def arithmetic(rate: float, bytes_in: float, bytes_out: float) -> str:
    """Return the cost of a trillion tokens."""
    hours = TRILLION / rate / 3600
    traffic = CORES * rate * (bytes_in + bytes_out)
    prices = [f"{kind} ({price} $ per core-hour)" for kind, price in CORE_HOUR.items()]
    rows = [
        ["tokens per core and second", f"{rate:,.0f}"],
        ["core-hours", f"{hours:,.0f}"],
        *([f"machines of {CORES} cores for {wanted} h", f"{hours / CORES / wanted:,.1f}"] for wanted in (1, 24)),
        *([f"cost, {text}", f"{hours * price:,.0f} $"] for text, price in zip(prices, CORE_HOUR.values(), strict=True)),
        ["bytes read and written per token", f"{bytes_in:.1f} + {bytes_out:.1f}"],
        ["terabytes read and written", f"{TRILLION * bytes_in / 1e12:.1f} + {TRILLION * bytes_out / 1e12:.1f}"],
        [f"MB/s read and written by {CORES} cores", f"{traffic / 1e6:,.0f}"],
    ]
    return table(["a trillion tokens", ""], rows)


class Measured(NamedTuple):
    """Rows of the tables of overhead and of tagging, and the tokens of all shards."""

    costs: list[list[str]]
    speeds: list[list[str]]
    tokens: int


def measure(engines: Sequence[str], task: TagTask, texts: Path, out: Path, rounds: int) -> Measured:
    """Measure engines with one worker and with two; each tags the texts into folders of `out`."""
    costs, speeds, tokens = [], [], 0
    for name in engines:
        for jobs in (1, 2):
            start = time.perf_counter()
            with open_engine(name, jobs) as engine:
                opened = time.perf_counter() - start
                costs.append([f"{name}, {jobs}", f"{opened:.2f}", *overhead(engine, rounds)])
                found = [tagging(engine, task, texts, out / f"{name}-{jobs}-{i}") for i in range(rounds)]
                tokens = found[0][1]
                seconds = median(seconds for seconds, _ in found)
                speeds.append([f"{name}, {jobs}", f"{tokens:,}", f"{seconds:.2f}", f"{tokens / seconds:,.0f}"])
    return Measured(costs, speeds, tokens)


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Measurements of each engine.")
@click.option("--shards", default=8, show_default=True, help="Files of about a megabyte that are tagged.")
@click.option("--engine", "engines", multiple=True, default=ENGINES, show_default=True, help="Repeatable.")
@click.option("--set", "keys", multiple=True, help="section.key=value of the model's config; repeatable.")
@docs_option
def main(rounds: int, shards: int, engines: tuple[str, ...], keys: tuple[str, ...], docs: Path) -> None:
    """Write the tables of scaling.md."""
    page, load = docs / "scaling.md", os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        texts, model, out = (Path(folder, name) for name in ("texts", "run", "tagged"))
        train(load_config(ROOT / "configs" / "wikigold.toml", ["train.epochs=1", *keys]), model)
        write_texts(texts, shards)
        out.mkdir()
        task = TagTask(model, input_format="tokens")
        costs, speeds, tokens = measure(engines, task, texts, out, rounds)
        first = min(texts.iterdir())
        written = out / f"{engines[0]}-1-0" / f"{first.name}.conll"
        each = tokens / shards
        sums = arithmetic(one_core(task, first), first.stat().st_size / each, written.stat().st_size / each)
    rows = [[key, value] for key, value in describe().items()]
    rows.append(["load average before", f"{load:.1f}"])
    write(page, "machine", table(["", ""], rows))
    heads = ["engine, workers", "opening, s", "first result, s", "the same, 40 MB shared, s", "per item, ms"]
    write(page, "overhead", table(heads, costs))
    heads = ["engine, workers", "tokens", "seconds, from nothing", "tokens/s"]
    write(page, "tagging", table(heads, speeds))
    write(page, "trillion", sums)


if __name__ == "__main__":
    main()
