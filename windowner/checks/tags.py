"""The check of tags against the rules of their scheme."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from windowner.checks.findings import Finding
from windowner.checks.labelled import Labelled, Split
from windowner.text.detection import detect, find_ill_formed
from windowner.text.schemes import Scheme
from windowner.text.spans import encode_tags

OWN_SCHEME = 0.5
"""A split has a scheme of its own if it breaks the common one this often per entity."""


def ill_formed_tags(data: Labelled) -> Iterator[Finding]:
    """Find tags that may not follow the tag before them, or may not end a sentence."""
    common = _common_scheme(data)
    for split in data.splits:
        # A slip in a small file can make the file look like another scheme, so all files are held to one. A file that
        # breaks it nearly everywhere has a scheme of its own.
        if common is None or find_ill_formed(split.encoded, common).total > OWN_SCHEME * len(split.entities):
            yield from _find_in(split, split.corpus.scheme)
        else:
            yield from _find_in(split, common)


def _common_scheme(data: Labelled) -> Scheme | None:
    """Return the scheme that fits all splits together best; None if no scheme has all of their prefixes."""
    try:
        return detect(encode_tags(list(chain.from_iterable(split.corpus.tags for split in data.splits))))
    except ValueError:
        return None


def _find_in(split: Split, scheme: Scheme) -> Iterator[Finding]:
    tokens, ends = find_ill_formed(split.encoded, scheme)
    places = sorted([(token, False) for token in tokens.tolist()] + [(token, True) for token in ends.tolist()])
    for position, at_end in places:
        yield _describe(split, scheme, position, at_end)


def _describe(split: Split, scheme: Scheme, position: int, at_end: bool) -> Finding:
    number = int(np.searchsorted(split.sentence_starts, position, side="right")) - 1
    start = position - int(split.sentence_starts[number])
    tags = split.corpus.tags[number]
    before = f"after {tags[start - 1]}" if start else "at the start of a sentence"
    where = "at the end of a sentence" if at_end else before
    return Finding(f"{tags[start]} {where} is not {scheme.name}", [split.place(number, start)])
