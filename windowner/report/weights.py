"""What a report reads inside a tagger: word vectors, projections, output weights.

This is the only module of the room that knows how a tagger is built.

    P    = X @ W            (R, C*H), seen as (R, C, H)      what form r adds to unit h at position c
    vote = U[h, tags of a type].max() - mean_k U[h, k]       what unit h adds to a type when it is excited
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array
from windowner.inputs.features import UNK
from windowner.tagger.tagger import Tagger


class WordTable(NamedTuple):
    """The words of a tagger, V, and their vectors, (V, D). Training could move the first `trained` of them.

    The vectors of an ensemble are those of all its networks, side by side.
    """

    words: list[str]
    vectors: Array
    trained: int


def word_table(tagger: Tagger) -> WordTable:
    """Return a tagger's words and their vectors."""
    network = tagger.network
    return WordTable(list(tagger.words), network.tables["words"][UNK + 1 :], network.trainable["words"] - (UNK + 1))


def count_words(tagger: Tagger, forms: Mapping[str, int]) -> Counter[int]:
    """Count the tokens that each word of the table stands for, by the word's place in the table.

    Forms that share a word, such as `Paris` and `paris`, are counted together. Unknown forms are left out.

    Parameters
    ----------
    tagger
        The tagger.
    forms
        The number of times that each written form occurs.
    """
    counts: Counter[int] = Counter()
    for form, count in forms.items():
        row = tagger.encoder.word_row(form)
        if row > UNK:
            counts[row - (UNK + 1)] += count
    return counts


def projections(tagger: Tagger, forms: Sequence[str]) -> Array:
    """Return P of some forms, (R, C, H)."""
    network = tagger.network
    X = network.embed(tagger.encoder(forms))
    P: Array = network.project(X).reshape(len(forms), *network.W.shape[1:])
    return P


def entity_types(tagger: Tagger) -> list[str]:
    """Return the entity types that a tagger distinguishes."""
    return list(tagger.tags.types)


def votes(tagger: Tagger) -> Array:
    """Return what each hidden unit adds to each entity type, (H, types): its largest logit minus its mean logit."""
    U, type_ids, types = tagger.network.U, tagger.tags.type_ids, range(len(tagger.tags.types))
    largest: Array = np.stack([U[:, type_ids == type_id].max(axis=1) for type_id in types], axis=1)
    largest -= U.mean(axis=1, keepdims=True)
    return largest
