"""The check of tags against the rules of their scheme."""

from collections.abc import Iterator

import numpy as np

from windowner.checks.findings import Finding
from windowner.checks.labelled import Labelled, Split
from windowner.text.detection import find_ill_formed


def ill_formed_tags(data: Labelled) -> Iterator[Finding]:
    """Find tags that may not follow the tag before them, or may not end a sentence."""
    for split in data.splits:
        tokens, ends = find_ill_formed(split.encoded, split.corpus.scheme)
        for position in tokens.tolist():
            yield _describe(split, position, at_end=False)
        for position in ends.tolist():
            yield _describe(split, position, at_end=True)


def _describe(split: Split, position: int, at_end: bool) -> Finding:
    number = int(np.searchsorted(split.sentence_starts, position, side="right")) - 1
    start = position - int(split.sentence_starts[number])
    tags = split.corpus.tags[number]
    before = f"after {tags[start - 1]}" if start else "at the start of a sentence"
    where = "at the end of a sentence" if at_end else before
    return Finding(f"{tags[start]} {where} is not {split.corpus.scheme.name}", [split.place(number, start)])
