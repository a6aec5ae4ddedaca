"""Frozen, fine-tuned and random word vectors on the bundled corpora: `make vectors-table`.

Trains every corpus each way with several seeds, and prints entity F1 (mean and standard deviation over seeds) as a
Markdown table. Test is read once a run, when training is over; nothing is chosen by it.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import Never

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
    print("| corpus | training words | " + " | ".join(f"{way}: dev / test" for way in WAYS) + " | training, s |")
    print("| --- | ---: |" + " ---: |" * len(WAYS) + " ---: |")
    with tqdm(total=len(CORPORA) * len(WAYS) * seeds, unit=" runs", disable=None) as bar:
        for corpus in CORPORA:
            rows = [[train(corpus, [*WAYS[way], f"train.seed={seed}"], bar) for seed in range(seeds)] for way in WAYS]
            cells = [f"{f1_of(runs, 'dev')} / {f1_of(runs, 'test')}" for runs in rows]
            seconds = [mean(run.metrics["train_seconds"] for run in runs) for runs in rows]
            words = rows[0][0].tagger.description["data"]["train"]["tokens"]
            times = f"{min(seconds):.0f}-{max(seconds):.0f}"
            print(f"| {corpus} | {words:,} | {' | '.join(cells)} | {times} |", flush=True)


def train(corpus: str, overrides: list[str], bar: "tqdm[Never]") -> windowner.Run:
    """Train once."""
    with TemporaryDirectory() as folder:
        run = windowner.train(windowner.load_config(CONFIGS / f"{corpus}.toml", overrides), folder)
    bar.update()
    return run


def f1_of(runs: list[windowner.Run], name: str) -> str:
    """Return the mean entity F1 of some runs on dev or test, and its standard deviation."""
    values = [100 * run.scores[name].overall.f1 for run in runs]
    return f"{mean(values):.1f} ± {stdev(values):.1f}" if len(values) > 1 else f"{values[0]:.1f}"


if __name__ == "__main__":
    main()
