"""The section of a page on what fine-tuning did to the word vectors: numbers, words and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array
from windowner.errors import DataError
from windowner.report import word_pictures
from windowner.report.figures import Picture
from windowner.report.movement import Movement, kept_neighbours, left_behind, measure_movement, neighbours
from windowner.report.projection import principal_plane
from windowner.report.weights import word_table
from windowner.report.word_pictures import Arrow
from windowner.runs.folder import RunFolder

NEAREST = 5  # neighbours shown
COMPARED = 10  # neighbours compared
LISTED = 12  # words in the table of neighbours
ON_PLANE = 8  # words with arrows
NAMED = 5  # words named in the cloud
SEEN_OFTEN = 3  # occurrences in the training text from which on a word is worth showing


@dataclass(frozen=True)
class Twin:
    """The unseen word that was nearest to a moved word, and their cosine before and after."""

    word: str
    before: float
    after: float


@dataclass(frozen=True)
class MovedWord:
    """A word that fine-tuning moved.

    Parameters
    ----------
    word
        The word.
    count
        Its occurrences in the training text.
    distance
        How far it moved, as a share of its vector's length.
    before, after
        Its nearest words.
    twin
        The unseen word that it left behind; None if there are no unseen words.
    """

    word: str
    count: int
    distance: float
    before: list[str]
    after: list[str]
    twin: Twin | None


@dataclass(frozen=True)
class MovedVectors:
    """What fine-tuning did to the word vectors.

    Parameters
    ----------
    moved, unmoved
        The number of words that moved, and of those that kept their pretrained vector.
    median
        The median distance, as a share of the vector's length.
    kept
        The share of nearest words that are still near.
    words
        The words that moved farthest.
    cloud, plane
        Pictures; the second one is None if vectors have fewer than two dimensions.
    """

    moved: int
    unmoved: int
    median: float
    kept: float
    words: list[MovedWord]
    cloud: Picture
    plane: Picture | None


def is_fine_tuned(run: RunFolder) -> bool:
    """Say whether a run fine-tuned pretrained vectors."""
    return run.metrics.get("mode") in {"fine-tuned", "frozen-then-fine-tuned"} and bool(run.config.vectors.source)


def missing_text(run: RunFolder) -> str:
    """Say why the training text, from which occurrences are counted, cannot be read; empty if it can."""
    try:
        return "" if run.training_forms else "no words"
    except DataError as error:
        return str(error)


def moved_vectors(run: RunFolder) -> MovedVectors | None:
    """Return what fine-tuning did to the word vectors; None if none were fine-tuned or the training text is missing."""
    if not is_fine_tuned(run) or missing_text(run):
        return None
    movement = measure_movement(run.tagger.model, run.config, run.training_forms)
    if not len(movement.moved):
        return None
    table = word_table(run.tagger.model)
    shown = _worth_showing(movement)
    return MovedVectors(
        moved=len(movement.moved),
        unmoved=len(table.words) - table.trained,
        median=float(np.median(movement.distance)),
        kept=kept_neighbours(movement, COMPARED),
        words=_describe(movement, shown[:LISTED]),
        cloud=_cloud(movement, shown[:NAMED]),
        plane=_plane(movement, shown[:ON_PLANE]),
    )


def _worth_showing(movement: Movement) -> list[int]:
    """Return the words with letters that training saw often enough, the farthest first; all words if there are none."""
    counts = dict(zip(movement.moved.tolist(), movement.counts.tolist(), strict=True))
    farthest = movement.farthest.tolist()
    words = [row for row in farthest if any(character.isalpha() for character in movement.words[row])]
    return [row for row in words if counts[row] >= SEEN_OFTEN] or farthest


def _describe(movement: Movement, rows: Sequence[int]) -> list[MovedWord]:
    place = _places(movement)
    pairs = neighbours(movement, np.array(rows, dtype=np.intp), NEAREST)
    return [
        MovedWord(
            word=movement.words[row],
            count=int(movement.counts[place[row]]),
            distance=float(movement.distance[place[row]]),
            before=before,
            after=after,
            twin=_twin(movement, row),
        )
        for row, (before, after) in zip(rows, pairs, strict=True)
    ]


def _places(movement: Movement) -> dict[int, int]:
    """Return the place of each moved word among the moved words."""
    return {row: place for place, row in enumerate(movement.moved.tolist())}


def _twin(movement: Movement, row: int) -> Twin | None:
    twin = left_behind(movement, row)
    if twin is None:
        return None
    before, after = (_cosine(table[row], table[twin]) for table in (movement.before, movement.after))
    return Twin(movement.words[twin], before, after)


def _cosine(first: Array, second: Array) -> float:
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    return float(first @ second / max(float(lengths), 1e-12))


def _cloud(movement: Movement, rows: Sequence[int]) -> Picture:
    place = _places(movement)
    named = {movement.words[row]: place[row] for row in rows}
    caption = "Distance that each word moved, by its occurrences in the training text, and the median."
    return word_pictures.movement("vectors-moved", caption, movement.counts, movement.distance, named)


def _plane(movement: Movement, rows: Sequence[int]) -> Picture | None:
    if movement.before.shape[1] < 2:
        return None
    twins = {row: twin for row in rows if (twin := left_behind(movement, row)) is not None}
    stayed = list(dict.fromkeys(twins.values()))
    plane = principal_plane(np.concatenate([movement.before[[*rows, *stayed]], movement.after[rows]]))
    before, after = plane(movement.before), plane(movement.after)

    def arrow(row: int) -> Arrow:
        return Arrow(movement.words[row], tuple(before[row].tolist()), tuple(after[row].tolist()))

    caption = (
        "Principal components of the vectors shown, before and after training. The plane shows "
        f"{plane.share:.0%} of their variance. Arrows lead from pretrained to fine-tuned vectors. Squares are unseen "
        "words, which did not move. Dotted lines join former neighbours."
    )
    lines = [(tuple(before[row].tolist()), tuple(before[twin].tolist())) for row, twin in twins.items()]
    arrows, squares = ([arrow(row) for row in side] for side in (rows, stayed))
    return word_pictures.plane("vectors-plane", caption, arrows, squares, lines)
