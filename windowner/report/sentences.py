"""Sentences with their entities marked, as taggers see them beside gold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from windowner.report.mistakes import CORRECT, MISTAKES, Span, kinds_of
from windowner.report.runs import Tagged

SHOWN = 150  # sentences of a page: what a person may still look through


class Piece(NamedTuple):
    """Tokens of a sentence: an entity of a `type` and a `kind`, or, without them, what lies between entities."""

    text: str
    type: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Shown:
    """A sentence in which at least one tagger is wrong.

    Parameters
    ----------
    number
        Its place in dev, from 1.
    views
        Its pieces as gold has them, then as each tagger does, missed entities too.
    kinds
        For each tagger, the kinds of its mistakes here, in the order of `MISTAKES`.
    """

    number: int
    views: list[list[Piece]]
    kinds: list[list[str]]


def mark(tokens: Sequence[str], spans: Sequence[Span], kinds: Sequence[str]) -> list[Piece]:
    """Cut a sentence into pieces, each an entity or what lies between two; entities do not overlap."""
    pieces: list[Piece] = []
    place = 0
    for span, kind in sorted(zip(spans, kinds, strict=True)):
        if span.start > place:
            pieces.append(Piece(" ".join(tokens[place : span.start])))
        pieces.append(Piece(" ".join(tokens[span.start : span.end]), span.type, kind))
        place = span.end
    if place < len(tokens):
        pieces.append(Piece(" ".join(tokens[place:])))
    return pieces


def view(tokens: Sequence[str], gold: Sequence[Span], predicted: Sequence[Span]) -> tuple[list[Piece], list[str]]:
    """Return a sentence as a tagger sees it, with what it missed, and the kind of each mistake in it."""
    missed = [span for span, kind in zip(gold, kinds_of(gold, predicted, "missed"), strict=True) if kind == "missed"]
    kinds = [*kinds_of(predicted, gold, "spurious"), *("missed" for _ in missed)]
    return mark(tokens, [*predicted, *missed], kinds), [kind for kind in kinds if kind != CORRECT]


def wrong_sentences(
    sentences: Sequence[Tagged], gold: Sequence[Sequence[Span]], taggers: Sequence[Sequence[Sequence[Span]]]
) -> list[Shown]:
    """Return the sentences in which a tagger is wrong, in order.

    Parameters
    ----------
    sentences
        Dev.
    gold
        The entities of each sentence.
    taggers
        For each tagger, the entities that it found in each sentence.
    """
    found = []
    for index, sentence in enumerate(sentences):
        seen = [view(sentence.tokens, gold[index], predicted[index]) for predicted in taggers]
        if any(mistakes for _, mistakes in seen):
            reference = mark(sentence.tokens, gold[index], [CORRECT] * len(gold[index]))
            kinds = [[kind for kind in MISTAKES if kind in mistakes] for _, mistakes in seen]
            found.append(Shown(index + 1, [reference, *(pieces for pieces, _ in seen)], kinds))
    return found


def choose(sentences: Sequence[Shown], count: int = SHOWN) -> list[Shown]:
    """Return at most `count` sentences, in order: those on which taggers differ in being right come first."""
    by_interest = sorted(sentences, key=lambda sentence: all(sentence.kinds))
    return sorted(by_interest[:count], key=lambda sentence: sentence.number)


def count_kinds(gold: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]) -> dict[str, int]:
    """Count a tagger's mistakes by kind: gold entities for `missed`, predicted ones for the others."""
    counts: Counter[str] = Counter()
    for of_gold, of_predicted in zip(gold, predicted, strict=True):
        counts.update(kinds_of(of_predicted, of_gold, "spurious"))
        counts["missed"] += kinds_of(of_gold, of_predicted, "missed").count("missed")
    return {kind: counts[kind] for kind in MISTAKES}
