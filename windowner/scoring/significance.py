"""Is one setting better than another, or was it luck? A paired bootstrap over seeds and sentences.

    F1(A, s)  = 2 sum_i correct_i / (sum_i support_i + sum_i predicted_i)     setting A trained with seed s, sentences i
    d         = mean_s [F1(B, s) - F1(A, s)]
    d*        = the same, of S sentences and n - 1 seeds (1 of 1) drawn with replacement
    interval  = the quantiles alpha/2 and 1 - alpha/2 of d*, alpha = 1 - confidence
    p         = min(1, 2 (1 + min(#[d* <= 0], #[d* >= 0])) / (1 + resamples))

A draw takes the same sentences for both settings and all seeds, and with a seed both of its trainings: what makes a
sentence hard, or a seed lucky, falls out of the difference. The interval so holds both reasons for which another try
would come out otherwise, another text and another seed; with one seed, the text alone. The p-value is below alpha
where the interval leaves zero out. Of n seeds n - 1 are drawn, since n would understate their spread by n - 1 to n in
the variance (Rao and Wu). What is peculiar to single trainings of single sentences is counted with both, and overstated
(Owen), so that the interval is wide rather than narrow, unless seeds are few and spread more than sentences do.

Sources: P. Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004 (sentences);
A. B. Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007 (two factors that cross);
J. N. K. Rao and C. F. J. Wu, "Resampling inference with complex survey data", JASA 1988 (n - 1 of few).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from windowner.arrays import Float64
from windowner.scoring.entities import find_correct
from windowner.text.spans import encode_tags

RESAMPLES = 10_000
AT_ONCE = 500  # resamples in memory at a time

Counts = npt.NDArray[np.int64]
Values = Float64


@dataclass(frozen=True)
class PairedDifference:
    """By how much F1 of the second setting is higher, a fraction; its interval and p-value; seeds that were paired."""

    value: float
    low: float
    high: float
    p: float
    seeds: int


def sentence_counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Counts:
    """Count gold entities, predicted ones and correct ones of each sentence, (sentences, 3)."""
    gold_tags = encode_tags(gold)
    predicted_tags = encode_tags(predicted, gold_tags.types)  # ids of one numbering
    lengths = [list(map(len, side)) for side in (gold, predicted)]
    if lengths[0] != lengths[1]:
        raise ValueError("the two sides differ in their sentences' lengths")
    gold_spans, predicted_spans = gold_tags.spans(), predicted_tags.spans()
    sentence = np.repeat(np.arange(len(gold)), lengths[0])  # of each token
    right = find_correct(gold_spans, predicted_spans)
    starts = (gold_spans.start, predicted_spans.start, predicted_spans.start[right])
    return np.stack([np.bincount(sentence[start], minlength=len(gold)) for start in starts], axis=1)


def paired_difference(
    first: Counts, second: Counts, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> PairedDifference:
    """Compare two settings by their counts.

    Parameters
    ----------
    first, second
        Counts of both settings, (n seeds, S sentences, 3), as `sentence_counts` returns them: with the same seeds in
        the same order, on the same sentences.
    confidence
        Probability that the interval is to hold the difference.
    resamples, seed
        How many draws, and the seed that makes them.
    """
    if first.shape != second.shape or first.ndim != 3 or first.shape[-1] != 3:
        raise ValueError(f"counts of shapes {first.shape} and {second.shape}, expected both (seeds, sentences, 3)")
    rng = np.random.default_rng(seed)
    draws = [_draw(first, second, min(AT_ONCE, resamples - done), rng) for done in range(0, resamples, AT_ONCE)]
    drawn = np.concatenate(draws)
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2]).tolist()
    beyond = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (1 + beyond) / (1 + resamples))
    value = float((f1(second.sum(axis=1)) - f1(first.sum(axis=1))).mean())
    return PairedDifference(value, low, high, p, len(first))


def f1(counts: npt.NDArray[np.floating | np.integer]) -> Values:
    """Return F1 of counts (..., 3); what divides by zero is 0."""
    support, predicted, correct = np.moveaxis(np.asarray(counts, dtype=np.float64), -1, 0)
    both = support + predicted
    values: Values = np.divide(2 * correct, both, out=np.zeros_like(both), where=both > 0)
    return values


def _draw(first: Counts, second: Counts, resamples: int, rng: np.random.Generator) -> Values:
    """Return d* of so many resamples, (resamples,)."""
    seeds, sentences, _ = first.shape
    times = _times(sentences, sentences, resamples, rng)
    # Counts of a resample are a product: how often each sentence was drawn, times its counts.
    both = np.stack([first, second]).transpose(2, 0, 1, 3).reshape(sentences, -1).astype(np.float64)
    scores = f1((times @ both).reshape(resamples, 2, seeds, 3))
    few = max(1, seeds - 1)
    share = _times(seeds, few, resamples, rng) / few
    differences: Values = ((scores[:, 1] - scores[:, 0]) * share).sum(axis=1)
    return differences


def _times(size: int, draws: int, resamples: int, rng: np.random.Generator) -> Values:
    """Draw so many of `size` things with replacement, and count how often each was drawn, (resamples, size)."""
    drawn = rng.integers(size, size=(resamples, draws)) + size * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * size).reshape(resamples, size).astype(np.float64)
