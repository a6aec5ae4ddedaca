"""Remedies for the pitfall of fine-tuning: unseen words stay behind when the others move. `make remedies`.

    before, after   (n, D)    vectors of the words that training moved; d = after - before
    left            (m, D)    vectors of the words it did not see

    map             left + left @ M             M = argmin |before @ M - d|^2 + RIDGE |M|^2: how the moved words moved
    neighbours      left + sum_k w_k d_k        over the K nearest moved words; w_k are their cosines, as shares
    pull            dE += PULL (E - before)     while training: L2 towards the pretrained value

The first two move the unseen words after training. (A map M that is learned instead of the vectors, X = E @ M with E
frozen, is the frozen network itself: X @ W_c = E @ (M @ W_c), and W_c is free.) Entities are scored on dev; in
parentheses those whose least known word is known only as a vector. Prints a Markdown table.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import chain, product
from tempfile import TemporaryDirectory
from typing import Any, cast
from unittest.mock import patch

import click
import numpy as np

import windowner
from docs.pages import table
from studies.ablation import interval
from studies.trainings import Training, options, side_by_side
from windowner.arrays import Array
from windowner.inputs.batches import Batch
from windowner.inputs.tables import UNK
from windowner.network.activations import Masks
from windowner.network.blocks import Gradients
from windowner.network.rows import RowGradient
from windowner.report.movement import Movement, measure_movement
from windowner.runs import fitting
from windowner.runs.calibration import encode_gold
from windowner.scoring.entities import entity_f1
from windowner.scoring.familiarity import GROUPS, VECTOR, familiarity, score_groups
from windowner.text.sentence import Corpus
from windowner.training.trainer import Trainer
from windowner.vectors.neighbours import nearest

RIDGE = 100.0
NEAREST = 10
PULL = 1e-3

Scores = tuple[float, float]  # F1 on all entities, and on those of words known only as vectors, in percent


class PullingTrainer(Trainer):
    """Pulls the word vectors that a batch touched towards their pretrained values."""

    def __init__(self, *args: Any, **keywords: Any):
        super().__init__(*args, **keywords)
        self.words = self.network.tables[0]
        self.before = self.words.E[: self.words.trainable].copy()

    def gradients(self, batch: Batch, progress: float = 1.0) -> tuple[float, Gradients, Masks]:
        """Return the gradients of `Trainer`, with PULL (E - before) added for each touched row."""
        loss, gradients, masks = super().gradients(batch, progress)
        dE = cast(RowGradient, gradients["E.words"])
        away = self.words.E[dE.rows] - self.before[dE.rows]
        return loss, {**gradients, "E.words": replace(dE, values=dE.values + np.float32(PULL) * away)}, masks


def mapped(movement: Movement, left: Array) -> Array:
    """Return the places of the words that were left behind, moved by the map that fits the moved words best."""
    before, moved = movement.before[movement.moved], movement.after[movement.moved]
    M = np.linalg.solve(before.T @ before + RIDGE * np.eye(before.shape[1]), before.T @ (moved - before))
    places: Array = left + left @ M
    return places


def with_neighbours(movement: Movement, left: Array) -> Array:
    """Return their places, moved with their nearest moved words."""
    before, moved = movement.before[movement.moved], movement.after[movement.moved]
    places = nearest(left, before, NEAREST)
    unit, others = (rows / np.linalg.norm(rows, axis=-1, keepdims=True) for rows in (left, before[places]))
    cosines = np.maximum(np.einsum("md,mkd->mk", unit, others), 1e-6)
    shares = cosines / cosines.sum(axis=1, keepdims=True)
    moves: Array = np.einsum("mk,mkd->md", shares, (moved - before)[places])
    return left + moves


AFTERWARDS: dict[str, Callable[[Movement, Array], Array]] = {"map": mapped, "neighbours": with_neighbours}
PULLED = "pull"
PLAIN = "fine-tuned, nothing else"


def pulling() -> AbstractContextManager[Any]:
    """Return a context in which `windowner.train` trains with the pull."""
    return patch.object(fitting, "Trainer", PullingTrainer)


def outcomes(cell: tuple[Training, bool]) -> dict[str, Scores]:
    """Train once, with the pull or without, and score; without it, score after each of the later remedies too."""
    training, pulled = cell
    with TemporaryDirectory() as folder:
        with pulling() if pulled else nullcontext():
            model = windowner.train(training.config, folder).tagger.model
    data = training.config.data
    train, dev = (windowner.read_corpus(training.config.path(path)) for path in (data.train, data.dev))
    if pulled:
        return {PULLED: scores(model, train, dev)}
    found = {PLAIN: scores(model, train, dev)}
    movement = measure_movement(model, training.config, Counter(chain.from_iterable(train.tokens)))
    rows = model.words.E[model.words.trainable :]
    left = rows.copy()
    for name, remedy in AFTERWARDS.items():
        rows[...] = remedy(movement, left)
        found[name] = scores(model, train, dev)
    return found


def scores(model: windowner.Model, train: Corpus, dev: Corpus) -> Scores:
    """Score the model with its present vectors."""
    predicted, gold = windowner.Tagger(model).predict(dev.tokens).spans, encode_gold(model, dev.tags)
    words, known = (chain.from_iterable(corpus.tokens) for corpus in (dev, train))
    groups = score_groups(gold, predicted, familiarity(words, known, model.words.word_row, UNK))
    return 100 * entity_f1(gold, predicted), 100 * groups[GROUPS[VECTOR]].f1


@click.command()
@options(seeds=5)
def main(seeds: int, jobs: int, corpora: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Train, and print the table."""
    found: dict[str, Array] = {name: np.empty((2, len(corpora), seeds)) for name in (PLAIN, *AFTERWARDS, PULLED)}
    cells = [(Training(corpus, keys, s), pulled) for s, corpus, pulled in product(range(seeds), corpora, (False, True))]
    for (training, _), by_remedy in side_by_side(outcomes, cells, jobs):
        for name, both in by_remedy.items():
            found[name][:, corpora.index(training.corpus), training.seed] = both
    rows = []
    for name, f1 in found.items():
        scores_of = [f"{everything:.1f} ({vectors:.1f})" for everything, vectors in f1.mean(axis=2).T.tolist()]
        changes = [interval(group.mean(axis=0)) for group in f1 - found[PLAIN]]
        rows.append([name, *scores_of, "" if name == PLAIN else "{} ({})".format(*changes)])
    click.echo(table(["", *corpora, "change (95 %)"], rows))


if __name__ == "__main__":
    main()
