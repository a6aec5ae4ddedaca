"""Which tags may follow one another in a scheme, as arrays."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools
from windowner.text.schemes import NOT_ANNOTATED_PREFIX, OUTSIDE, PREFIXES, Scheme, find_scheme, split_tag


class LegalTransitions(NamedTuple):
    """The legal sequences of K tags: `transition[i, j]` says whether tag j may directly follow tag i."""

    start: Bools
    transition: Bools
    end: Bools


@cache
def legal_prefixes(scheme: Scheme) -> Bools:
    """Return the scheme's table as an array, (2, 8, 8): `[same type, prefix code before, prefix code after]`."""
    legal = np.zeros((2, len(PREFIXES), len(PREFIXES)), dtype=np.bool_)
    for same, table in ((0, scheme.other_type), (1, scheme.same_type)):
        for before, followers in table.items():
            legal[same, PREFIXES.index(before), [PREFIXES.index(after) for after in followers]] = True
    # O has no type, so what may follow it is the same in both tables.
    legal[1, OUTSIDE] = legal[0, OUTSIDE]
    # Nobody knows what stands at a token that is not annotated, so anything may stand beside it.
    legal[:, NOT_ANNOTATED_PREFIX, :] = legal[:, :, NOT_ANNOTATED_PREFIX] = True
    legal.flags.writeable = False
    return legal


def legal_transitions(tag_names: Sequence[str], scheme: Scheme | str) -> LegalTransitions:
    """Return which sequences of tags are legal, for a decoder that emits no other sequence.

    Parameters
    ----------
    tag_names
        The K tags that the decoder knows. A complete set, such as `tag_set` returns, has no dead ends.
    scheme
        The scheme, or its name.

    Returns
    -------
    LegalTransitions
        Booleans: `start` (K,), `transition` (K, K) from row to column, `end` (K,).
    """
    legal = legal_prefixes(find_scheme(scheme))
    split = [split_tag(tag) for tag in tag_names]
    prefixes = np.array([PREFIXES.index(prefix) for prefix, _ in split], dtype=np.intp)
    types = np.array([entity_type for _, entity_type in split], dtype=object)
    same = (types[:, None] == types[None, :]).astype(np.intp)
    return LegalTransitions(
        start=legal[0, OUTSIDE, prefixes],
        transition=legal[same, prefixes[:, None], prefixes[None, :]],
        end=legal[0, prefixes, OUTSIDE],
    )
