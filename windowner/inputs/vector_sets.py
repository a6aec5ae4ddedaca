"""Further sets of word vectors beside the first, each a table of its own: X = [E_words E_words2 ... E_capitals ...].

    row 0, 1       PAD, UNK                                              new, seeded     always trained
    ... trained    words of the training data                            pretrained      trained when fine-tuned
    ... the rest   words of dev and test, and the `keep` most frequent   pretrained      never touched

A form finds its row in each set by the look-up ladder for itself; one that a set lacks reads the set's UNK. To the
encoder of forms a set is one more feature, whose value is the form.
"""

from collections import UserDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from windowner.arrays import Float32
from windowner.inputs.features import UNK, Feature
from windowner.inputs.settings import VectorsSettings
from windowner.inputs.words import lay_out_words, word_rows
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import look_up


@dataclass(frozen=True)
class VectorTable:
    """A further set: words of the rows 2, 3, ..., their vectors, and how many of the first rows training may move."""

    words: list[str]
    vectors: Float32
    trainable: int


class LadderRows(UserDict[str, int]):
    """Row of each word, found by the look-up ladder."""

    def get(self, form: str, default: int = UNK) -> int:  # type: ignore[override]
        """Return the row of a form, or the default."""
        row, _ = look_up(form, self.data)
        return default if row < 0 else row


def set_features(settings: VectorsSettings) -> list[Feature]:
    """Return the further sets as features, in the order of their tables, right after the words."""
    return [Feature(f"words{number}", 0, str) for number in range(2, len(settings.more) + 2)]


def ladder_rows(words: Iterable[str]) -> LadderRows:
    """Return what maps a form to its row in a set with these words."""
    return LadderRows(word_rows(words))


def lay_out_set(
    training: Mapping[str, int],
    others: Iterable[str],
    vectors: Vectors,
    mode: Literal["frozen", "fine-tuned"],
    keep: int | Literal["all"],
    tune_count: int = 1,
) -> VectorTable:
    """Return the table of a set; its first two rows, PAD and UNK, are 0.

    Parameters
    ----------
    training, others
        Forms of the training data with their counts, and forms of the other text that is known to be tagged.
    vectors
        The set.
    mode
        Whether training may move the vectors of words in the training data.
    keep
        Number of the most frequent words to keep in any case.
    tune_count
        Words that stand less often in the training data stay as they are.
    """
    known = {form: n for form, n in training.items() if look_up(form, vectors.key_to_index)[0] >= 0}
    words = lay_out_words(known, others, vectors, keep, tune_count)
    table = np.zeros((words.own + len(words.source_rows), vectors.vector_size), dtype=np.float32)
    vectors.rows(words.source_rows, out=table[words.own :])
    return VectorTable(words.words, table, words.own if mode == "frozen" else words.trained)
