"""Entities without annotation: is the rest of the text O, or unknown with a prior? `make partial-labels`.

A share of the training entities loses its annotation, at random, and nothing says which. A training with all labels is
the bound of what can be gained. Scores are F1 on dev. Prints a Markdown table; test is not read.
"""

from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from docs.pages import table
from studies.ablation import interval
from studies.changed_text import dev_f1, forget_entities, sentences_of, train_on
from studies.trainings import Training, options, side_by_side

COMPLETE = "all labels"
AS_O, NO_THRESHOLD, NOT_ANNOTATED = '"O"', '"O", without the threshold', '"unknown", with the prior'
WAYS = {
    COMPLETE: (),
    AS_O: (),
    NO_THRESHOLD: ("train.fit_threshold=false",),
    NOT_ANNOTATED: ('data.unlabelled_as="unknown"',),
}

Cell = tuple[str, float, str, int]
"""Corpus, share of the entities that is forgotten, a key of `WAYS`, seed."""


def outcome(cell: Cell, keys: tuple[str, ...] = ()) -> float:
    """Train once, and return F1 on dev, in percent."""
    corpus, share, way, seed = cell
    training = Training(corpus, (*keys, *WAYS[way]), seed)
    share = 0.0 if way == COMPLETE else share
    sentences = forget_entities(sentences_of(training), share, np.random.default_rng(seed))
    with TemporaryDirectory() as folder:
        return dev_f1(train_on(training, sentences, Path(folder)))


@click.command()
@options(seeds=3, corpora=("wikigold", "ncbi-disease"))
@click.option("--share", "shares", multiple=True, default=(0.0, 0.3, 0.7), help="Share that is forgotten; repeatable.")
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...], shares: tuple[float, ...]) -> None:
    """Train, and print the table."""
    cells = list(product(corpora, shares, WAYS, range(seeds)))
    found: dict[Cell, float] = {}
    for cell, f1 in side_by_side(partial(outcome, keys=keys), cells, jobs):
        found[cell] = f1
        click.echo(f"{cell}: {f1:.1f}", err=True)
    rows = []
    for corpus, share in product(corpora, shares):
        f1s = {way: np.array([found[corpus, share, way, seed] for seed in range(seeds)]) for way in WAYS}
        means = [f"{scores.mean():.1f}" for scores in f1s.values()]
        changes = [interval(f1s[NOT_ANNOTATED] - f1s[way]) for way in (AS_O, NO_THRESHOLD)]
        rows.append([corpus, f"{share:.0%}", *means, *changes])
    heading = ["corpus", "forgotten", *WAYS, "prior - O", "prior - O without the threshold"]
    click.echo(table(heading, rows))


if __name__ == "__main__":
    main()
