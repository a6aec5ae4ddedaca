"""What the threshold of O is worth on text that it was not fitted to, on dev. `make results`.

Each tagger is trained without a threshold. Dev is cut into two halves at random, in blocks of neighbouring sentences,
time and again; the threshold is fitted on one half and scored on the other. Prints a Markdown table; test is not read.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from tempfile import TemporaryDirectory

import click
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import windowner
from benchmarks.trainings import CORPORA, Training
from windowner.calibration import gold_spans
from windowner.scoring.entities import find_correct
from windowner.text.spans import Spans
from windowner.threshold import TRIED, lowered, suited

TOLERANCES = (0.0, 0.0025, 0.005, 0.01)  # of F1
BLOCK = 20  # neighbouring sentences that stay together
SPLITS = 50

Counts = NDArray[np.intp]
NOTHING = int(np.abs(TRIED).argmin())  # where t is 0


@dataclass(frozen=True)
class Counted:
    """Entities of the n sentences of dev: gold, (n,), and with each t tried the predicted and the correct, (t, n)."""

    gold: Counts
    predicted: Counts
    correct: Counts

    def f1(self, sentences: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the entity F1 of some sentences with each t tried."""
        correct, both = (counts[:, sentences].sum(axis=1) for counts in (self.correct, self.gold + self.predicted))
        return 2 * correct / np.maximum(both, 1)


def count(training: Training) -> Counted:
    """Train once, and count with each t."""
    with TemporaryDirectory() as folder:
        run = windowner.train(training.config, folder)
    tagger, dev = run.tagger, windowner.read_corpus(training.config.path(training.config.data.dev))
    prediction = tagger.predict(dev.tokens)
    gold, o = gold_spans(tagger, dev.tags), tagger.tags.names.index("O")

    def by_sentence(spans: Spans, which: slice | NDArray[np.bool_] = slice(None)) -> Counts:
        owners = np.searchsorted(prediction.offsets, spans.start[which], side="right") - 1
        return np.bincount(owners, minlength=len(dev.tokens))

    found = [tagger.spans(lowered(prediction, o, t)) for t in TRIED.tolist()]
    correct = [by_sentence(spans, find_correct(gold, spans)) for spans in found]
    return Counted(by_sentence(gold), np.array([by_sentence(spans) for spans in found]), np.array(correct))


def gains(counted: Counted, tolerance: float, rng: np.random.Generator) -> list[float]:
    """Return the change of F1 on each half with the t that was fitted on the other."""
    blocks = np.arange(len(counted.gold)) // BLOCK
    changes = []
    for _ in range(SPLITS):
        one = (rng.random(blocks[-1] + 1) < 0.5)[blocks]
        for fitted, scored in ((one, ~one), (~one, one)):
            t = suited(counted.f1(fitted), tolerance)
            f1 = counted.f1(scored)
            changes.append(100 * float(f1[TRIED == t][0] - f1[NOTHING]))
    return changes


@click.command()
@click.option("--seeds", default=3, show_default=True, help="Trainings a corpus.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
def main(seeds: int, jobs: int) -> None:
    """Train, and print the table."""
    cells = [Training(corpus, ("train.fit_threshold=false",), seed) for corpus, seed in product(CORPORA, range(seeds))]
    with ProcessPoolExecutor(jobs) as pool:
        counted = list(tqdm(pool.map(count, cells), total=len(cells), unit=" trainings", disable=None))
    click.echo(f"| tolerance, F1 | {' | '.join(CORPORA)} | mean |")
    click.echo("| ---: |" + " ---: |" * (len(CORPORA) + 1))
    for tolerance in TOLERANCES:
        rng = np.random.default_rng(0)  # the same halves for each tolerance
        changes = {corpus: [] for corpus in CORPORA}
        for cell, of_cell in zip(cells, counted, strict=True):
            changes[cell.corpus] += gains(of_cell, tolerance, rng)
        means = [np.mean(of_corpus) for of_corpus in changes.values()]
        told = [f"{np.mean(values):+.1f} ({np.quantile(values, 0.1):+.1f})" for values in changes.values()]
        click.echo(f"| {100 * tolerance:g} | {' | '.join(told)} | {np.mean(means):+.1f} |")


if __name__ == "__main__":
    main()
