"""Entity precision, recall and F1 as conlleval (version 2004-01-26) counts them.

    precision = correct / predicted      recall = correct / support      F1 = 2 * correct / (support + predicted)

`support` is the number of gold entities, `predicted` the number of the tagger's entities, and `correct` the number of
entities that both have, with the same first token, last token and type. A rate is 0 where its denominator is 0.
Entities are compared, not tags, so the tag schemes of the two sides may differ. `windowner.text.spans` says where an
entity starts and ends. A predicted entity with a token that is not annotated in gold is not counted, because nothing
says whether it is right.

Source: E. F. Tjong Kim Sang and F. De Meulder, "Introduction to the CoNLL-2003 Shared Task", CoNLL 2003.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from windowner.arrays import Bools
from windowner.markup.filling import for_notebook
from windowner.text.spans import EncodedTags, Spans, encode_tags

RATES = ("precision", "recall", "f1")
"""The rates of entities, by the names that files and attributes have."""


@dataclass(frozen=True)
class PRF:
    """Counts of entities, and their precision, recall and F1 as fractions.

    Parameters
    ----------
    support
        Number of gold entities.
    predicted
        Number of the tagger's entities.
    correct
        Number of entities that are both.
    """

    support: int
    predicted: int
    correct: int

    @property
    def precision(self) -> float:
        """Share of the predicted entities that are correct."""
        return _ratio(self.correct, self.predicted)

    @property
    def recall(self) -> float:
        """Share of the gold entities that are found."""
        return _ratio(self.correct, self.support)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.correct, self.support + self.predicted)

    def as_dict(self) -> dict[str, float]:
        """Return precision, recall, F1 and support, for JSON."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, "support": self.support}


@dataclass(frozen=True)
class Scores:
    """Scores of a tagged corpus.

    Parameters
    ----------
    overall
        Counts of all types together.
    types
        Counts of each type that occurs on either side, sorted by name.
    accuracy
        Share of tokens with the gold prefix and the gold type. It is high for any tagger, because most tokens are `O`.
    tokens, sentences
        Size of the corpus. Tokens that are not annotated are left out.
    not_annotated
        Number of tokens that are not annotated.
    """

    overall: PRF
    types: dict[str, PRF]
    accuracy: float
    tokens: int
    sentences: int
    not_annotated: int = 0

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        return for_notebook("scores_fragment.html", {"scores": {"": self}, "head": ""})

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return {
            "tokens": self.tokens,
            "sentences": self.sentences,
            **({"not_annotated": self.not_annotated} if self.not_annotated else {}),
            "accuracy": self.accuracy,
            "overall": self.overall.as_dict(),
            "types": {name: counts.as_dict() for name, counts in self.types.items()},
        }


class Matched(NamedTuple):
    """Entities of both sides, which share their type ids.

    Parameters
    ----------
    types
        Names of the types of both sides.
    gold, predicted
        The entities. Predicted ones that gold cannot judge are left out.
    correct
        Whether each predicted entity is a gold one, (predicted entities,).
    gold_tags, predicted_tags
        The tags.
    """

    types: list[str]
    gold: Spans
    predicted: Spans
    correct: Bools
    gold_tags: EncodedTags
    predicted_tags: EncodedTags


def match_entities(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Matched:
    """Return the entities of both sides, and which predicted ones are correct; see `score`."""
    _check_lengths(gold, predicted)
    gold_tags = encode_tags(gold)
    predicted_tags = encode_tags(predicted, gold_tags.types)
    gold_spans, predicted_spans = gold_tags.spans(), predicted_tags.spans()
    predicted_spans = predicted_spans.where(gold_tags.judge(predicted_spans))
    correct = find_correct(gold_spans, predicted_spans)
    # The gold side's types come first, so the type ids agree.
    return Matched(predicted_tags.types, gold_spans, predicted_spans, correct, gold_tags, predicted_tags)


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Scores:
    """Score predicted tags against gold tags.

    Parameters
    ----------
    gold, predicted
        Tags of each sentence. Each side may be in any scheme.

    Raises
    ------
    ValueError
        If the sides differ in the number of sentences or in the length of a sentence, or a tag is unknown.
    """
    matched = match_entities(gold, predicted)
    names, gold_tags, predicted_tags = matched.types, matched.gold_tags, matched.predicted_tags
    correct_types = matched.predicted.type_id[matched.correct]
    support, found, correct = (
        np.bincount(type_ids, minlength=len(names)).tolist()
        for type_ids in (matched.gold.type_id, matched.predicted.type_id, correct_types)
    )
    types = {name: PRF(support[i], found[i], correct[i]) for i, name in enumerate(names)}
    equal = (gold_tags.prefixes == predicted_tags.prefixes) & (gold_tags.type_ids == predicted_tags.type_ids)
    equal = equal[~gold_tags.not_annotated]
    return Scores(
        overall=PRF(sum(support), sum(found), sum(correct)),
        types=dict(sorted(types.items())),
        accuracy=_ratio(int(equal.sum()), len(equal)),
        tokens=len(equal),
        sentences=len(gold),
        not_annotated=int(gold_tags.not_annotated.sum()),
    )


def entity_f1(gold: EncodedTags, predicted: Spans) -> float:
    """Return F1 of entities whose type ids agree with those of gold tags. It is fast enough for every epoch."""
    spans, predicted = gold.spans(), predicted.where(gold.judge(predicted))
    return PRF(len(spans.start), len(predicted.start), int(find_correct(spans, predicted).sum())).f1


def find_correct(gold: Spans, predicted: Spans) -> Bools:
    """Return whether each predicted entity is also a gold one, (predicted entities,)."""
    # Entities of one side never overlap, so no two of them start at the same token.
    _, in_gold, in_predicted = np.intersect1d(gold.start, predicted.start, assume_unique=True, return_indices=True)
    correct = np.zeros(len(predicted.start), dtype=np.bool_)
    same_end = gold.end[in_gold] == predicted.end[in_predicted]
    correct[in_predicted] = same_end & (gold.type_id[in_gold] == predicted.type_id[in_predicted])
    return correct


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _check_lengths(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> None:
    if len(gold) != len(predicted):
        raise ValueError(f"{len(predicted)} predicted sentences, expected {len(gold)} as in gold")
    for index, (gold_sentence, predicted_sentence) in enumerate(zip(gold, predicted, strict=True)):
        if len(gold_sentence) != len(predicted_sentence):
            raise ValueError(
                f"sentence {index}: {len(predicted_sentence)} predicted tags, expected {len(gold_sentence)} as in gold"
            )
