"""What fine-tuning did to the word vectors: before, after, and the words that it left behind.

    moved[w]  = |after[w] - before[w]| / |before[w]|      1 is as far as the vector is long
    cos[w, v] = x_w . x_v / (|x_w| |x_v|)                 nearest neighbours are those with the largest

Training moves the words that it sees (see `inputs/words.py`); every other word keeps its pretrained vector. So two
words that were neighbours, one seen and one unseen, may be neighbours no longer: the lecture's pitfall.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Indices
from windowner.config.config import Config
from windowner.inputs.tables import FIRST
from windowner.tagger.tagger import Tagger
from windowner.vectors.loading import load_vectors
from windowner.vectors.neighbours import nearest

FREQUENT = 20_000  # unseen words, the most frequent ones, that are looked at as neighbours: rarer ones are mostly noise
ASKED = 1000  # words whose neighbours are compared


@dataclass(frozen=True)
class Movement:
    """The table of word vectors before and after, and what is known of its words.

    Parameters
    ----------
    words
        The words of the table, V.
    before, after
        Their vectors, (V, D): as they were pretrained, and as training left them.
    moved
        Indices of the words that have a pretrained vector and that training could move.
    left
        Indices of the most frequent words that training did not see.
    counts
        How often each of the `moved` words stands in the training text.
    """

    words: list[str]
    before: Array
    after: Array
    moved: Indices
    left: Indices
    counts: Indices

    @property
    def distance(self) -> Array:
        """How far each moved word went, as a share of its pretrained vector's length, (moved,)."""
        lengths = np.linalg.norm(self.before[self.moved], axis=1)
        distance: Array = np.linalg.norm((self.after - self.before)[self.moved], axis=1) / np.maximum(lengths, 1e-12)
        return distance

    @property
    def farthest(self) -> Indices:
        """Indices of the moved words, those that went farthest first."""
        order: Indices = self.moved[np.argsort(-self.distance, kind="stable")]
        return order


def measure_movement(tagger: Tagger, config: Config, training_forms: Mapping[str, int]) -> Movement:
    """Compare a fine-tuned tagger's word vectors with those that it started from.

    Parameters
    ----------
    tagger
        The tagger.
    config
        What it was trained with; it names the pretrained vectors, of which only the rows that are needed are copied.
    training_forms
        How often each form stands in the training text.

    Raises
    ------
    VectorsError
        The pretrained vectors cannot be read.
    """
    vectors = load_vectors(config.vectors.source, directory=config.directory)
    known = vectors.key_to_index
    table_of_words = tagger.model.words
    trained = table_of_words.trainable - FIRST
    words = list(table_of_words.values)
    own = sum(word not in known for word in words[:trained])  # they stand first, and have nothing to be compared with
    table = np.asarray(table_of_words.E)[:, : vectors.vector_size]  # of an ensemble, the first one's
    after = table[FIRST + own : FIRST + trained + FREQUENT]
    before = after.copy()
    moved = np.arange(trained - own)
    before[moved] = vectors.rows([known[word] for word in words[own:trained]])
    counts = count_rows(tagger, training_forms)
    return Movement(
        words=words[own : own + len(after)],
        before=before,
        after=after,
        moved=moved,
        left=np.arange(len(moved), len(after)),
        counts=np.array([counts[row + FIRST + own] for row in moved.tolist()], dtype=np.intp),
    )


def count_rows(tagger: Tagger, forms: Mapping[str, int]) -> Counter[int]:
    """Count the tokens that each row of the table of word vectors stands for: `Paris` and `paris` may share one."""
    counts: Counter[int] = Counter()
    for form, count in forms.items():
        counts[tagger.model.words.word_row(form)] += count
    return counts


def neighbours(movement: Movement, rows: Indices, count: int) -> list[tuple[list[str], list[str]]]:
    """Return the nearest words of some words before and after, themselves left out."""
    before, after = (nearest(table[rows], table, count + 1).tolist() for table in (movement.before, movement.after))

    def names(row: int, near: list[int]) -> list[str]:
        return [movement.words[other] for other in near if other != row][:count]

    return [(names(row, old), names(row, new)) for row, old, new in zip(rows.tolist(), before, after, strict=True)]


def kept_neighbours(movement: Movement, count: int) -> float:
    """Return the share of moved words' `count` nearest words before that are among the nearest after.

    Of many moved words, `ASKED` are asked that stand evenly spread in the table.
    """
    if not len(movement.moved):
        return 1.0
    asked = movement.moved[:: -(-len(movement.moved) // ASKED)]
    shares = [len(set(old) & set(new)) / max(1, len(old)) for old, new in neighbours(movement, asked, count)]
    return float(np.mean(shares))


def left_behind(movement: Movement, row: int) -> int | None:
    """Return the unseen word nearest to a word before training, which did not move; None where all were seen."""
    if not len(movement.left):
        return None
    place = nearest(movement.before[[row]], movement.before[movement.left], 1)[0, 0]
    return int(movement.left[place])
