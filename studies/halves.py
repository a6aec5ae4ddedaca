"""What is chosen on dev, judged on text that it was not chosen on.

A score on dev flatters what was chosen on dev: the best of many epochs is often the luckiest one. So dev is cut at
random into two halves, in blocks of neighbouring sentences, many times. Epochs and the threshold of O are chosen on one
half, and F1 is measured on the other. A network is trained once, and its scores on dev are kept for every epoch. All
choices are therefore made for the same network.

As a program, `make results`: compares ways to choose epoch and threshold. Prints a Markdown table; test is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from statistics import mean
from time import process_time
from typing import Any, NamedTuple

import click
import numpy as np

from docs.pages import table
from studies.trainings import Outcome, Training, options, side_by_side
from windowner.arrays import Array, Bools
from windowner.network.chain.scores import Chain
from windowner.network.folding import mean_chain
from windowner.network.model import WindowNetwork
from windowner.network.projections import Projections
from windowner.runs.calibration import encode_gold
from windowner.runs.preparation import Prepared, prepare
from windowner.runs.threshold import TOLERANCE, TRIED, choose_threshold
from windowner.scoring.entities import find_correct
from windowner.tagger.prediction import Prediction
from windowner.text.spans import Spans
from windowner.training.loop import train_network
from windowner.training.trainer import Trainer

BLOCK = 20  # neighbouring sentences that stay together
HALVINGS = 10
ALONE = (0.0,)  # t, where no threshold is fitted

Epoch = tuple[Array, Chain | None]
"""A network's scores of dev after an epoch: of words, (T, K), and of neighbouring tags."""


class Rule(NamedTuple):
    """How a tagger is chosen: each network's best epoch or its last; the threshold's tolerance, None without one."""

    best: bool = True
    tolerance: float | None = TOLERANCE


DEFAULTS = "best epoch, tolerance 0.5 (the defaults)"
RULES = {
    DEFAULTS: Rule(),
    "last epoch, tolerance 0.5": Rule(best=False),
    "best epoch, no threshold": Rule(tolerance=None),
    "best epoch, tolerance 0": Rule(tolerance=0.0),
    "best epoch, tolerance 1": Rule(tolerance=0.01),
}


def outcome(training: Training) -> Outcome:
    """Train once. F1 is that of the defaults' rule on the halves that nothing was chosen on; seconds are training's."""
    start = process_time()
    prepared, networks = train(training)
    seconds = process_time() - start
    tolerance = TOLERANCE if training.config.train.fit_threshold else None
    return Outcome(f1_on_halves(prepared, networks, [Rule(tolerance=tolerance)])[0], None, seconds, len(networks[0]))


def outcomes(training: Training) -> list[float]:
    """Train once; return F1 of each of `RULES`."""
    return f1_on_halves(*train(training), list(RULES.values()))


def train(training: Training) -> tuple[Prepared, list[list[Epoch]]]:
    """Train the networks of a tagger, and keep each one's scores of dev after every epoch."""
    prepared = prepare(training.config)
    return prepared, [train_member(prepared, network) for network in prepared.members]


def train_member(prepared: Prepared, network: WindowNetwork) -> list[Epoch]:
    """Train one network."""
    epochs: list[Epoch] = []

    def score() -> float:
        z = Projections(network, len(prepared.dev_F)).logits(prepared.dev, prepared.dev_F)
        epochs.append((z, None if network.chain is None else network.chain.scaled(1.0)))
        return float(len(epochs))  # no training stops early

    trainer = Trainer(network, prepared.training, prepared.model.config.train, prepared.rng)
    train_network(trainer, dev_f1=score)
    return epochs


def f1_on_halves(prepared: Prepared, networks: Sequence[list[Epoch]], rules: Sequence[Rule]) -> list[float]:
    """Return for each rule the mean F1, in percent, on the halves of dev that nothing was chosen on."""
    judge = Judge(prepared, networks)
    rng = np.random.default_rng(0)  # the same halves for each training of a corpus
    blocks = np.arange(len(prepared.dev.offsets) - 1) // BLOCK
    halves = [(rng.random(blocks[-1] + 1) < 0.5)[blocks] for _ in range(HALVINGS)]
    sides = [side for half in halves for side in (half, ~half)]
    return [mean(judge.f1(rule, side) for side in sides) for rule in rules]


@dataclass(frozen=True)
class Counts:
    """Entities of the n sentences of dev: gold, (n,), and with each t the predicted and the correct, (t, n)."""

    gold: Array
    predicted: Array
    correct: Array

    def f1(self, sentences: Bools) -> Array:
        """Return the entity F1 of some sentences with each t, as fractions."""
        correct, both = (counts[:, sentences].sum(axis=1) for counts in (self.correct, self.gold + self.predicted))
        f1: Array = 2 * correct / np.maximum(both, 1)
        return f1


class Judge:
    """Chooses epochs and threshold on some sentences of dev, and scores on the others; `networks` are one tagger's."""

    def __init__(self, prepared: Prepared, networks: Sequence[list[Epoch]]):
        self.model, self.offsets, self.networks = prepared.model, prepared.dev.offsets, networks
        self.gold = encode_gold(self.model, prepared.corpora["dev"].tags).spans()
        self.counts = cache(self._count)

    def f1(self, rule: Rule, chosen_on: Bools) -> float:
        """Return F1 in percent on the sentences that it was not chosen on."""
        members = range(len(self.networks))
        epochs = [self._best(member, chosen_on) if rule.best else len(self.networks[member]) - 1 for member in members]
        tried = ALONE if rule.tolerance is None else tuple(TRIED.tolist())
        counts = self.counts(tuple(zip(members, epochs, strict=True)), tried)
        t = 0.0 if rule.tolerance is None else choose_threshold(counts.f1(chosen_on), rule.tolerance)
        return 100 * float(counts.f1(~chosen_on)[tried.index(t)])

    def _best(self, member: int, chosen_on: Bools) -> int:
        f1 = [self.counts(((member, e),), ALONE).f1(chosen_on)[0] for e in range(len(self.networks[member]))]
        return int(np.argmax(f1))

    def _count(self, chosen: tuple[tuple[int, int], ...], tried: tuple[float, ...]) -> Counts:
        """Count with each t tried, for networks after an epoch each, whose mean the scores are."""
        scores = [self.networks[member][epoch] for member, epoch in chosen]
        z = np.mean([z for z, _ in scores], axis=0)
        chain = mean_chain([chain for _, chain in scores if chain is not None])
        decoder = replace(self.model.decoder, chain=chain)
        decoded = decoder.with_thresholds(z, self.offsets, tried)
        found = [Prediction(self.model, tags, z, self.offsets).spans for tags in decoded]
        correct = [self._by_sentence(spans, find_correct(self.gold, spans)) for spans in found]
        predicted = [self._by_sentence(spans) for spans in found]
        return Counts(self._by_sentence(self.gold), np.array(predicted), np.array(correct))

    def _by_sentence(self, spans: Spans, which: Any = slice(None)) -> Array:
        owners = np.searchsorted(self.offsets, spans.start[which], side="right") - 1
        return np.bincount(owners, minlength=len(self.offsets) - 1)


@click.command()
@options(seeds=5)
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    cells = [Training(corpus, keys, seed) for corpus, seed in product(corpora, range(seeds))]
    found = dict(side_by_side(outcomes, cells, jobs))
    f1 = np.array([found[cell] for cell in cells]).reshape(len(corpora), seeds, len(RULES)).mean(axis=1)
    rows = [
        [name, *(f"{score:.1f}" for score in scores), f"{mean(scores):.1f}"]
        for name, scores in zip(RULES, f1.T.tolist(), strict=True)
    ]
    click.echo(table(["chosen on one half of dev", *corpora, "mean"], rows))


if __name__ == "__main__":
    main()
