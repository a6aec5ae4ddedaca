"""What fine-tuning did to the word vectors: vectors before and after, and the words that were left behind.

    moved[w]  = |after[w] - before[w]| / |before[w]|      1 means as far as the vector is long
    cos[w, v] = x_w . x_v / (|x_w| |x_v|)                 nearest neighbours have the largest cosine

Training moves the words that occur in the training text (see `inputs/words.py`). Every other word keeps its pretrained
vector. So a seen and an unseen word that were neighbours may be far apart afterwards: the lecture's pitfall.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Indices
from windowner.config.config import Config
from windowner.report.weights import count_words, word_table
from windowner.tagger.model import Model
from windowner.vectors.loading import load_vectors
from windowner.vectors.neighbours import nearest

FREQUENT = 20_000  # unseen words that may be neighbours, the most frequent ones; rarer ones are mostly noise
SAMPLED = 1000  # moved words whose neighbours are compared


@dataclass(frozen=True)
class Movement:
    """Word vectors before and after training.

    Parameters
    ----------
    words
        The words of the table, V.
    before, after
        Their vectors, (V, D): pretrained, and after training.
    moved
        Indices of the words that have a pretrained vector and occur in the training text.
    left
        Indices of the most frequent words that do not occur in the training text.
    counts
        The number of times that each of the `moved` words occurs in the training text.
    """

    words: list[str]
    before: Array
    after: Array
    moved: Indices
    left: Indices
    counts: Indices

    @property
    def distance(self) -> Array:
        """The distance that each moved word went, as a share of its pretrained vector's length, (moved,)."""
        lengths = np.linalg.norm(self.before[self.moved], axis=1)
        distance: Array = np.linalg.norm((self.after - self.before)[self.moved], axis=1) / np.maximum(lengths, 1e-12)
        return distance

    @property
    def farthest(self) -> Indices:
        """Indices of the moved words, sorted by distance, the farthest first."""
        order: Indices = self.moved[np.argsort(-self.distance, kind="stable")]
        return order


def measure_movement(model: Model, config: Config, training_forms: Mapping[str, int]) -> Movement:
    """Compare a fine-tuned model's word vectors with those that it started from.

    Parameters
    ----------
    model
        The model.
    config
        The config of its training, which names the pretrained vectors. Only the rows that are needed are copied.
    training_forms
        The number of times that each form occurs in the training text.

    Raises
    ------
    VectorsError
        The pretrained vectors cannot be read.
    """
    words, table, trained = word_table(model)
    vectors = load_vectors(config.vectors.source, directory=config.directory).for_forms(words)
    known = vectors.key_to_index
    own = sum(word not in known for word in words[:trained])  # they come first, and have no pretrained vector
    after = table[own : trained + FREQUENT, : vectors.vector_size]  # of an ensemble, those of the first network
    before = after.copy()
    moved = np.arange(trained - own)
    before[moved] = vectors.rows([known[word] for word in words[own:trained]])
    counts = count_words(model, training_forms)
    return Movement(
        words=words[own : own + len(after)],
        before=before,
        after=after,
        moved=moved,
        left=np.arange(len(moved), len(after)),
        counts=np.array([counts[own + row] for row in moved.tolist()], dtype=np.intp),
    )


def neighbours(movement: Movement, rows: Indices, count: int) -> list[tuple[list[str], list[str]]]:
    """Return the nearest words of some words before and after training, without the words themselves."""
    before, after = (nearest(table[rows], table, count + 1).tolist() for table in (movement.before, movement.after))

    def names(row: int, near: list[int]) -> list[str]:
        return [movement.words[other] for other in near if other != row][:count]

    return [(names(row, old), names(row, new)) for row, old, new in zip(rows.tolist(), before, after, strict=True)]


def kept_neighbours(movement: Movement, count: int) -> float:
    """Return the share of a moved word's `count` nearest words before training that are still among them after it.

    The share is a mean over the moved words, or over `SAMPLED` of them, evenly spread in the table, if there are more.
    """
    if not len(movement.moved):
        return 1.0
    sample = movement.moved[:: -(-len(movement.moved) // SAMPLED)]
    shares = [len(set(old) & set(new)) / max(1, len(old)) for old, new in neighbours(movement, sample, count)]
    return float(np.mean(shares))


def left_behind(movement: Movement, row: int) -> int | None:
    """Return the unseen word that was nearest to a word before training; None if there are no unseen words."""
    if not len(movement.left):
        return None
    place = nearest(movement.before[[row]], movement.before[movement.left], 1)[0, 0]
    return int(movement.left[place])
