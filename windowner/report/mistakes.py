"""The kind of mistake that each gold and each predicted entity is.

correct     both sides have the entity: first token, last token, type
type        both sides have the span, with another type
boundary    an entity that overlaps one of the other side, but starts or ends elsewhere
missed      a gold entity that overlaps no predicted one
spurious    a predicted entity that overlaps no gold one
"""

from collections.abc import Sequence

from windowner.runs.folder import RunFolder
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.token_spans import TokenSpan, sentence_spans

CORRECT = "correct"
MISTAKES = ("missed", "spurious", "boundary", "type")


def kinds_of(spans: Sequence[TokenSpan], others: Sequence[TokenSpan], alone: str) -> list[str]:
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
    entities = set(others)
    places = {(other.start, other.end) for other in others}
    touched = {number for number, _ in overlapping_pairs(spans, others)}

    def kind(number: int, span: TokenSpan) -> str:
        if (span.start, span.end) in places:
            return CORRECT if span in entities else "type"
        return "boundary" if number in touched else alone

    return [kind(number, span) for number, span in enumerate(spans)]


def overlapping_pairs(spans: Sequence[TokenSpan], others: Sequence[TokenSpan]) -> list[tuple[int, int]]:
    """Return the pairs of entities that share a token, as their numbers on each side.

    The entities of a side do not overlap each other. One walk over both sides therefore finds all pairs, in linear time
    after sorting: a file without blank lines is one sentence with thousands of entities.
    """
    order = sorted(range(len(spans)), key=spans.__getitem__)
    other_order = sorted(range(len(others)), key=others.__getitem__)
    pairs = []
    first = 0  # the first of the others that does not end before this entity
    for number in order:
        span = spans[number]
        while first < len(others) and others[other_order[first]].end <= span.start:
            first += 1
        following = first
        while following < len(others) and others[other_order[following]].start < span.end:
            pairs.append((number, other_order[following]))
            following += 1
    return pairs


def overlap(first: TokenSpan, second: TokenSpan) -> int:
    """Return the number of tokens that two entities share."""
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def dev_entities(run: RunFolder) -> tuple[list[list[TokenSpan]], list[list[TokenSpan]]]:
    """Return the gold entities of each sentence of dev, and the predicted ones that gold can judge.

    Gold cannot judge an entity with a token that is not annotated.
    """
    gold, predicted = ([getattr(sentence, side) for sentence in run.dev] for side in ("gold", "predicted"))
    found = sentence_spans(predicted)
    judged = [
        [span for span in spans if NOT_ANNOTATED not in tags[span.start : span.end]]
        for spans, tags in zip(found, gold, strict=True)
    ]
    return sentence_spans(gold), judged
