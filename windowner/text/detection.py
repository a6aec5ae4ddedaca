"""Finding the scheme of a file's tags, and the tags that break its rules."""

from typing import NamedTuple

import numpy as np

from windowner.arrays import Indices
from windowner.text.legal import legal_prefixes
from windowner.text.schemes import OUTSIDE, PREFIXES, SCHEMES, TYPELESS, Scheme
from windowner.text.spans import EncodedTags


class IllFormed(NamedTuple):
    """Places where tags break the rules of a scheme, as token positions in the corpus."""

    tokens: Indices
    """Tokens whose tag may not follow the tag before it, or may not start a sentence."""
    ends: Indices
    """Last tokens of sentences whose tag may not end a sentence."""

    @property
    def total(self) -> int:
        """Number of such places."""
        return len(self.tokens) + len(self.ends)


def find_ill_formed(encoded: EncodedTags, scheme: Scheme) -> IllFormed:
    """Find where tags break the rules of a scheme."""
    legal = legal_prefixes(scheme)
    # A sentence counts as if O stood before it, so the tag before a first token is O.
    # The tags that may follow O are the same for all types, so the type before a first token does not matter.
    before = np.where(encoded.first, OUTSIDE, np.roll(encoded.prefixes, 1))
    same = (np.roll(encoded.type_ids, 1) == encoded.type_ids).astype(np.intp)
    last = np.roll(encoded.first, -1)
    return IllFormed(
        tokens=np.flatnonzero(~legal[same, before, encoded.prefixes]),
        ends=np.flatnonzero(last & ~legal[0, encoded.prefixes, OUTSIDE]),
    )


def detect(encoded: EncodedTags) -> Scheme:
    """Find the scheme that fits the tags of a whole file best.

    The candidates are the schemes that have all prefixes of the file. The result is the candidate whose rules are
    broken least often, and the first of IOB2, IOB1, BIOES, BILOU, IO if several are equal. A file whose only prefix is
    `I` is therefore detected as IOB1, which gives the same entities as IO.

    Raises
    ------
    ValueError
        If no scheme has all of the prefixes, for example if some tags are BIOES and others BILOU.
    """
    used = {PREFIXES[code] for code in np.unique(encoded.prefixes)} - TYPELESS
    candidates = [scheme for scheme in SCHEMES.values() if used <= set(scheme.prefixes)]
    if not candidates:
        raise ValueError(
            f"tags with the prefixes {' '.join(sorted(used))}, expected those of one scheme, such as B I E S"
        )
    return min(candidates, key=lambda scheme: find_ill_formed(encoded, scheme).total)
