"""Label errors that are planted in a corpus, so that it is known where they are.

type        an entity has another type
boundary    an entity begins or ends one token earlier or later
removed     an entity has lost its label
invented    a span of tokens without label has one; its length is that of an entity of the corpus, and its first and
last tokens hold a letter
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from windowner.text.token_spans import TokenSpan

KINDS = ("type", "boundary", "removed", "invented")
TRIES = 1000  # draws of a place, before a kind of error is given up


class Planted(NamedTuple):
    """A planted error: its kind, the number of its sentence, and all tokens that it touches, `start` to `end`."""

    kind: str
    sentence: int
    start: int
    end: int


def plant(
    tokens: Sequence[Sequence[str]], spans: Sequence[Sequence[TokenSpan]], share: float, rng: np.random.Generator
) -> tuple[list[list[TokenSpan]], list[Planted]]:
    """Return the entities of each sentence with errors, and the errors.

    Parameters
    ----------
    tokens, spans
        The tokens and the entities of each sentence.
    share
        Number of errors, as a share of the number of entities. Each kind has the same number of errors.
    rng
        What draws.
    """
    wrong = [list(each) for each in spans]
    types = sorted({span.type for each in spans for span in each})
    owners = [number for number, each in enumerate(spans) for _ in each]
    lengths = [span.end - span.start for each in spans for span in each]
    kinds = KINDS if len(types) > 1 else KINDS[1:]
    planted: list[Planted] = []
    for number in range(round(share * len(owners))):
        kind = kinds[number % len(kinds)]
        for _ in range(TRIES):
            sentence = int(rng.integers(len(tokens))) if kind == "invented" else owners[rng.integers(len(owners))]
            taken = [error for error in planted if error.sentence == sentence]
            length = lengths[rng.integers(len(lengths))]
            change = _draw(kind, tokens[sentence], wrong[sentence], types, length, rng)
            if change is None:
                continue
            before, after = change
            touched = [span for span in (before, after) if span is not None]
            error = Planted(kind, sentence, min(s.start for s in touched), max(s.end for s in touched))
            if any(error.start <= other.end and other.start <= error.end for other in taken):
                continue
            kept = [span for span in wrong[sentence] if span != before]
            wrong[sentence] = sorted([*kept, after] if after is not None else kept)
            planted.append(error)
            break
    return wrong, planted


def _draw(
    kind: str,
    tokens: Sequence[str],
    spans: Sequence[TokenSpan],
    types: Sequence[str],
    length: int,
    rng: np.random.Generator,
) -> tuple[TokenSpan | None, TokenSpan | None] | None:
    """Draw a change of a sentence: an entity before and after it; None if what was drawn is impossible."""
    if kind == "invented":
        if len(tokens) < length:
            return None
        start = int(rng.integers(len(tokens) - length + 1))
        after = TokenSpan(start, start + length, types[int(rng.integers(len(types)))])
        lettered = all(any(map(str.isalpha, tokens[place])) for place in (start, start + length - 1))
        return (None, after) if lettered and _is_free(after, spans) else None
    if not spans:
        return None
    before = spans[int(rng.integers(len(spans)))]
    if kind == "removed":
        return before, None
    if kind == "type":
        others = [name for name in types if name != before.type]
        return before, before._replace(type=others[int(rng.integers(len(others)))])
    possible = [
        after
        for after in _moved(before)
        if 0 <= after.start < after.end <= len(tokens) and _is_free(after, [s for s in spans if s != before])
    ]
    return (before, possible[rng.integers(len(possible))]) if possible else None


def _moved(span: TokenSpan) -> Iterator[TokenSpan]:
    for step in (-1, 1):
        yield span._replace(start=span.start + step)
        yield span._replace(end=span.end + step)


def _is_free(span: TokenSpan, others: Sequence[TokenSpan]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)
