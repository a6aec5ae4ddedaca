"""Frozen against fine-tuned vectors on the bundled corpora: `make frozen-or-fine-tuned`.

Trains every corpus both ways with several seeds, and prints entity F1 (mean and standard deviation over seeds) as a
Markdown table. Test is read once a run, when training is over; nothing is chosen by it.
"""

from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory

import click
from tqdm import tqdm

import windowner

CONFIGS = Path(__file__).parent.parent / "configs"
CORPORA = ("wikigold", "wnut17", "btc", "ncbi-disease")
MODES = ("frozen", "fine-tuned")


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Runs a cell.")
def main(seeds: int) -> None:
    """Print the table."""
    cells = [(corpus, mode) for corpus in CORPORA for mode in MODES]
    print("| corpus | training words | vectors | dev F1 | test F1 | training, s |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for corpus, mode in tqdm(cells, disable=None):
        runs = [train(corpus, mode, seed) for seed in range(seeds)]
        dev, test = (spread([100 * run.scores[name].overall.f1 for run in runs]) for name in ("dev", "test"))
        seconds = mean(run.metrics["train_seconds"] for run in runs)
        words = runs[0].tagger.description["data"]["train"]["tokens"]
        print(f"| {corpus} | {words:,} | {mode} | {dev} | {test} | {seconds:.1f} |")


def train(corpus: str, mode: str, seed: int) -> windowner.Run:
    """Train one cell once."""
    overrides = [f"vectors.mode={mode}", f"train.seed={seed}"]
    with TemporaryDirectory() as folder:
        return windowner.train(windowner.load_config(CONFIGS / f"{corpus}.toml", overrides), folder)


def spread(values: list[float]) -> str:
    """Return mean and standard deviation."""
    return f"{mean(values):.1f} ± {stdev(values):.1f}" if len(values) > 1 else f"{values[0]:.1f}"


if __name__ == "__main__":
    main()
