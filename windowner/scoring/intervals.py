"""How sure scores are: percentile intervals by the bootstrap over sentences, or over documents.

    units      the n sentences of the text, or its n documents
    resample   n units, drawn with replacement; its counts are the sums of theirs: support, predicted, correct
    rate*      precision, recall or F1 of the counts of a resample; 0 where its denominator is 0
    interval   from quantile alpha/2 to quantile 1 - alpha/2 of the rate*, where alpha = 1 - confidence

The interval covers one source of chance: another text of the same kind and the same size. It says nothing of another
training, or of text of another kind. Sentences of one document repeat each other's names, so documents are the units
where a text marks enough of them. A type that few units hold is missing in many resamples, where its rates are 0. So
its interval is wide.

Sources: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979; B. Efron and R. J.
Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13 (the percentile interval).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from windowner.arrays import Float64, Indices
from windowner.scoring.entities import match_entities
from windowner.scoring.resampling import resample_chunks

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CONFIDENCE = 0.95
"""Probability with which an interval covers its rate."""

RESAMPLES = 2_000
"""Number of resamples. With another seed, the ends of an interval of 4 points move by 0.06 points (one deviation)."""

SENTENCE, DOCUMENT = "sentence", "document"


class Interval(NamedTuple):
    """The ends of an interval, as fractions."""

    low: float
    high: float


class RateIntervals(NamedTuple):
    """The intervals of the three rates."""

    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True)
class ScoreIntervals:
    """The intervals of all scores of a text.

    Parameters
    ----------
    overall
        Those of all types together.
    types
        Those of each type that occurs on either side, sorted by name.
    unit, units
        What was drawn, `sentence` or `document`, and the number of them.
    resamples, seed
        Number of resamples, and the seed with which they were drawn.
    """

    overall: RateIntervals
    types: dict[str, RateIntervals]
    unit: str
    units: int
    resamples: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return {
            "confidence": CONFIDENCE,
            "unit": self.unit,
            "units": self.units,
            "resamples": self.resamples,
            "seed": self.seed,
            "overall": self.overall._asdict(),
            "types": {name: intervals._asdict() for name, intervals in self.types.items()},
        }


def score_intervals(
    gold: Sequence[Sequence[str]],
    predicted: Sequence[Sequence[str]],
    document_starts: Sequence[int] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ScoreIntervals:
    """Return the intervals of the scores that `score` gives to the same tags.

    Parameters
    ----------
    gold, predicted
        Tags of each sentence. Each side may be in any scheme.
    document_starts
        Numbers of the sentences that open a document. Documents are then drawn, otherwise sentences.
    resamples, seed
        Number of resamples, and the seed with which they are drawn.

    Raises
    ------
    ValueError
        If the sides differ in the number of sentences or in the length of a sentence, or a tag is unknown.
    """
    unit_of = units_of(len(gold), document_starts)
    types, counts = unit_counts(gold, predicted, unit_of)
    by_type = resampled(counts, resamples, seed).reshape(resamples, len(types), 3)
    found = {name: _rate_intervals(by_type[:, place]) for place, name in enumerate(types)}
    return ScoreIntervals(
        overall=_rate_intervals(by_type.sum(axis=1)),
        types=dict(sorted(found.items())),
        unit=DOCUMENT if len(document_starts) else SENTENCE,
        units=counts.shape[0],
        resamples=resamples,
        seed=seed,
    )


def units_of(sentences: int, document_starts: Sequence[int] = ()) -> Indices:
    """Return the unit of each sentence: its document, or the sentence itself, (sentences,).

    Sentences before the first start are a document, too.
    """
    if not len(document_starts):
        return np.arange(sentences)
    opens = np.zeros(sentences, dtype=np.intp)
    opens[[0, *document_starts]] = 1
    return np.cumsum(opens) - 1


def unit_counts(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], unit_of: Indices
) -> tuple[list[str], "csr_array"]:
    """Return the types, and the counts of each unit, (units, 3 types): support, predicted and correct of each type.

    Few types occur in a unit, so the counts are sparse.
    """
    from scipy.sparse import coo_array  # not needed where scores are printed without intervals

    matched = match_entities(gold, predicted)
    unit = np.repeat(unit_of, list(map(len, gold)))  # of each token
    found = [matched.gold, matched.predicted, matched.predicted.where(matched.correct)]
    rows = np.concatenate([unit[spans.start] for spans in found])
    columns = np.concatenate([3 * spans.type_id + place for place, spans in enumerate(found)])
    shape = (int(unit_of[-1]) + 1 if len(unit_of) else 0, 3 * len(matched.types))
    counts = coo_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    return matched.types, counts.tocsr()  # entries of the same place are added


def resampled(counts: "csr_array", resamples: int, seed: int) -> Float64:
    """Return the counts of each resample, (resamples, columns): how often each unit was drawn, times its counts."""
    rng = np.random.default_rng(seed)
    return np.concatenate([draws @ counts for draws in resample_chunks(counts.shape[0], resamples, rng)])


def _rate_intervals(counts: Float64) -> RateIntervals:
    """Return the intervals of the rates of counts, (resamples, 3)."""
    support, predicted, correct = counts.T
    rates = ((correct, predicted), (correct, support), (2 * correct, support + predicted))
    return RateIntervals(*(_interval(_ratio(part, whole)) for part, whole in rates))


def _interval(values: Float64) -> Interval:
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]).tolist()
    return Interval(low, high)


def _ratio(part: Float64, whole: Float64) -> Float64:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
