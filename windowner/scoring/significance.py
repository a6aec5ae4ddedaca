"""Is one setting better than another, or is the difference chance? A paired bootstrap over seeds and sentences.

Two settings, A and B, are trained with the same n seeds and tag the same S sentences.

    F1(A, s)  = 2 sum_i correct_i / (sum_i support_i + sum_i predicted_i)     A trained with seed s, over sentences i
    d         = mean_s [F1(B, s) - F1(A, s)]                                  the difference
    d*        = d of a resample: S sentences and n - 1 seeds, drawn with replacement
    interval  = from quantile alpha/2 to quantile 1 - alpha/2 of the d*, where alpha = 1 - confidence
    p         = min(1, 2 (1 + min(#[d* <= 0], #[d* >= 0])) / (1 + resamples))

The resamples are paired. Each one takes the same sentences for both settings and all seeds, and each drawn seed stands
for the training of A and the training of B with that seed. Therefore a hard sentence or a lucky seed changes both
settings alike and cancels in the difference.

The interval covers two sources of chance: another test text, and other seeds. With one seed it covers the text alone.
The p-value is below alpha when the interval excludes zero.

A resample has n - 1 seeds, because n draws from n seeds would understate the variance between seeds by the factor
(n - 1) / n (Rao and Wu). With n = 1 that one seed is drawn. An effect of a single seed on a single sentence is counted
twice, once with the seeds and once with the sentences (Owen). The interval is therefore rather too wide than too
narrow, except with few seeds that differ more than sentences do.

Sources: P. Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004 (sentences);
A. B. Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007 (two factors that cross);
J. N. K. Rao and C. F. J. Wu, "Resampling inference with complex survey data", JASA 1988 (n - 1 draws).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from windowner.arrays import Float64
from windowner.scoring.entities import match_entities
from windowner.scoring.resampling import CHUNK, count_draws

RESAMPLES = 10_000

Counts = npt.NDArray[np.int64]
Values = Float64


@dataclass(frozen=True)
class PairedDifference:
    """F1 of the second setting minus F1 of the first.

    Parameters
    ----------
    value
        The difference, as a fraction.
    low, high
        Ends of its interval.
    p
        Its p-value.
    seeds
        Number of seeds.
    """

    value: float
    low: float
    high: float
    p: float
    seeds: int


def sentence_counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Counts:
    """Return the numbers of gold, predicted and correct entities of each sentence, (sentences, 3).

    Raises
    ------
    ValueError
        If the lengths of the sentences differ between the two sides, or a tag is unknown.
    """
    matched = match_entities(gold, predicted)
    sentence = np.repeat(np.arange(len(gold)), list(map(len, gold)))  # of each token
    spans = (matched.gold, matched.predicted, matched.predicted.where(matched.correct))
    return np.stack([np.bincount(sentence[each.start], minlength=len(gold)) for each in spans], axis=1)


def paired_difference(
    first: Counts, second: Counts, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> PairedDifference:
    """Compare two settings by their counts. On no sentences the difference is 0, and so are the ends of its interval.

    Parameters
    ----------
    first, second
        Counts of both settings, (n seeds, S sentences, 3), each row as `sentence_counts` returns it. Seeds and
        sentences are the same for both, in the same order.
    confidence
        Probability with which the interval covers the difference.
    resamples, seed
        Number of resamples, and the seed with which they are drawn.

    Raises
    ------
    ValueError
        If the counts have other shapes, or there is no seed.
    """
    if first.shape != second.shape or first.ndim != 3 or first.shape[-1] != 3 or not len(first):
        raise ValueError(
            f"counts of shapes {first.shape} and {second.shape}, expected both (seeds, sentences, 3) with a seed"
        )
    rng = np.random.default_rng(seed)
    draws = [_draw(first, second, min(CHUNK, resamples - done), rng) for done in range(0, resamples, CHUNK)]
    drawn = np.concatenate(draws)
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2]).tolist()
    beyond = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    p = min(1.0, 2 * (1 + beyond) / (1 + resamples))
    value = float((f1(second.sum(axis=1)) - f1(first.sum(axis=1))).mean())
    return PairedDifference(value, low, high, p, len(first))


def f1(counts: npt.NDArray[np.floating | np.integer]) -> Values:
    """Return F1 of counts (..., 3); it is 0 where there are neither gold nor predicted entities."""
    support, predicted, correct = np.moveaxis(np.asarray(counts, dtype=np.float64), -1, 0)
    total = support + predicted
    values: Values = np.divide(2 * correct, total, out=np.zeros_like(total), where=total > 0)
    return values


def _draw(first: Counts, second: Counts, resamples: int, rng: np.random.Generator) -> Values:
    """Return d* of each resample, (resamples,)."""
    seeds, sentences, _ = first.shape
    sentence_draws = count_draws(sentences, sentences, resamples, rng)
    # The counts of a resample are a product: how often each sentence was drawn, times the counts of the sentence.
    counts = np.stack([first, second]).transpose(2, 0, 1, 3).reshape(sentences, 2 * seeds * 3).astype(np.float64)
    scores = f1((sentence_draws @ counts).reshape(resamples, 2, seeds, 3))
    drawn_seeds = max(1, seeds - 1)
    seed_weights = count_draws(seeds, drawn_seeds, resamples, rng) / drawn_seeds
    differences: Values = ((scores[:, 1] - scores[:, 0]) * seed_weights).sum(axis=1)
    return differences
