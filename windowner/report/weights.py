"""What a report reads inside a model: word vectors, projections, output weights.

This is the only module of the room that knows how a model is built.

    P    = X @ W            (R, C*H), seen as (R, C, H)      what form r adds to unit h at position c
    vote = U[h, tags of a type].max() - mean_k U[h, k]       what unit h adds to a type when it is excited
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array
from windowner.inputs.tables import FIRST
from windowner.tagger.model import Model


class WordTable(NamedTuple):
    """The words of a model, V, and their vectors, (V, D). Training could move the first `trained` of them.

    The vectors of an ensemble are those of all its networks, side by side.
    """

    words: list[str]
    vectors: Array
    trained: int


def word_table(model: Model) -> WordTable:
    """Return a model's words and their vectors."""
    table = model.words
    return WordTable(list(table.values), table.E[FIRST:], table.trainable - FIRST)


def count_words(model: Model, forms: Mapping[str, int]) -> Counter[int]:
    """Count the tokens that each word of the table stands for, by the word's place in the table.

    Forms that share a word, such as `Paris` and `paris`, are counted together. Unknown forms are left out.

    Parameters
    ----------
    model
        The model.
    forms
        The number of times that each written form occurs.
    """
    counts: Counter[int] = Counter()
    for form, count in forms.items():
        row = model.words.word_row(form)
        if row >= FIRST:
            counts[row - FIRST] += count
    return counts


def projections(model: Model, forms: Sequence[str]) -> Array:
    """Return P of some forms, (R, C, H)."""
    network = model.network
    X = network.embed(model.encoder(forms))
    P: Array = network.project(X).reshape(len(forms), *network.W.shape[1:])
    return P


def entity_types(model: Model) -> list[str]:
    """Return the entity types that a model distinguishes."""
    return list(model.tags.types)


def votes(model: Model) -> Array:
    """Return what each hidden unit adds to each entity type, (H, types): its largest logit minus its mean logit."""
    U, type_ids, types = model.network.U, model.tags.type_ids, range(len(model.tags.types))
    largest: Array = np.stack([U[:, type_ids == type_id].max(axis=1) for type_id in types], axis=1)
    largest -= U.mean(axis=1, keepdims=True)
    return largest
