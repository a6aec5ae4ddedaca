"""The confusion matrix of entity types: which gold type a tagger takes for which other type."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from windowner.report.mistakes import dev_entities, overlap, overlapping_pairs
from windowner.runs.folder import RunFolder
from windowner.text.token_spans import TokenSpan

NONE = "none"
"""The partner of an entity that has no counterpart on the other side."""


@dataclass(frozen=True)
class Confusion:
    """A confusion matrix: one row per gold type, one column per predicted type, `NONE` last in both."""

    types: list[str]
    counts: list[list[int]]

    def share(self, row: int, column: int) -> float:
        """Return a count as a share of its row."""
        return self.counts[row][column] / max(1, sum(self.counts[row]))


def confusion_matrix(run: RunFolder) -> Confusion:
    """Count gold against predicted entity types on dev."""
    counts = count_pairs(*dev_entities(run))
    types = [*sorted({name for pair in counts for name in pair} - {NONE}), NONE]
    return Confusion(types, [[counts.get((row, column), 0) for column in types] for row in types])


def pair_entities(gold: Sequence[TokenSpan], predicted: Sequence[TokenSpan]) -> list[tuple[str, str]]:
    """Pair the gold and predicted entities of a sentence one to one, and return their types.

    Equal spans are paired first, then spans that share most tokens, then earlier ones. The partner of an entity without
    a counterpart is `NONE`.
    """
    touching = [
        (gold[g][:2] != predicted[p][:2], -overlap(gold[g], predicted[p]), g, p)
        for g, p in overlapping_pairs(gold, predicted)
    ]
    left, right = dict(enumerate(gold)), dict(enumerate(predicted))
    pairs = []
    for *_, g, p in sorted(touching):
        if g in left and p in right:
            pairs.append((left.pop(g).type, right.pop(p).type))
    return [*pairs, *((span.type, NONE) for span in left.values()), *((NONE, span.type) for span in right.values())]


def count_pairs(
    gold: Sequence[Sequence[TokenSpan]], predicted: Sequence[Sequence[TokenSpan]]
) -> dict[tuple[str, str], int]:
    """Count the pairs of gold and predicted types over all sentences."""
    counts: Counter[tuple[str, str]] = Counter()
    for sides in zip(gold, predicted, strict=True):
        counts.update(pair_entities(*sides))
    return dict(counts)
