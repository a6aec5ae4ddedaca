"""What the parts of a page show, computed from run folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from windowner.errors import DataError
from windowner.inputs.tables import UNK
from windowner.report import word_pictures
from windowner.report.figures import Picture
from windowner.report.mistakes import NONE, Span, confusion, sentence_spans
from windowner.report.movement import Movement, kept_neighbours, left_behind, measure_movement, neighbours
from windowner.report.neurons import Neuron, neurons
from windowner.report.projection import principal_plane
from windowner.report.runs import RunFolder
from windowner.report.sentences import Shown, choose, count_kinds, wrong_sentences
from windowner.report.word_pictures import Arrow
from windowner.runs.calibration import entity_reliability
from windowner.scoring.entities import PRF
from windowner.scoring.familiarity import familiarity, score_groups
from windowner.scoring.reliability import Bin, expected_calibration_error
from windowner.text.spans import encode_tags

NEAREST = 5  # neighbours that are shown
COMPARED = 10  # neighbours that are compared
LISTED = 12  # words in the table of neighbours
ON_PLANE = 8  # words with arrows
NAMED = 5  # words named in the cloud
SEEN_OFTEN = 3  # times: a word that moved after so many is worth showing


@dataclass(frozen=True)
class Confusion:
    """A confusion matrix: a row a gold type, a column a predicted type, both ending with `NONE`; `largest` off it."""

    types: list[str]
    counts: list[list[int]]

    def share(self, row: int, column: int) -> float:
        """Return the share of its row that a cell holds."""
        return self.counts[row][column] / max(1, sum(self.counts[row]))


@dataclass(frozen=True)
class Errors:
    """Sentences with mistakes: those shown, of how many, out of all; mistakes by kind, for each tagger."""

    shown: list[Shown]
    wrong: int
    sentences: int
    labels: list[str]
    counts: list[dict[str, int]]


@dataclass(frozen=True)
class Moved:
    """A word that fine-tuning moved: how often it was seen, how far it went, neighbours before and after.

    `twin` is the unseen word that was nearest to it and stayed, with their cosine before and after; it may be empty.
    """

    word: str
    count: int
    distance: float
    before: list[str]
    after: list[str]
    twin: str
    cosines: tuple[float, float]


@dataclass(frozen=True)
class VectorsMoved:
    """What fine-tuning did to the word vectors."""

    moved: int
    left: int
    median: float
    kept: float
    words: list[Moved]
    cloud: Picture
    plane: Picture | None


def entities(run: RunFolder) -> tuple[list[list[Span]], list[list[Span]]]:
    """Return the gold entities of each sentence of dev, and the predicted ones."""
    return sentence_spans([s.gold for s in run.dev]), sentence_spans([s.predicted for s in run.dev])


def confusion_matrix(run: RunFolder) -> Confusion:
    """Count gold against predicted entity types on dev."""
    gold, predicted = entities(run)
    counts = confusion(gold, predicted)
    types = [*sorted({name for pair in counts for name in pair} - {NONE}), NONE]
    return Confusion(types, [[counts.get((row, column), 0) for column in types] for row in types])


def errors(runs: Mapping[str, RunFolder]) -> Errors:
    """Return the mistakes on dev of runs, by label, that share it."""
    first = next(iter(runs.values()))
    gold, _ = entities(first)
    found = [entities(run)[1] for run in runs.values()]
    wrong = wrong_sentences(first.dev, gold, found)
    return Errors(choose(wrong), len(wrong), len(gold), list(runs), [count_kinds(gold, one) for one in found])


def what_is_missing(run: RunFolder) -> str:
    """Say why seen words cannot be told from unseen ones, such as training text that was moved; empty if they can."""
    try:
        return "" if run.training_forms else "no words"
    except DataError as error:
        return str(error)


def by_familiarity(run: RunFolder) -> dict[str, PRF]:
    """Score dev's entities by whether training saw their words."""
    gold_tags = encode_tags([s.gold for s in run.dev])
    predicted_tags = encode_tags([s.predicted for s in run.dev], gold_tags.types)  # ids of one numbering
    gold, predicted = (tags.spans() for tags in (gold_tags, predicted_tags))
    tokens = chain.from_iterable(sentence.tokens for sentence in run.dev)
    groups = familiarity(tokens, run.training_forms, run.tagger.model.words.word_row, UNK)
    return score_groups(gold, predicted, groups)


def hidden_units(run: RunFolder) -> list[Neuron]:
    """Describe hidden units by the words of dev."""
    return neurons(run.tagger, list(dict.fromkeys(token for sentence in run.dev for token in sentence.tokens)))


def calibration(run: RunFolder) -> tuple[list[Bin], float]:
    """Return how well the probabilities of dev's entities agree with how many are right, and the ECE."""
    bins = entity_reliability(run.tagger, [s.tokens for s in run.dev], [s.gold for s in run.dev])
    return bins, expected_calibration_error(bins)


def vectors_moved(run: RunFolder, prefix: str = "") -> VectorsMoved | None:
    """Return what fine-tuning did to the word vectors; None where none were fine-tuned, or their counts are unknown.

    `prefix` begins the names of its pictures.
    """
    if run.metrics.get("mode") != "fine-tuned" or not run.config.vectors.source or what_is_missing(run):
        return None
    movement = measure_movement(run.tagger, run.config, run.training_forms)
    if not len(movement.moved):
        return None
    shown = _worth_showing(movement)
    return VectorsMoved(
        moved=len(movement.moved),
        left=len(run.tagger.model.words.E) - run.tagger.model.words.trainable,
        median=float(np.median(movement.distance)),
        kept=kept_neighbours(movement, COMPARED),
        words=_describe(movement, shown[:LISTED]),
        cloud=_cloud(movement, shown[:NAMED], f"{prefix}vectors-moved"),
        plane=_plane(movement, shown[:ON_PLANE], f"{prefix}vectors-plane"),
    )


def _worth_showing(movement: Movement) -> list[int]:
    """Return rows of what went farthest: words with letters, seen often enough; of all, where there are none."""
    counts = dict(zip(movement.moved.tolist(), movement.counts.tolist(), strict=True))
    farthest = movement.farthest.tolist()
    words = [row for row in farthest if any(character.isalpha() for character in movement.words[row])]
    return [row for row in words if counts[row] >= SEEN_OFTEN] or farthest


def _describe(movement: Movement, rows: Sequence[int]) -> list[Moved]:
    place = {row: number for number, row in enumerate(movement.moved.tolist())}
    pairs = neighbours(movement, np.array(rows, dtype=np.intp), NEAREST)
    return [
        Moved(
            movement.words[row],
            int(movement.counts[place[row]]),
            float(movement.distance[place[row]]),
            *pair,
            *_twin(movement, row),
        )
        for row, pair in zip(rows, pairs, strict=True)
    ]


def _twin(movement: Movement, row: int) -> tuple[str, tuple[float, float]]:
    twin = left_behind(movement, row)
    if twin is None:
        return "", (0.0, 0.0)
    return movement.words[twin], (_cosine(movement.before, row, twin), _cosine(movement.after, row, twin))


def _cosine(table: Any, one: int, other: int) -> float:
    lengths = np.linalg.norm(table[one]) * np.linalg.norm(table[other])
    return float(table[one] @ table[other] / max(float(lengths), 1e-12))


def _cloud(movement: Movement, rows: Sequence[int], name: str) -> Picture:
    place = {row: number for number, row in enumerate(movement.moved.tolist())}
    named = {movement.words[row]: place[row] for row in rows}
    caption = "How far each word moved against how often training saw it, and the median."
    return word_pictures.movement(name, caption, movement.counts, movement.distance, named)


def _plane(movement: Movement, rows: Sequence[int], name: str) -> Picture | None:
    if movement.before.shape[1] < 2:
        return None
    twins = {row: twin for row in rows if (twin := left_behind(movement, row)) is not None}
    stayed = list(dict.fromkeys(twins.values()))
    plane = principal_plane(np.concatenate([movement.before[[*rows, *stayed]], movement.after[rows]]))
    before, after = plane(movement.before), plane(movement.after)

    def arrow(row: int) -> Arrow:
        return Arrow(movement.words[row], tuple(before[row].tolist()), tuple(after[row].tolist()))

    caption = (
        "Principal components of the vectors shown, before and after; the plane shows "
        f"{plane.share:.0%} of their variance. Arrows lead from pretrained to fine-tuned, squares are unseen words "
        "that stayed, dotted lines join what were neighbours."
    )
    lines = [(tuple(before[row].tolist()), tuple(before[twin].tolist())) for row, twin in twins.items()]
    return word_pictures.plane(name, caption, [arrow(row) for row in rows], [arrow(row) for row in stayed], lines)
