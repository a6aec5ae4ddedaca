"""How time and memory grow: `make growth`. Prints Markdown tables.

Each size is measured in a process of its own, which prints CPU seconds and its largest memory. What is ready before the
clock starts, such as the model, is in the memory and not in the time.

    tokens           a stream of columns through `tag`, file to file, on one thread
    vectors          a training of one epoch whose word2vec file has this many vectors
    types            tagging 20,000 tokens; a type has four tags, and the chain has the square of all tags
    sentence length  tagging a million tokens in sentences of this length
    forms            tagging a million tokens of this many distinct forms, none of which was met before
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import click
import numpy as np

from benchmarks.harness import environment
from benchmarks.peers.protocol import peak_mb
from benchmarks.streams import stream_of
from docs.pages import ROOT, table
from windowner.arrays import Array
from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.network.chain.scores import Chain
from windowner.runs.training import train
from windowner.tagger.model import Model
from windowner.tagger.tagger import Tagger
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask
from windowner.text.schemes import tag_set
from windowner.text.spans import TagTable

CONFIG = ROOT / "configs" / "wikigold.toml"
SIZES = {
    "tokens": (10_000, 100_000, 1_000_000, 10_000_000),
    "vectors": (10_000, 100_000, 1_000_000),
    "types": (4, 20, 50, 100, 200),
    "sentence length": (1, 10, 100, 1_000, 10_000, 1_000_000),
    "forms": (1_000, 10_000, 100_000, 1_000_000),
}
LARGE = {"tokens": 100_000_000, "vectors": 10_000_000}
TOKENS, TYPE_TOKENS = 1_000_000, 20_000
UNITS = {"tokens": "token", "vectors": "vector", "types": "token", "sentence length": "token", "forms": "token"}

Work = Callable[[], object]


def tokens(size: int, model: Path) -> tuple[Work, int]:
    """Return work on a stream of about `size` tokens."""
    data = (ROOT / "data" / "wikigold" / "train.conll").read_bytes()
    count = sum(map(len, read_corpus(ROOT / "data" / "wikigold" / "train.conll").tokens))
    if size < count:  # whole sentences from the beginning
        data, count, times = data[: data.index(b"\n\n", len(data) * size // count) + 2], size, 1
    else:
        times = size // count
    tagger, task = Tagger.load(model), TagTask(model)
    stream = stream_of(repeat(data, times))
    return lambda: sum(n for _, n in tag_text(tagger, task, stream)), count * times


def vectors(size: int, _: Path) -> tuple[Work, int]:
    """Return a training with a file of `size` vectors of 50 numbers, of which the first are GloVe's words."""
    folder = TemporaryDirectory()
    path = Path(folder.name) / "vectors.bin"
    words = sorted({token for s in read_corpus(ROOT / "data" / "wikigold" / "train.conll").tokens for token in s})
    rng = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(f"{size} 50\n".encode())
        for number in range(size):
            word = words[number] if number < len(words) else f"word{number}"
            file.write(word.encode() + b" " + rng.standard_normal(50, dtype=np.float32).tobytes() + b"\n")
    config = load_config(CONFIG, [f"vectors.source={path}", "train.epochs=1"])

    def work() -> object:
        with folder:
            return train(config, Path(folder.name) / "run")

    return work, size


def types(size: int, path: Path) -> tuple[Work, int]:
    """Return work on text with a model of `size` types, whose output layer is random."""
    model = Tagger.load(path).model
    tags = TagTable.of(tag_set([f"TYPE{number}" for number in range(size)], "BIOES"))
    rng, K = np.random.default_rng(1), len(tags.names)

    def draw(*shape: int) -> Array:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    chain = Chain(draw(K, K), draw(K), draw(K))
    network = replace(model.network, U=draw(model.network.U.shape[0], K), b2=draw(K), chain=chain)
    return _bulk(replace(model, network=network, tags=tags), _sentences(TYPE_TOKENS, 20)), TYPE_TOKENS


def sentence_length(size: int, path: Path) -> tuple[Work, int]:
    """Return work on sentences of `size` tokens."""
    return _bulk(Tagger.load(path).model, _sentences(TOKENS, size)), TOKENS


def forms(size: int, path: Path) -> tuple[Work, int]:
    """Return work on `size` distinct forms."""
    numbers = np.random.default_rng(1).permutation(TOKENS) % size
    words = [f"Form{number}" for number in numbers.tolist()]
    return _bulk(Tagger.load(path).model, [words[i : i + 20] for i in range(0, TOKENS, 20)], warm=False), TOKENS


def _sentences(count: int, length: int) -> list[list[str]]:
    """Return `count` tokens of wikigold in sentences of the same length."""
    words = [token for s in read_corpus(ROOT / "data" / "wikigold" / "train.conll").tokens for token in s]
    words = (words * (count // len(words) + 1))[:count]
    return [words[i : i + length] for i in range(0, count, length)]


def _bulk(model: Model, sentences: list[list[str]], warm: bool = True) -> Work:
    """Return the tagging of sentences in memory."""
    tagger = Tagger(model)
    if warm:
        tagger.tag(sentences[: max(1, len(sentences) // 20)])
    return partial(tagger.tag, sentences)


MEASURES = {
    "tokens": tokens,
    "vectors": vectors,
    "types": types,
    "sentence length": sentence_length,
    "forms": forms,
}


def measure(what: str, size: int, model: Path) -> dict[str, float]:
    """Measure a size in this process."""
    work, count = MEASURES[what](size, model)
    begun = process_time()
    work()
    return {"seconds": process_time() - begun, "count": count, "megabytes": peak_mb()}


def measure_apart(what: str, size: int, model: Path) -> dict[str, float]:
    """Measure a size in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--only", what, "--size", str(size), "--model", str(model)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


@click.command()
@click.option("--only", type=click.Choice(list(MEASURES)), help="Measure this alone.")
@click.option("--size", type=int, help="Measure this size in this process, and print it as JSON.")
@click.option("--model", type=click.Path(path_type=Path), help="A trained model.  [default: one of wikigold]")
@click.option("--large", is_flag=True, help="Also 100 million tokens and ten million vectors (minutes, 8 GB).")
@click.option("--quick", is_flag=True, help="The two smallest sizes of each.")
def main(only: str | None, size: int | None, model: Path | None, large: bool, quick: bool) -> None:
    """Measure how time and memory grow, and print tables."""
    if only and size and model:
        click.echo(json.dumps(measure(only, size, model)))
        return
    with TemporaryDirectory() as folder:
        if model is None:
            train(load_config(CONFIG, ["train.epochs=3"]), folder)
            model = Path(folder)
        for what in [only] if only else list(MEASURES):
            sizes = SIZES[what][: 2 if quick else None] + ((LARGE[what],) if large and what in LARGE else ())
            rows = []
            for number in sizes:
                found = measure_apart(what, number, model)
                share = 1e6 * found["seconds"] / found["count"]
                rows.append([f"{number:,}", f"{found['seconds']:.2f}", f"{share:,.2f}", f"{found['megabytes']:,.0f}"])
                click.echo(f"{what} {number:,}: {found['seconds']:.2f} CPU s", err=True)
            click.echo(table([what, "CPU s", f"µs per {UNITS[what]}", "MB"], rows, 0) + "\n")


if __name__ == "__main__":
    main()
