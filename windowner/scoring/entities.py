"""Entity precision, recall and F1 as conlleval (version 2004-01-26) counts them.

    precision = correct / predicted      recall = correct / support      F1 = 2 * correct / (support + predicted)

`support` counts the gold entities, `predicted` those of the tagger, `correct` those in both with the same first token,
last token and type. What divides by zero is 0. Entities are compared, not tags, so the two sides may be written in
different schemes; `windowner.text.spans` says where an entity starts and ends.

Source: E. F. Tjong Kim Sang and F. De Meulder, "Introduction to the CoNLL-2003 Shared Task", CoNLL 2003.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from windowner.arrays import Bools
from windowner.text.spans import Spans, encode_tags


@dataclass(frozen=True)
class PRF:
    """Entity counts of both sides, and the precision, recall and F1 they make, as fractions.

    Parameters
    ----------
    support
        Gold entities.
    predicted
        Entities of the tagger.
    correct
        Entities in both.
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
        """Precision, recall, F1 and support, for JSON."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1, "support": self.support}


@dataclass(frozen=True)
class Scores:
    """How well a corpus was tagged.

    Parameters
    ----------
    overall
        All types together.
    types
        Each type that occurs on either side, sorted by name.
    accuracy
        Share of tokens whose tag, prefix and type, is the gold one. Most tokens are `O`, so it flatters.
    tokens, sentences
        Size of the corpus.
    """

    overall: PRF
    types: dict[str, PRF]
    accuracy: float
    tokens: int
    sentences: int

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "tokens": self.tokens,
            "sentences": self.sentences,
            "accuracy": self.accuracy,
            "overall": self.overall.as_dict(),
            "types": {name: counts.as_dict() for name, counts in self.types.items()},
        }


def score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Scores:
    """Score predicted tags against gold tags.

    Parameters
    ----------
    gold, predicted
        Tags, sentence by sentence, each side in any scheme.

    Raises
    ------
    ValueError
        If the two sides differ in the number of sentences or in the length of one, or a tag is unknown.
    """
    _check_lengths(gold, predicted)
    gold_tags = encode_tags(gold)
    predicted_tags = encode_tags(predicted, gold_tags.types)
    names = predicted_tags.types  # the gold side's types first, so ids agree
    gold_spans, predicted_spans = gold_tags.spans(), predicted_tags.spans()
    correct_types = predicted_spans.type_id[find_correct(gold_spans, predicted_spans)]
    counts = [
        np.bincount(type_ids, minlength=len(names)).tolist()
        for type_ids in (gold_spans.type_id, predicted_spans.type_id, correct_types)
    ]
    by_type = {name: PRF(*of_type) for name, *of_type in zip(names, *counts, strict=True)}
    equal = (gold_tags.prefixes == predicted_tags.prefixes) & (gold_tags.type_ids == predicted_tags.type_ids)
    return Scores(
        overall=PRF(*map(sum, counts)),
        types={name: by_type[name] for name in sorted(by_type)},
        accuracy=_ratio(int(equal.sum()), len(equal)),
        tokens=len(equal),
        sentences=len(gold),
    )


def entity_f1(gold: Spans, predicted: Spans) -> float:
    """F1 of entities that were found already, with type ids of one numbering; cheap enough for every epoch."""
    return PRF(len(gold.start), len(predicted.start), int(find_correct(gold, predicted).sum())).f1


def find_correct(gold: Spans, predicted: Spans) -> Bools:
    """Say which predicted entities are gold ones too, (predicted entities,)."""
    # Entities of one side never overlap, so at most one gold entity starts where a predicted one does.
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
