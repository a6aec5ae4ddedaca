"""Probabilities of tags in another scheme than the one that is trained, where they are sums.

BIOES    O  B-LOC  I-LOC  E-LOC  S-LOC
IOB2     O  B-LOC  I-LOC  I-LOC  B-LOC        P(B-LOC) = P(B-LOC) + P(S-LOC),  P(I-LOC) = P(I-LOC) + P(E-LOC)

A sum needs each trained tag to have one tag of the other scheme. IOB1 is left out: its B depends on the entity before.
"""

from collections.abc import Sequence

import numpy as np

from windowner.arrays import Array
from windowner.text.schemes import SCHEMES, Scheme, join_tag, split_tag, tag_set
from windowner.text.spans import TagTable


def answered_scheme(wanted: Scheme, trained: Scheme) -> Scheme:
    """Return the scheme of the answers: the one that is wanted, or IOB2, or the trained one, where no sum gives it."""
    return next(scheme for scheme in (wanted, SCHEMES["IOB2"], trained) if _prefixes(trained, scheme))


def tag_columns(tags: TagTable, types: Sequence[str], trained: Scheme, answered: Scheme) -> tuple[list[str], Array]:
    """Return the tags of the answers, and which trained tags add up to each, (K, answered tags), as zeros and ones.

    Parameters
    ----------
    tags
        The trained tags.
    types
        The types of the answers: those of the trained tags, and those of rules.
    trained, answered
        The schemes.
    """
    names = tag_set(types, answered)
    prefixes = _prefixes(trained, answered)
    columns = np.zeros((len(tags.names), len(names)))
    for row, name in enumerate(tags.names):
        prefix, entity_type = split_tag(name)
        columns[row, names.index(join_tag(prefixes[prefix], entity_type))] = 1
    return names, columns


def _prefixes(trained: Scheme, answered: Scheme) -> dict[str, str]:
    """Return the prefix of the answers for each trained one; {} if a trained one has several."""
    if trained == answered:
        return {prefix: prefix for prefix in f"O{trained.prefixes}"}
    prefixes = {"O": "O"}
    for role in ("first", "inside", "last", "single", "adjacent"):
        prefix = getattr(answered, role)
        if prefixes.setdefault(getattr(trained, role), prefix) != prefix:
            return {}
    return prefixes
