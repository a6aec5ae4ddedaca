"""Types that nobody looked for: where a text has no entity of a type, its O may mean this type.

A training that starts from a trained model has up to two texts, and their types may differ:

    the new text          no entities of some old types     its O means O, or an old type that it lacks
    rehearsed sentences   no entities of the new types      their O means O, or a new type

A tagger that learnt O from such words would forget the old types, or would not learn the new ones. So of these words a
set of tags is known (`inputs.labels`): O, and the tags of the types that nobody looked for.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from windowner.arrays import Bools, Ids
from windowner.inputs.labels import NO_TAG
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable


def leave_open(corpus: Corpus, types: Iterable[str]) -> Corpus:
    """Return a corpus in which nobody looked for these types."""
    unmarked = tuple(types)
    return replace(corpus, sentences=[sentence._replace(unmarked=unmarked) for sentence in corpus.sentences])


def open_tags(corpus: Corpus, table: TagTable, numbers: Ids) -> tuple[Ids, Bools | None]:
    """Return the tag numbers of a corpus, (T,), and the sets of tags of numbers below 0, (S, K).

    The sets are None where every type was looked for in every sentence.

    Parameters
    ----------
    corpus
        Labelled sentences. Those with tag probabilities stay as they are.
    table
        The tags of the network.
    numbers
        The tag numbers as they were read, (T,).
    """
    unmarked = [() if sentence.probabilities is not None else sentence.unmarked for sentence in corpus.sentences]
    kinds = sorted({types for types in unmarked if types})
    if not kinds:
        return numbers, None
    outside = table.names.index("O")
    sets = np.ones((len(kinds) + 1, len(table.names)), dtype=np.bool_)  # the last one is that of `NO_TAG`
    for row, types in enumerate(kinds):
        sets[row] = np.isin(table.type_ids, [table.types.index(name) for name in types])
        sets[row, outside] = True
    number_of = {types: NO_TAG - len(kinds) + row for row, types in enumerate(kinds)}
    lengths = [len(sentence.tokens) for sentence in corpus.sentences]
    of_words = np.repeat([number_of.get(types, outside) for types in unmarked], lengths)
    return np.where(numbers == outside, of_words, numbers).astype(numbers.dtype), sets
