"""Layout of a table of word vectors: which words have a row, and in which order.

    rows               words                                               first values     trained
    0, 1               PAD, UNK                                            new              always
    2 ... own          training words that have no pretrained vector       new              always
    own ... trained    pretrained words that occur in the training data    pretrained       when fine-tuned
    trained ...        pretrained words of dev and test, and the           pretrained       never
                       `keep` most frequent ones

The ends of these ranges are exclusive. So training may move the first rows alone, and the optimizer keeps state for
these rows alone. Their number is `own` when frozen, and `trained` when fine-tuned. When frozen and then fine-tuned, it
is `own` before the thaw, and `trained` after it. A further source of vectors (`vectors.more`) has a table with the same
layout, but without words that have no pretrained vector. A form that is not in this source reads UNK.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from windowner.arrays import Float32, Indices
from windowner.inputs.tables import FIRST, Table
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import look_up

Mode = Literal["frozen", "fine-tuned", "frozen-then-fine-tuned"]


@dataclass(frozen=True)
class WordLayout:
    """Layout of a table of word vectors; see the module.

    Parameters
    ----------
    words
        The words of rows 2, 3, ...
    source_rows
        For each row from `own` on, its row in the pretrained vectors.
    own
        Number of rows with new values.
    trained
        Number of rows that training may move when it fine-tunes.
    """

    words: list[str]
    source_rows: Indices
    own: int
    trained: int

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.own + len(self.source_rows)

    def table(self, name: str, new: Float32, vectors: Vectors | None, mode: Mode) -> Table:
        """Return the table: first the rows `new`, (own, D_j), then rows of the pretrained vectors."""
        E = np.empty((len(self), new.shape[1]), dtype=np.float32)
        E[: self.own] = new
        if vectors is not None:
            vectors.rows(self.source_rows, out=E[self.own :])
        return Table(
            name,
            E,
            trainable=self.own if mode == "frozen" else self.trained,
            values=self.words,
            before_thaw=self.own if mode == "frozen-then-fine-tuned" else None,
        )


def lay_out_words(
    training: Iterable[str], others: Iterable[str], vectors: Vectors | None, keep: int | Literal["all"]
) -> WordLayout:
    """Return the layout of the first table of word vectors.

    Parameters
    ----------
    training, others
        Forms of the training data, and forms of other text that is known to be tagged.
    vectors
        Pretrained vectors, the most frequent word first. None if there are none.
    keep
        This many of the most frequent pretrained words have rows even if no text contains them.
    """
    known = {} if vectors is None else vectors.key_to_index
    found = {form: look_up(form, known)[0] for form in dict.fromkeys(training)}
    new = [form for form, row in found.items() if row < 0]
    tuned = np.array(list(dict.fromkeys(row for row in found.values() if row >= 0)), dtype=np.intp)
    kept = np.zeros(0 if vectors is None else len(vectors), dtype=np.bool_)
    kept[: None if keep == "all" else keep] = True
    kept[[row for form in others if (row := look_up(form, known)[0]) >= 0]] = True
    if len(known) < len(kept):  # a word that occurs twice keeps its first row alone
        kept &= np.isin(np.arange(len(kept)), list(known.values()))
    kept[tuned] = False
    source_rows = np.concatenate([tuned, np.flatnonzero(kept)])
    pretrained = [] if vectors is None else [vectors.words[row] for row in source_rows.tolist()]
    own = FIRST + len(new)
    return WordLayout(new + pretrained, source_rows, own, own + len(tuned))


def further_table(
    name: str,
    vectors: Vectors,
    training: Iterable[str],
    others: Iterable[str],
    mode: Mode,
    keep: int | Literal["all"],
) -> Table:
    """Return the table of a further source of vectors. Its rows PAD and UNK are 0 before training."""
    known = [form for form in training if look_up(form, vectors.key_to_index)[0] >= 0]
    layout = lay_out_words(known, others, vectors, keep)
    return layout.table(name, np.zeros((layout.own, vectors.vector_size), np.float32), vectors, mode)
