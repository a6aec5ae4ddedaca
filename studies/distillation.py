"""A *best* model teaches a *fast* one on text without labels. `make distillation`.

Half of the training sentences keep their labels. The others stand for unlabelled text: the teacher is trained on the
first half, and tags the second one. Prints a Markdown table of F1 on dev; test is not read.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from docs.pages import table
from studies.changed_text import dev_f1, sentences_of, train_on
from studies.trainings import Training, options, side_by_side
from windowner.formats.probabilities import rounded
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Sentence

FAST, BEST = "*fast* on the labelled half", "*best* on the labelled half, the teacher"
TAUGHT, SILVER = "*fast*, and the teacher's probabilities", "*fast*, and the teacher's tags"
ALL = "*fast* on both halves, labelled"
ROWS = (FAST, BEST, TAUGHT, SILVER, ALL)

Cell = tuple[str, int]
"""Corpus and seed."""


def outcomes(cell: Cell, keys: tuple[str, ...] = ()) -> dict[str, float]:
    """Train with one seed, and return F1 on dev of each tagger, in percent."""
    corpus, seed = cell
    fast, best = (Training(corpus, (f"preset={preset}", *keys), seed) for preset in ("fast", "best"))
    sentences = sentences_of(fast)
    chosen = np.random.default_rng(seed).random(len(sentences)) < 0.5
    labelled = [each for each, first in zip(sentences, chosen, strict=True) if first]
    rest = [each for each, first in zip(sentences, chosen, strict=True) if not first]
    with TemporaryDirectory() as name:
        folder = Path(name)
        teacher = train_on(best, labelled, folder / "best")
        found = {BEST: dev_f1(teacher), FAST: dev_f1(train_on(fast, labelled, folder / "fast"))}
        taught = tag(teacher.tagger, rest)
        silver = [each._replace(probabilities=None) for each in taught]
        found[TAUGHT] = dev_f1(train_on(fast, [*labelled, *taught], folder / "taught"))
        found[SILVER] = dev_f1(train_on(fast, [*labelled, *silver], folder / "silver"))
        found[ALL] = dev_f1(train_on(fast, sentences, folder / "all"))
    return found


def tag(teacher: Tagger, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return sentences as a teacher tags them, with the probabilities of its tags: `tag --tag-probabilities`."""
    tokens = [each.tokens for each in sentences]
    prediction = teacher.predict(tokens)
    probabilities = list(rounded(prediction.log_marginals, teacher.model.tags.names))
    edges, tags = pairwise(prediction.offsets.tolist()), prediction.tag_names("IOB2")
    return [
        each._replace(tags=names, probabilities=probabilities[start:end])
        for each, names, (start, end) in zip(sentences, tags, edges, strict=True)
    ]


@click.command()
@options(seeds=3, corpora=("wikigold", "ncbi-disease"))
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    found: dict[Cell, dict[str, float]] = {}
    for cell, scores in side_by_side(partial(outcomes, keys=keys), product(corpora, range(seeds)), jobs):
        found[cell] = scores
        click.echo(f"{cell}: {scores}", err=True)
    means = {
        (row, corpus): float(np.mean([found[corpus, seed][row] for seed in range(seeds)]))
        for row, corpus in product(ROWS, corpora)
    }
    rows = [[row, *(f"{means[row, corpus]:.1f}" for corpus in corpora)] for row in ROWS]
    for row in (TAUGHT, SILVER):
        gains = [(means[row, c] - means[FAST, c], means[BEST, c] - means[FAST, c]) for c in corpora]
        shares = [f"{gain / distance:.0%}" if distance > 0 else "no distance" for gain, distance in gains]
        rows.append([f"share of the distance to the teacher: {row}", *shares])
    click.echo(table(["", *corpora], rows))


if __name__ == "__main__":
    main()
