"""Whether a target precision that is fitted on dev holds on test: `make cutoff`. Prints a Markdown table.

Each training is one run. `windowner cutoff` is applied to it for each target, and test is tagged with the cutoffs.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from statistics import mean
from tempfile import TemporaryDirectory

import click

import windowner
from docs.pages import spread, table
from studies.trainings import Training, options, side_by_side
from windowner.runs.cutoffs import OWN, fit_cutoffs
from windowner.runs.folder import RunFolder, read_run
from windowner.runs.found import found_on_dev
from windowner.scoring.entities import Scores
from windowner.text.sentence import Corpus

TARGETS = (0.8, 0.85, 0.9)
MARGIN = 0.03
"""A target holds where the precision on test is at most this much lower."""


@dataclass(frozen=True)
class Outcome:
    """Scores on test without and with the cutoffs of a target, and the types that have a cutoff of their own."""

    without: Scores
    with_cutoffs: Scores
    own: tuple[str, ...]

    def own_types(self, target: float) -> tuple[int, int]:
        """Return how many types with a cutoff of their own hold the target on test, and how many there are."""
        precision = [self.with_cutoffs.types[name].precision for name in self.own if name in self.with_cutoffs.types]
        return sum(value >= target - MARGIN for value in precision), len(precision)


def train(training: Training) -> dict[float, Outcome]:
    """Train once, and score test with the cutoffs of each target."""
    config = training.config
    with TemporaryDirectory() as folder:
        windowner.train(config, folder)
        run = read_run(folder)
        test = windowner.read_corpus(config.path(config.data.test), **config.data.reading())
        return {target: apply(run, test, target) for target in TARGETS}


def apply(run: RunFolder, test: Corpus, target: float) -> Outcome:
    """Score test without and with the cutoffs of a target."""
    model = run.tagger.model
    fitted = fit_cutoffs(found_on_dev(run), target, model.tags.types)
    cutoffs = {each.type: each.after.cutoff for each in fitted}
    own = tuple(each.type for each in fitted if each.source == OWN)
    scores = [windowner.evaluate(windowner.Tagger(replace(model, cutoffs=each)), test) for each in ({}, cutoffs)]
    return Outcome(scores[0], scores[1], own)


@click.command()
@options(seeds=3)
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    trainings = [Training(corpus, keys, seed, test=True) for corpus, seed in product(corpora, range(seeds))]
    outcomes: Mapping[str, list[dict[float, Outcome]]] = defaultdict(list)
    for training, outcome in sorted(side_by_side(train, trainings, jobs), key=lambda pair: pair[0].seed):
        outcomes[training.corpus].append(outcome)
    heads = ["corpus", "target", "precision", "with cutoffs", "recall", "with cutoffs", "own cutoffs that hold"]
    lines = [row(corpus, target, outcomes[corpus]) for corpus, target in product(corpora, TARGETS)]
    click.echo(table(heads, lines))


def row(corpus: str, target: float, outcomes: list[dict[float, Outcome]]) -> list[str]:
    """Return a row of the table: precision and recall on test, in percent, over seeds."""
    ours = [outcome[target] for outcome in outcomes]
    before, after = ([getattr(each, side).overall for each in ours] for side in ("without", "with_cutoffs"))
    held, own = (sum(counts) for counts in zip(*(each.own_types(target) for each in ours), strict=True))
    return [
        corpus,
        f"{100 * target:g}",
        f"{100 * mean(score.precision for score in before):.1f}",
        spread([100 * score.precision for score in after]),
        f"{100 * mean(score.recall for score in before):.1f}",
        spread([100 * score.recall for score in after]),
        f"{held} of {own}",
    ]


if __name__ == "__main__":
    main()
