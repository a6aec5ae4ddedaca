"""Scores of entities by the familiarity of their words: the groups that fine-tuning helps, and those that it hurts.

    seen               every word of the entity occurs in the training text
    only as vectors    at least one word does not, but every such word has a pretrained vector
    unseen             at least one word neither occurs there nor has a pretrained vector

Fine-tuning moves only the vectors of seen words, so it may help the first group and hurt the second. An entity, gold or
predicted, is in the group of its least familiar word. Precision, recall and F1 are counted within each group, as
`entities.py` counts them.
"""

from collections.abc import Callable, Iterable

import numpy as np

from windowner.arrays import Indices
from windowner.scoring.entities import PRF, find_correct
from windowner.text.spans import EncodedTags, Spans

GROUPS = ("seen", "only as vectors", "unseen")
SEEN, VECTOR, UNSEEN = range(len(GROUPS))


def familiarity(tokens: Iterable[str], training: Iterable[str], row_of: Callable[[str], int], unknown: int) -> Indices:
    """Return the group of each token, as a place in `GROUPS`.

    Parameters
    ----------
    tokens
        The tokens of a text.
    training
        Forms of the training text.
    row_of
        Returns the row of a form in the table of word vectors. Forms that share a row count as one word.
    unknown
        Row of all forms without a row of their own.
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


def score_groups(gold: EncodedTags, predicted: Spans, groups: Indices) -> dict[str, PRF]:
    """Return the scores of each group's entities.

    Parameters
    ----------
    gold, predicted
        Gold tags and predicted entities. Their type ids must agree.
    groups
        Group of each token, (tokens,).
    """
    spans, predicted = gold.spans(), predicted.where(gold.judge(predicted))
    predicted_groups = entity_groups(predicted, groups)
    correct_groups = predicted_groups[find_correct(spans, predicted)]
    support, found, correct = (
        np.bincount(entities, minlength=len(GROUPS)).tolist()
        for entities in (entity_groups(spans, groups), predicted_groups, correct_groups)
    )
    return {name: PRF(support[i], found[i], correct[i]) for i, name in enumerate(GROUPS)}


def entity_groups(spans: Spans, groups: Indices) -> Indices:
    """Return the group of each entity: that of its least familiar word."""
    if not len(spans.start):
        return np.zeros(0, dtype=np.intp)
    borders = np.stack([spans.start, spans.end], axis=1).ravel()
    worst: Indices = np.maximum.reduceat(np.append(groups, SEEN), borders)[::2]
    return worst
