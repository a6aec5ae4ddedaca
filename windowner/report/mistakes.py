"""The kind of mistake that each gold and each predicted entity is.

correct     both sides have the entity: first token, last token, type
type        both sides have the span, with another type
boundary    an entity that overlaps one of the other side, but starts or ends elsewhere
missed      a gold entity that overlaps no predicted one
spurious    a predicted entity that overlaps no gold one
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from windowner.runs.folder import RunFolder
from windowner.text.spans import encode_tags

CORRECT = "correct"
MISTAKES = ("missed", "spurious", "boundary", "type")


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
    """Return the kind of each entity of one side, gold or predicted.

    Parameters
    ----------
    spans
        The entities of one side in one sentence.
    others
        The entities of the other side in that sentence.
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


def overlap(first: Span, second: Span) -> int:
    """Return the number of tokens that two entities share."""
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def dev_entities(run: RunFolder) -> tuple[list[list[Span]], list[list[Span]]]:
    """Return the gold entities of each sentence of dev, and the predicted ones."""
    gold, predicted = ([getattr(sentence, side) for sentence in run.dev] for side in ("gold", "predicted"))
    return sentence_spans(gold), sentence_spans(predicted)
