"""Sentences of dev in which taggers are wrong, with gold and predicted entities marked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from windowner.markup.marks import Mark, Piece, cut, token_marks
from windowner.report.mistakes import CORRECT, MISTAKES, dev_entities, kinds_of
from windowner.runs.folder import RunFolder
from windowner.runs.predictions import TaggedSentence
from windowner.tagger.explanation import Explanation
from windowner.text.token_spans import TokenSpan

SHOWN = 150  # sentences of a page, about as many as people look through


@dataclass(frozen=True)
class WrongSentence:
    """A sentence in which at least one tagger is wrong.

    Parameters
    ----------
    number
        Its place in dev, from 1.
    views
        Its pieces with gold entities, then with the entities of each tagger and those that the tagger missed.
    kinds
        For each tagger, the kinds of its mistakes here, in the order of `MISTAKES`.
    reasons
        Why the only tagger made each of its mistakes, in the order of the text. None where that is not shown.
    """

    number: int
    views: list[list[Piece]]
    kinds: list[list[str]]
    reasons: list[Explanation | None] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        """For each reason, its place on the page; "" where there is none."""
        return [f"why-{self.number}-{place}" if found else "" for place, found in enumerate(self.reasons, start=1)]

    @property
    def explained(self) -> list[tuple[str, Explanation]]:
        """The reasons that are shown, with their places."""
        return [(target, found) for target, found in zip(self.targets, self.reasons, strict=True) if found]


@dataclass(frozen=True)
class Mistakes:
    """The mistakes of taggers on dev.

    Parameters
    ----------
    shown
        The wrong sentences that a page shows.
    wrong, sentences
        The number of wrong sentences, and of all sentences.
    counts
        For each tagger, by its label, the number of mistakes of each kind.
    note
        What a reader of the reasons has to know.
    """

    shown: list[WrongSentence]
    wrong: int
    sentences: int
    counts: dict[str, dict[str, int]]
    note: str = ""

    @property
    def has_reasons(self) -> bool:
        """Whether the reason of any mistake is shown."""
        return any(sentence.explained for sentence in self.shown)


def mistakes_on_dev(runs: Mapping[str, RunFolder]) -> Mistakes:
    """Return the mistakes of runs that have the same dev; `runs` holds them by label."""
    first = next(iter(runs.values()))
    gold, _ = dev_entities(first)
    predicted = {label: dev_entities(run)[1] for label, run in runs.items()}
    wrong = wrong_sentences(first.dev, gold, list(predicted.values()))
    counts = {label: count_kinds(gold, entities) for label, entities in predicted.items()}
    return Mistakes(choose(wrong), len(wrong), len(gold), counts)


def mark(tokens: Sequence[str], spans: Sequence[TokenSpan], kinds: Sequence[str]) -> list[Piece]:
    """Cut a sentence into entities and the text between them."""
    return cut(*token_marks(tokens, [Mark(*span, kind) for span, kind in zip(spans, kinds, strict=True)]))


def marked_spans(gold: Sequence[TokenSpan], predicted: Sequence[TokenSpan]) -> list[tuple[TokenSpan, str]]:
    """Return a tagger's entities and those that it missed, in the order of the text, each with its kind."""
    missed = [span for span, kind in zip(gold, kinds_of(gold, predicted, "missed"), strict=True) if kind == "missed"]
    found = zip(predicted, kinds_of(predicted, gold, "spurious"), strict=True)
    return sorted([*found, *((span, "missed") for span in missed)])


def view(
    tokens: Sequence[str], gold: Sequence[TokenSpan], predicted: Sequence[TokenSpan]
) -> tuple[list[Piece], list[str]]:
    """Return a sentence with a tagger's entities and those it missed, and the kind of each of its mistakes."""
    marked = marked_spans(gold, predicted)
    kinds = [kind for _, kind in marked]
    return mark(tokens, [span for span, _ in marked], kinds), [kind for kind in kinds if kind != CORRECT]


def wrong_sentences(
    sentences: Sequence[TaggedSentence],
    gold: Sequence[Sequence[TokenSpan]],
    taggers: Sequence[Sequence[Sequence[TokenSpan]]],
) -> list[WrongSentence]:
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
    wrong = []
    for index, sentence in enumerate(sentences):
        views = [view(sentence.tokens, gold[index], predicted[index]) for predicted in taggers]
        if any(mistakes for _, mistakes in views):
            reference = mark(sentence.tokens, gold[index], [CORRECT] * len(gold[index]))
            kinds = [[kind for kind in MISTAKES if kind in mistakes] for _, mistakes in views]
            wrong.append(WrongSentence(index + 1, [reference, *(pieces for pieces, _ in views)], kinds))
    return wrong


def choose(sentences: Sequence[WrongSentence], count: int = SHOWN) -> list[WrongSentence]:
    """Return at most `count` sentences, in order. Sentences that some taggers get right are chosen first."""
    by_interest = sorted(sentences, key=lambda sentence: all(sentence.kinds))
    return sorted(by_interest[:count], key=lambda sentence: sentence.number)


def count_kinds(gold: Sequence[Sequence[TokenSpan]], predicted: Sequence[Sequence[TokenSpan]]) -> dict[str, int]:
    """Count a tagger's mistakes by kind: gold entities for `missed`, predicted entities for the other kinds."""
    counts: Counter[str] = Counter()
    for in_gold, in_predicted in zip(gold, predicted, strict=True):
        counts.update(kinds_of(in_predicted, in_gold, "spurious"))
        counts["missed"] += kinds_of(in_gold, in_predicted, "missed").count("missed")
    return {kind: counts[kind] for kind in MISTAKES}
