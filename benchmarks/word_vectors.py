"""Frozen, fine-tuned and random word vectors on the bundled corpora: `make vectors-table`.

Trains every corpus each way with several seeds, and prints entity F1 (mean and standard deviation over seeds) as a
Markdown table. Test is read once a run, when training is over; nothing is chosen by it.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory

import click
from tqdm import tqdm

import windowner

CONFIGS = Path(__file__).parent.parent / "configs"
CORPORA = ("wikigold", "wnut17", "btc", "ncbi-disease")
WAYS = {
    "frozen": ["vectors.mode=frozen"],
    "fine-tuned": ["vectors.mode=fine-tuned"],
    "random": ["vectors.source=", "vectors.mode=fine-tuned"],
}


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Runs a cell.")
def main(seeds: int) -> None:
    """Print the table."""
    cells = [(corpus, way) for corpus in CORPORA for way in WAYS]
    print("| corpus | training words | vectors | dev F1 | test F1 | training, s |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for corpus, way in tqdm(cells, disable=None):
        runs = [train(corpus, [*WAYS[way], f"train.seed={seed}"]) for seed in range(seeds)]
        dev, test = (spread([100 * run.scores[name].overall.f1 for run in runs]) for name in ("dev", "test"))
        seconds = mean(run.metrics["train_seconds"] for run in runs)
        words = runs[0].tagger.description["data"]["train"]["tokens"]
        print(f"| {corpus} | {words:,} | {way} | {dev} | {test} | {seconds:.1f} |", flush=True)


def train(corpus: str, overrides: list[str]) -> windowner.Run:
    """Train once."""
    with TemporaryDirectory() as folder:
        return windowner.train(windowner.load_config(CONFIGS / f"{corpus}.toml", overrides), folder)


def spread(values: list[float]) -> str:
    """Return mean and standard deviation."""
    return f"{mean(values):.1f} ± {stdev(values):.1f}" if len(values) > 1 else f"{values[0]:.1f}"


if __name__ == "__main__":
    main()
