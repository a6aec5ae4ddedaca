"""Which words have a row in the table of word vectors, and where.

    row 0, 1        PAD, UNK                                            new, seeded      always trained
    ... own         training words that have no pretrained vector       new, seeded      always trained
    ... trained     pretrained words that the training data holds       pretrained       trained when fine-tuned
    ... the rest    those that it holds too seldom for that; those of   pretrained       never trained
                    dev and test; the `keep` most frequent others

So "what training may move" is always the first rows of the table, and the optimizer keeps state for those alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from windowner.arrays import Indices
from windowner.inputs.features import UNK
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import look_up


@dataclass(frozen=True)
class Words:
    """Layout of the table of word vectors.

    Parameters
    ----------
    words
        The words of rows 2, 3, ...
    source_rows
        Row in the pretrained vectors of each row from `own` on.
    own
        Number of rows with new values.
    trained
        Number of rows that training may move when it fine-tunes.
    """

    words: list[str]
    source_rows: Indices
    own: int
    trained: int

    @property
    def rows(self) -> dict[str, int]:
        """Row of each word."""
        return word_rows(self.words)


def word_rows(words: Iterable[str]) -> dict[str, int]:
    """Map each word to its row; rows 0 and 1 are PAD and UNK."""
    return {word: row for row, word in enumerate(words, start=UNK + 1)}


def lay_out_words(
    training: Mapping[str, int] | Iterable[str],
    others: Iterable[str],
    vectors: Vectors | None,
    keep: int | Literal["all"],
    tune_count: int = 1,
) -> Words:
    """Decide which words have rows.

    Parameters
    ----------
    training, others
        Forms of the training data, as often as they stand there or with their counts, and of the other text that is
        known to be tagged.
    vectors
        Pretrained vectors, most frequent word first, or None.
    keep
        Number of the most frequent pretrained words to keep in any case.
    tune_count
        How often the forms that share a pretrained row stand in the training data, at least, for it to be trained.
    """
    counts = Counter(training)
    known: Mapping[str, int] = {} if vectors is None else vectors.key_to_index
    found = {form: look_up(form, known)[0] for form in counts}
    new = [form for form, row in found.items() if row < 0]
    touched: Counter[int] = Counter()  # keeps the order
    for form, row in found.items():
        if row >= 0:
            touched[row] += counts[form]
    tuned = [row for row, count in touched.items() if count >= tune_count]
    first = np.array([*tuned, *(row for row, count in touched.items() if count < tune_count)], dtype=np.intp)
    kept = np.zeros(0 if vectors is None else len(vectors), dtype=np.bool_)
    kept[: None if keep == "all" else keep] = True
    kept[[row for form in others if (row := look_up(form, known)[0]) >= 0]] = True
    if len(known) < len(kept):  # of a word that stands twice, the first row alone
        kept &= np.isin(np.arange(len(kept)), list(known.values()))
    kept[first] = False
    source_rows = np.concatenate([first, np.flatnonzero(kept)])
    pretrained = [] if vectors is None else [vectors.words[row] for row in source_rows.tolist()]
    own = UNK + 1 + len(new)
    return Words(new + pretrained, source_rows, own, own + len(tuned))
