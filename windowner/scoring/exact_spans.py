"""Scores of spans of characters, as text with spans has them: exact spans are counted.

A span is correct if start, end and label are those of a gold span. Gold spans may be nested. Tags give no two spans
that overlap, so a tagger cannot find all of them, and those that it cannot find count as missed. A predicted span
with a token that is not annotated is not counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from windowner.markup.filling import for_notebook
from windowner.scoring.entities import PRF
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.conversion import sentences_of
from windowner.text.document import Document, Span
from windowner.text.tokenizers import find_tokenizer


@dataclass(frozen=True)
class SpanScores:
    """Scores of spans of characters.

    Parameters
    ----------
    overall
        Counts of all labels together.
    types
        Counts of each label that occurs on either side, sorted by name.
    documents
        Number of texts.
    nested
        Number of gold spans that overlap a longer one. No sequence of tags gives both.
    """

    overall: PRF
    types: dict[str, PRF]
    documents: int
    nested: int

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        return for_notebook("scores_fragment.html", {"scores": {"": self}, "head": ""})

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return {
            "documents": self.documents,
            "nested": self.nested,
            "overall": self.overall.as_dict(),
            "types": {name: counts.as_dict() for name, counts in self.types.items()},
        }


def score_spans(gold: Sequence[Document], predicted: Sequence[Iterable[Span]]) -> SpanScores:
    """Score predicted spans of characters against those of documents.

    Parameters
    ----------
    gold
        Documents with spans.
    predicted
        Spans of the same texts, in the same order.

    Raises
    ------
    ValueError
        If the sides differ in the number of texts.
    DataError
        If a gold span is outside of its text.
    """
    support: Counter[str] = Counter()
    found: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    changed = AlignmentCounts()
    for document, spans in zip(gold, predicted, strict=True):
        judged = (span for span in spans if not any(span.start <= place < span.end for place in document.not_annotated))
        expected, given = Counter(map(_place, document.spans or [])), Counter(map(_place, judged))
        for total, counts in ((support, expected), (found, given), (correct, expected & given)):
            for (_, _, label), number in counts.items():
                total[label] += number
        sentences_of(document, find_tokenizer("white-space"), counts=changed)
    types = {name: PRF(support[name], found[name], correct[name]) for name in sorted(support | found)}
    overall = PRF(support.total(), found.total(), correct.total())
    return SpanScores(overall, types, len(gold), changed.overlapping)


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label
