"""A model with fewer words: the most frequent ones of the training text, then those of the pretrained vectors.

    rows of a table of word vectors              taken
    words of the training text                   first, by their number of occurrences there
    other words, in the order of the rows        then, while there are at most `vectors.keep` words

Behind the training words, rows stand in the order of the pretrained vectors, the most frequent word first
(`inputs.words`). So the first ones are among the `vectors.keep` most frequent words. Words that have a row because dev
or test holds them stand behind, and are not taken.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from windowner.arrays import Indices
from windowner.inputs.tables import FIRST, UNK, NewForms, Table
from windowner.tagger.model import Model


def with_frequent_words(model: Model, counts: Mapping[str, int], limit: int) -> Model:
    """Return the model with at most `limit` words in each table of word vectors. Other words are read as unknown.

    The tables share no memory with those of `model`.

    Parameters
    ----------
    model
        The model.
    counts
        The number of times that each form occurs in its training text.
    limit
        Words of a table, at most.
    """
    keep = model.config.vectors.keep
    tables = [
        table if table.feature is not None else _take_rows(table, frequent_rows(table, counts, keep)[:limit])
        for table in model.network.tables
    ]
    return replace(model, network=replace(model.network, tables=tables))


def frequent_rows(table: Table, counts: Mapping[str, int], keep: int | Literal["all"]) -> Indices:
    """Return rows of words in the order of the module. `PAD`, `UNK` and words of dev and test are left out.

    Parameters
    ----------
    table
        A table of word vectors.
    counts
        The number of times that each form occurs in the training text.
    keep
        The setting `vectors.keep` of its model.
    """
    occurrences: Counter[int] = Counter()
    forms = list(counts)
    for form, row in zip(forms, np.asarray(table.find_rows(NewForms(forms))).tolist(), strict=True):
        occurrences[row] += counts[form]
    del occurrences[UNK]
    trained = [row for row, _ in sorted(occurrences.items(), key=lambda item: (-item[1], item[0]))]
    others = np.setdiff1d(np.arange(FIRST, len(table.E)), trained)
    room = len(others) if keep == "all" else max(0, keep - len(trained))
    return np.concatenate([np.array(trained, dtype=np.intp), others[:room]])


def _take_rows(table: Table, rows: Indices) -> Table:
    """Return a table of word vectors with these rows behind `PAD` and `UNK`. Training may move none of them."""
    values = [table.values[row - FIRST] for row in rows.tolist()]
    return replace(table, E=table.E[np.concatenate([np.arange(FIRST), rows])], values=values, trainable=0)
