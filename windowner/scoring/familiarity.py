"""Entities by how well their words are known: where fine-tuning helps, and whom it leaves behind.

    seen               every word of the entity stands in the training text
    only as vectors    every other word has at least a pretrained vector
    unseen             some word has neither

Fine-tuning moves the vectors of seen words alone, so it may help the first group and hurt the second. Precision, recall
and F1 are counted within each group, as `entities` counts them: the group of a gold entity, and of a predicted one, is
that of its least known word.
"""

from collections.abc import Callable, Iterable

import numpy as np

from windowner.arrays import Indices
from windowner.scoring.entities import PRF, find_correct
from windowner.text.spans import Spans

GROUPS = ("seen", "only as vectors", "unseen")
SEEN, VECTOR, UNSEEN = range(len(GROUPS))


def familiarity(tokens: Iterable[str], training: Iterable[str], row_of: Callable[[str], int], unknown: int) -> Indices:
    """Return the group of each token.

    Parameters
    ----------
    tokens
        The text, one token after the other.
    training
        Forms of the training text.
    row_of
        Row of a form in the table of word vectors: forms that share a row are one word.
    unknown
        The row of forms that have none.
    """
    seen = set(map(row_of, training)) - {unknown}
    groups: dict[str, int] = {}
    numbers = []
    for token in tokens:
        if token not in groups:
            row = row_of(token)
            groups[token] = SEEN if row in seen else UNSEEN if row == unknown else VECTOR
        numbers.append(groups[token])
    return np.array(numbers, dtype=np.intp)


def score_groups(gold: Spans, predicted: Spans, groups: Indices) -> dict[str, PRF]:
    """Score the entities of each group.

    Parameters
    ----------
    gold, predicted
        Entities of both sides, with type ids of one numbering.
    groups
        Group of each token, (tokens,).
    """
    found, right = entity_groups(predicted, groups), find_correct(gold, predicted)
    sides = (entity_groups(gold, groups), found, found[right])
    counts = [np.bincount(side, minlength=len(GROUPS)).tolist() for side in sides]
    return {name: PRF(*of_group) for name, *of_group in zip(GROUPS, *counts, strict=True)}


def entity_groups(spans: Spans, groups: Indices) -> Indices:
    """Return the group of each entity, that of its least known word."""
    if not len(spans.start):
        return np.zeros(0, dtype=np.intp)
    borders = np.stack([spans.start, spans.end], axis=1).ravel()
    worst: Indices = np.maximum.reduceat(np.append(groups, SEEN), borders)[::2]
    return worst
