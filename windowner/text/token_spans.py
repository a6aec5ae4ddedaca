"""Entities as tokens of their sentence: the form in which gold and predicted entities of a sentence are compared."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from windowner.text.schemes import Scheme, find_scheme, join_tag
from windowner.text.spans import encode_tags


class TokenSpan(NamedTuple):
    """An entity of a sentence: tokens `start` to `end` (exclusive), and its type."""

    start: int
    end: int
    type: str


def sentence_spans(tags: Sequence[Sequence[str]]) -> list[list[TokenSpan]]:
    """Return the entities of each sentence, given its tags in any scheme."""
    encoded = encode_tags(tags)
    spans = encoded.spans()
    offsets = list(accumulate(map(len, tags), initial=0))
    borders = np.searchsorted(spans.start, offsets).tolist()
    start, end, type_id = (array.tolist() for array in spans)
    return [
        [TokenSpan(start[i] - offset, end[i] - offset, encoded.types[type_id[i]]) for i in range(first, last)]
        for offset, (first, last) in zip(offsets, pairwise(borders), strict=False)
    ]


def span_tags(spans: Iterable[TokenSpan], length: int, scheme: Scheme | str) -> list[str]:
    """Return the tags of a sentence with these entities, which do not overlap; the inverse of `sentence_spans`."""
    scheme = find_scheme(scheme)
    tags = ["O"] * length
    before: TokenSpan | None = None
    for span in sorted(spans):
        tags[span.start : span.end] = [join_tag(scheme.inside, span.type)] * (span.end - span.start)
        tags[span.end - 1] = join_tag(scheme.last, span.type)
        first = scheme.single if span.end - span.start == 1 else scheme.first
        touches = before is not None and (before.end, before.type) == (span.start, span.type)
        tags[span.start] = join_tag(
            scheme.adjacent if touches and scheme.adjacent != scheme.first else first, span.type
        )
        before = span
    return tags
