"""Which scheme a file is written in, and where it breaks the scheme's rules."""

from typing import NamedTuple

import numpy as np

from windowner.arrays import Indices
from windowner.text.schemes import OUTSIDE, PREFIXES, SCHEMES, Scheme, legal_prefixes
from windowner.text.spans import EncodedTags


class IllFormed(NamedTuple):
    """Breaks of a scheme's rules, as token positions in the corpus."""

    tokens: Indices
    """Tokens whose tag may not follow the one before, or may not open a sentence."""
    ends: Indices
    """Last tokens of sentences whose tag may not be the last one."""

    @property
    def total(self) -> int:
        """How often the rules are broken."""
        return len(self.tokens) + len(self.ends)


def find_ill_formed(encoded: EncodedTags, scheme: Scheme) -> IllFormed:
    """Find where tags break the rules of a scheme."""
    legal = legal_prefixes(scheme)
    # O stands before each sentence, so the tag before a first token is O, whatever ended the sentence before.
    # What follows O does not depend on types, so the type before a first token need not be masked.
    before = np.where(encoded.first, OUTSIDE, np.roll(encoded.prefixes, 1))
    same = (np.roll(encoded.type_ids, 1) == encoded.type_ids).astype(np.intp)
    last = np.roll(encoded.first, -1)
    return IllFormed(
        tokens=np.flatnonzero(~legal[same, before, encoded.prefixes]),
        ends=np.flatnonzero(last & ~legal[0, encoded.prefixes, OUTSIDE]),
    )


def detect(encoded: EncodedTags) -> Scheme:
    """Find the scheme that fits the tags of a whole file best.

    Among the schemes that have all prefixes in use, it is the one whose rules are broken least often; where several fit
    equally well, the first of IOB2, IOB1, BIOES, BILOU, IO. A file with `I` as its only prefix therefore comes out as
    IOB1, which reads it as IO would.

    Raises
    ------
    ValueError
        If no scheme has all of the prefixes, as when some tags are BIOES and others BILOU.
    """
    used = {PREFIXES[code] for code in np.unique(encoded.prefixes)} - {"O"}
    candidates = [scheme for scheme in SCHEMES.values() if used <= set(scheme.prefixes)]
    if not candidates:
        raise ValueError(
            f"tags with the prefixes {' '.join(sorted(used))}, expected those of one scheme, such as B I E S"
        )
    return min(candidates, key=lambda scheme: find_ill_formed(encoded, scheme).total)
