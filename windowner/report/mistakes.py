"""What kind of mistake each entity is, gold and predicted, and which gold entity stands for which predicted one.

correct     both sides have the entity: first token, last token, type
type        both sides have the span, with another type
boundary    an entity that overlaps one of the other side, but starts or ends elsewhere
missed      a gold entity that overlaps no predicted one
spurious    a predicted entity that overlaps no gold one
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from windowner.text.spans import encode_tags

CORRECT = "correct"
MISTAKES = ("missed", "spurious", "boundary", "type")
NONE = "none"
"""What stands in the place of an entity that the other side lacks."""


class Span(NamedTuple):
    """An entity of a sentence: tokens `start` to `end` (exclusive), and its type."""

    start: int
    end: int
    type: str


def sentence_spans(tags: Sequence[Sequence[str]]) -> list[list[Span]]:
    """Return the entities of each sentence, given its tags in any scheme."""
    encoded = encode_tags(tags)
    spans = encoded.spans()
    offsets = list(accumulate(map(len, tags), initial=0))
    borders = np.searchsorted(spans.start, offsets).tolist()
    start, end, type_id = (array.tolist() for array in spans)
    return [
        [Span(start[i] - offset, end[i] - offset, encoded.types[type_id[i]]) for i in range(first, last)]
        for offset, (first, last) in zip(offsets, pairwise(borders), strict=False)
    ]


def kinds_of(spans: Iterable[Span], others: Iterable[Span], alone: str) -> list[str]:
    """Say the kind of each of one side's entities.

    Parameters
    ----------
    spans
        The entities of the one side, of one sentence.
    others
        Those of the other side.
    alone
        The kind of an entity that overlaps none of the others: `missed` for gold ones, `spurious` for predicted ones.
    """
    others = list(others)
    places = {(other.start, other.end) for other in others}
    return [_kind(span, others, places, alone) for span in spans]


def _kind(span: Span, others: list[Span], places: set[tuple[int, int]], alone: str) -> str:
    if (span.start, span.end) in places:
        return CORRECT if span in others else "type"
    return "boundary" if any(overlap(span, other) for other in others) else alone


def overlap(one: Span, other: Span) -> int:
    """Return the number of tokens that two entities share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def pair(gold: Sequence[Span], predicted: Sequence[Span]) -> list[tuple[str, str]]:
    """Return the types of gold and predicted entities of one sentence, paired one to one; `NONE` has no partner.

    The same span comes first, then those that share most tokens, earlier ones first.
    """
    touching = [
        (one[:2] != other[:2], -overlap(one, other), g, p)
        for g, one in enumerate(gold)
        for p, other in enumerate(predicted)
        if overlap(one, other)
    ]
    left, right = dict(enumerate(gold)), dict(enumerate(predicted))
    pairs = []
    for *_, g, p in sorted(touching):
        if g in left and p in right:
            pairs.append((left.pop(g).type, right.pop(p).type))
    return [*pairs, *((span.type, NONE) for span in left.values()), *((NONE, span.type) for span in right.values())]


def confusion(gold: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]) -> dict[tuple[str, str], int]:
    """Count pairs of gold and predicted types over all sentences."""
    counts: Counter[tuple[str, str]] = Counter()
    for of_gold, of_predicted in zip(gold, predicted, strict=True):
        counts.update(pair(of_gold, of_predicted))
    return dict(counts)
