"""What is chosen on dev, judged on text that it was not chosen on. `make results`.

A score on dev flatters what was chosen on dev: the best of fifteen epochs is often the luckiest. So dev is cut into two
halves at random, in blocks of neighbouring sentences, time and again; the epoch and the threshold of O are chosen on
one half, and F1 is that on the other. Every network is trained once, and its scores on dev are kept of every epoch, so
that all choices are made for the same networks. Prints a Markdown table; test is not read.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does, before numpy is imported

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from statistics import mean
from typing import Any, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.trainings import CORPORA, Training
from windowner.calibration import gold_spans
from windowner.network.chain import Chain
from windowner.network.decoding import decode
from windowner.network.folding import mean_chain
from windowner.network.projections import Projections
from windowner.prediction import Prediction
from windowner.preparation import Prepared, prepare
from windowner.scoring.entities import find_correct
from windowner.text.spans import Spans
from windowner.threshold import TRIED, lowered, suited
from windowner.training.loop import train_network

BLOCK = 20  # neighbouring sentences that stay together
HALVINGS = 10
NOTHING = int(np.abs(TRIED).argmin())  # where t is 0

Array = NDArray[Any]
Epoch = tuple[Array, Chain]  # a network's scores of dev after an epoch: of words, (T, K), and of neighbouring tags


class Rule(NamedTuple):
    """How a tagger is chosen: networks a tagger, whether the best epoch is kept, the threshold's tolerance or None."""

    members: int = 1
    best: bool = True
    tolerance: float | None = 0.005


DEFAULTS = "the defaults: best epoch, tolerance 0.5"
ROWS = {
    DEFAULTS: Rule(),
    "last epoch": Rule(best=False),
    "no threshold": Rule(tolerance=None),
    "tolerance 0": Rule(tolerance=0.0),
    "tolerance 1": Rule(tolerance=0.01),
    "`train.ensemble = 2`": Rule(members=2),
    "`train.ensemble = 3`": Rule(members=3),
}


def train(training: Training) -> list[Epoch]:
    """Train once, and keep the scores of dev of every epoch."""
    prepared = prepare(training.config)
    network = prepared.tagger.network
    epochs: list[Epoch] = []

    def score() -> float:
        z = Projections(network, len(prepared.dev_forms.table)).logits(prepared.dev, prepared.dev_forms.table)
        chain = network.chain or Chain.zeros(z.shape[1])
        epochs.append((z, chain.astype(np.float32)))
        return float(len(epochs))  # none is stopped early

    train_network(network, prepared.training, training.config.train, prepared.rng, dev_f1=score)
    return epochs


@dataclass(frozen=True)
class Counts:
    """Entities of the n sentences of dev: gold, (n,), and with each t tried the predicted and the correct, (t, n)."""

    gold: Array
    predicted: Array
    correct: Array

    def f1(self, sentences: NDArray[np.bool_]) -> Array:
        """Return the entity F1 of some sentences with each t tried, as fractions."""
        correct, both = (counts[:, sentences].sum(axis=1) for counts in (self.correct, self.gold + self.predicted))
        f1: Array = 2 * correct / np.maximum(both, 1)
        return f1


class Judge:
    """Chooses taggers on one half of dev and scores them on the other; `networks` are the epochs of each seed."""

    def __init__(self, prepared: Prepared, networks: Sequence[list[Epoch]]):
        self.tagger, self.offsets, self.networks = prepared.tagger, prepared.dev.offsets, networks
        self.gold = gold_spans(self.tagger, prepared.corpora["dev"].tags)
        self.counts = cache(self._count)  # of members, each a seed and an epoch

    def f1(self, rule: Rule, first: int, chosen_on: NDArray[np.bool_]) -> float:
        """Return F1 on the other sentences of a tagger whose members are the seeds from `first` on, in percent."""
        members = tuple((seed, self._epoch(rule, seed, chosen_on)) for seed in range(first, first + rule.members))
        counts = self.counts(members)
        t = 0.0 if rule.tolerance is None else suited(counts.f1(chosen_on), rule.tolerance)
        return 100 * float(counts.f1(~chosen_on)[TRIED == t][0])

    def _epoch(self, rule: Rule, seed: int, chosen_on: NDArray[np.bool_]) -> int:
        epochs = range(len(self.networks[seed]))
        return max(epochs, key=lambda e: self.counts(((seed, e),)).f1(chosen_on)[NOTHING]) if rule.best else epochs[-1]

    def _count(self, members: tuple[tuple[int, int], ...]) -> Counts:
        """Count with each t, the scores being the mean of the members', as of a folded ensemble."""
        scores = [self.networks[seed][epoch] for seed, epoch in members]
        z, chain = np.mean([z for z, _ in scores], axis=0), mean_chain([chain for _, chain in scores])
        tagger, o = self.tagger, self.tagger.tags.names.index("O")
        tags = decode(z, self.offsets, tagger.legality, chain)
        prediction = Prediction(tags, z, self.offsets, tagger.legality, chain)
        found = [tagger.spans(lowered(prediction, o, t)) for t in TRIED.tolist()]
        correct = [self._by_sentence(spans, find_correct(self.gold, spans)) for spans in found]
        predicted = [self._by_sentence(spans) for spans in found]
        return Counts(self._by_sentence(self.gold), np.array(predicted), np.array(correct))

    def _by_sentence(self, spans: Spans, which: Any = slice(None)) -> Array:
        owners = np.searchsorted(self.offsets, spans.start[which], side="right") - 1
        return np.bincount(owners, minlength=len(self.offsets) - 1)


def judge(corpus: str, networks: Sequence[list[Epoch]]) -> dict[str, float]:
    """Return mean F1 of each row, over halves and over taggers of different members."""
    prepared = prepare(Training(corpus, (), 0).config)
    judged = Judge(prepared, networks)
    rng = np.random.default_rng(0)
    blocks = np.arange(len(prepared.dev.offsets) - 1) // BLOCK
    halves = [(rng.random(blocks[-1] + 1) < 0.5)[blocks] for _ in range(HALVINGS)]
    sides = [side for half in halves for side in (half, ~half)]
    return {
        name: mean(
            judged.f1(rule, first, side)
            for side in sides
            for first in range(0, len(networks) - rule.members + 1, rule.members)
        )
        for name, rule in ROWS.items()
    }


@click.command()
@click.option("--seeds", default=6, show_default=True, help="Trainings a corpus.")
@click.option("--jobs", default=2, show_default=True, help="Trainings at a time.")
def main(seeds: int, jobs: int) -> None:
    """Train, and print the table."""
    cells = [Training(corpus, ("train.patience=100",), seed) for corpus, seed in product(CORPORA, range(seeds))]
    with ProcessPoolExecutor(jobs) as pool:
        trained = list(tqdm(pool.map(train, cells), total=len(cells), unit=" trainings", disable=None))
        networks = [trained[first : first + seeds] for first in range(0, len(cells), seeds)]
        f1 = list(pool.map(judge, CORPORA, networks))
    click.echo(f"| chosen on one half of dev | {' | '.join(CORPORA)} | mean | change |")
    click.echo("| --- |" + " ---: |" * (len(CORPORA) + 2))
    base = mean(of[DEFAULTS] for of in f1)
    for name in ROWS:
        cells_of = [f"{of[name]:.1f}" for of in f1]
        average = mean(of[name] for of in f1)
        change = "" if name == DEFAULTS else f"{average - base:+.1f}"
        click.echo(f"| {name} | {' | '.join(cells_of)} | {average:.1f} | {change} |")


if __name__ == "__main__":
    main()
