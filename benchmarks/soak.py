"""Load that lasts: `make soak`. Prints a Markdown table, and fails if memory grows or tags differ.

    stream            a stream of columns through `tag`; memory must not grow after its first quarter
    short sentences   sentences of one token
    long sentence     one sentence of the largest length that is read
    types             500 types: a training of one epoch, and tagging
    threads           eight threads that share a Tagger, against one thread, in CPU seconds
    service           requests of new words to `windowner serve`, with hostile ones among them (`soak_service.py`)

Each part runs in a process of its own, which prints CPU seconds and its largest memory. `--share 0.001` does a
thousandth of each.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import click

from benchmarks.peers.protocol import peak_mb
from benchmarks.soak_service import soak
from benchmarks.streams import stream_of
from windowner.runs.file_names import MODEL_NAME
from windowner.runs.finishing import Run
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask
from windowner.text.sentence import LONGEST_SENTENCE

TOKENS, SHORT, TYPES, THREADS, REQUESTS = 100_000_000, 1_000_000, 500, 8, 1_000_000
SENTENCE = ["John", "Smith", "lives", "in", "Paris", "."]
TAGS = ["B-PER", "I-PER", "O", "O", "B-LOC", "O"]
WARM = 0.25
"""Share of a stream after which the tagger's caches have been full once: 256 MB hold 256,000 forms of this model."""
GROWTH = 64
"""Megabytes by which memory may grow after that: what the allocator keeps. Of the service, after a tenth."""


def rows(tokens: int, memory: list[float]) -> Iterator[bytes]:
    """Yield columns of this many tokens, a tenth of whose sentences hold a new form; note the memory before each."""
    known = "\n".join(f"{token} x" for token in SENTENCE)
    for first in range(0, tokens // len(SENTENCE), 1000):
        memory.append(peak_mb())
        sentences = (f"{known}\nnew{n} x\n\n" if n % 10 == 0 else f"{known}\n\n" for n in range(first, first + 1000))
        yield "".join(sentences).encode()


def trained(folder: str, types: int) -> Run:
    """Train a small tagger of this many types for one epoch."""
    extra = [([f"word{n}", "is", "here"], [f"B-TYPE{n}", "O", "O"]) for n in range(types - 2)]
    text = [(SENTENCE, TAGS)] * 100 + extra
    return train({"model": {"hidden": 50}, "train": {"epochs": 1}}, folder, train=text, dev=text[:200])


def stream(folder: str, share: float) -> str:
    """Tag a stream."""
    memory: list[float] = []
    source = stream_of(rows(int(TOKENS * share), memory))
    tagger = trained(folder, 2).tagger
    task = TagTask(folder, input_format="columns", token_column=0)
    tokens = sum(count for _, count in tag_text(tagger, task, source))
    grown = memory[-1] - memory[int(len(memory) * WARM)]
    if grown > GROWTH:
        raise click.ClickException(f"memory grew by {grown:.0f} MB, expected {GROWTH} at most")
    return f"{tokens:,} tokens; {grown:.0f} MB more after the first quarter"


def short_sentences(folder: str, share: float) -> str:
    """Tag sentences of one token."""
    count = int(SHORT * share)
    tags = trained(folder, 2).tagger.tag([SENTENCE[n % 6]] for n in range(count))
    if set(map(len, tags)) != {1} or len(tags) != count:
        raise click.ClickException("not one tag for each sentence")
    return f"{count:,} sentences"


def long_sentence(folder: str, share: float) -> str:
    """Tag one long sentence."""
    count = int(LONGEST_SENTENCE * share)
    (tags,) = trained(folder, 2).tagger.tag([(SENTENCE * (count // 6 + 1))[:count]])
    return f"{len(tags):,} tokens"


def types(folder: str, share: float) -> str:
    """Train and tag with many types."""
    count = max(3, int(TYPES * share))
    tagger = trained(folder, count).tagger
    tagger.tag([SENTENCE] * 1000)
    return f"{len(tagger.model.tags.types)} types, {len(tagger.model.tags.names)} tags"


def threads(folder: str, share: float) -> str:
    """Compare threads that share a tagger with one thread."""
    model = trained(folder, 2).tagger.model
    count = max(1, int(20_000 * share))
    texts = [[[*SENTENCE, f"new{number}-{n}"] for n in range(count)] for number in range(THREADS)]
    alone, start = Tagger(model), process_time()
    expected = [alone.tag(text) for text in texts]
    one = process_time() - start
    shared, start = Tagger(model), process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(shared.tag, texts))
    if found != expected:
        raise click.ClickException("threads gave other tags than one thread")
    return f"{(process_time() - start) / one:.2f} times the CPU seconds of one thread"


def service(folder: str, share: float) -> str:
    """Ask the service."""
    trained(folder, 2)
    count = max(1, int(REQUESTS * share))
    grown, hostile = soak(Path(folder) / MODEL_NAME, SENTENCE, count)
    if grown > GROWTH:
        raise click.ClickException(f"the service grew by {grown:.0f} MB, expected {GROWTH} at most")
    return f"{count:,} requests and {hostile:,} of hostile clients; {grown:.0f} MB more after the first tenth"


PARTS: dict[str, Callable[[str, float], str]] = {
    "stream": stream,
    "short sentences": short_sentences,
    "long sentence": long_sentence,
    "types": types,
    "threads": threads,
    "service": service,
}


def measured(share: float) -> Iterator[dict[str, Any]]:
    """Run each part in a process of its own; yield what it prints."""
    for name in PARTS:
        command = [sys.executable, "-m", "benchmarks.soak", "--share", str(share), "--part", name]
        yield json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


@click.command(help=__doc__)
@click.option("--share", default=1.0, show_default=True, help="Share of the load.")
@click.option("--part", type=click.Choice(list(PARTS)), help="Run one part, and print it as JSON.")
def main(share: float, part: str | None) -> None:
    """Print the table."""
    if part is not None:
        with TemporaryDirectory() as folder:
            found = PARTS[part](folder + "/run", share)
        click.echo(json.dumps({"part": part, "found": found, "seconds": process_time(), "megabytes": peak_mb()}))
        return
    click.echo("| part | found | CPU seconds | MB |\n| --- | --- | --- | --- |")
    for row in measured(share):
        click.echo(f"| {row['part']} | {row['found']} | {row['seconds']:.0f} | {row['megabytes']:.0f} |")


if __name__ == "__main__":
    main()
