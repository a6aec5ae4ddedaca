"""The paired bootstrap against its formula computed plainly, scipy, and data of which the answer is known."""

import numpy as np
import pytest
from scipy import stats

from windowner.scoring import significance
from windowner.scoring.entities import score
from windowner.scoring.significance import PairedDifference, f1, paired_difference, sentence_counts

GOLD = [["B-PER", "I-PER", "O"], ["O", "O"], ["B-LOC", "B-LOC"]]
FOUND = [["B-PER", "I-PER", "O"], ["B-LOC", "O"], ["B-LOC", "I-LOC"]]


def drawn_counts(seed, seeds=3, sentences=60, better=0.0):
    """Draw counts of two settings, the second of which finds a share `better` of what the first misses."""
    rng = np.random.default_rng(seed)
    support = rng.integers(0, 4, size=sentences)
    first = np.stack([np.stack([support, support, rng.binomial(support, 0.6)], axis=1) for _ in range(seeds)])
    second = first.copy()
    second[..., 2] += rng.binomial(first[..., 0] - first[..., 2], better)
    return first, second


def test_entities_are_counted_by_sentence():
    assert sentence_counts(GOLD, FOUND).tolist() == [[1, 1, 1], [0, 1, 0], [2, 1, 0]]


def test_sums_of_counts_are_the_scores():
    total = sentence_counts(GOLD, FOUND).sum(axis=0)
    assert f1(total) == pytest.approx(score(GOLD, FOUND).overall.f1)


def test_f1_of_nothing_is_zero():
    assert f1(np.zeros((2, 3))).tolist() == [0.0, 0.0]


def test_both_sides_have_the_same_sentences():
    with pytest.raises(ValueError, match="sentence 0: 1 predicted tags, expected 3"):
        sentence_counts(GOLD, [["O"], ["O"], ["O"]])


def test_settings_have_the_same_shape():
    first, second = drawn_counts(0)
    with pytest.raises(ValueError, match="shapes"):
        paired_difference(first, second[:2])


def test_without_a_seed_nothing_can_be_compared():
    first, second = drawn_counts(0)
    with pytest.raises(ValueError, match="expected both \\(seeds, sentences, 3\\) with a seed"):
        paired_difference(first[:0], second[:0])


def test_on_no_sentences_nothing_differs():
    first, second = drawn_counts(0)
    assert paired_difference(first[:, :0], second[:, :0]) == PairedDifference(0.0, 0.0, 0.0, 1.0, 3)


def test_it_is_the_formula_computed_plainly():
    """Loops over resamples drawn by another generator: interval and p-value agree within the noise of 4,000 draws."""
    first, second = drawn_counts(1, better=0.08)
    rng = np.random.default_rng(99)
    drawn = []
    for _ in range(4000):
        sentences = rng.choice(60, size=60)
        seeds = rng.choice(3, size=2)
        both = []
        for counts in (first, second):
            sums = [counts[seed][sentences].sum(axis=0) for seed in seeds]
            both.append(np.mean([2 * correct / (support + predicted) for support, predicted, correct in sums]))
        drawn.append(both[1] - both[0])
    found = paired_difference(first, second)
    assert [found.low, found.high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.003)
    assert found.value == pytest.approx(np.mean(drawn), abs=0.003)
    assert found.seeds == 3


def test_with_one_seed_it_is_scipys_paired_bootstrap():
    first, second = drawn_counts(2, seeds=1, better=0.1)

    def difference(drawn):
        (support, predicted, correct), (_, others, right) = (side[0][drawn].sum(axis=0) for side in (first, second))
        return 2 * right / (support + others) - 2 * correct / (support + predicted)

    rng = np.random.default_rng(3)
    oracle = stats.bootstrap(
        (np.arange(60),), difference, method="percentile", n_resamples=5000, vectorized=False, rng=rng
    )
    found = paired_difference(first, second)
    assert [found.low, found.high] == pytest.approx([*oracle.confidence_interval], abs=0.004)


def test_it_knows_a_difference_and_none():
    same = paired_difference(*drawn_counts(4))
    better = paired_difference(*drawn_counts(4, better=0.5))
    worse = paired_difference(*drawn_counts(4, better=0.5)[::-1])
    assert (same.value, same.p) == (0.0, 1.0)
    assert better.low > 0.05
    assert better.p < 0.001
    assert (worse.value, worse.high < 0) == (-better.value, True)


def test_where_nothing_differs_it_seldom_says_so():
    """Both settings of 5 seeds are drawn alike, 150 times: an interval of 90 % leaves out zero in a tenth of them.

    More than 27 of 150 would be 3.3 standard deviations too many.
    """
    rng = np.random.default_rng(5)
    false_alarms = 0
    for _ in range(150):
        support = rng.integers(0, 4, size=50)
        hard = rng.beta(2, 2, size=50)  # what makes a sentence hard is shared by all seeds
        correct = rng.binomial(support, hard, size=(2, 5, 50))
        first, second = np.stack([np.broadcast_to(support, correct.shape)] * 2 + [correct], axis=-1)
        found = paired_difference(first, second, confidence=0.9, resamples=500)
        false_alarms += found.low > 0 or found.high < 0
    assert false_alarms <= 27


def test_the_spread_of_seeds_alone_is_that_of_their_mean():
    """One sentence that counts: d* has the variance s^2 / n of a mean of n, within the noise of 10,000 draws."""
    rng = np.random.default_rng(6)
    correct = rng.integers(300, 700, size=(2, 4, 1))
    first, second = np.stack([np.full(correct.shape, 1000)] * 2 + [correct], axis=-1)
    differences = (correct[1] - correct[0])[:, 0] / 1000
    drawn = np.concatenate([significance._draw(first, second, 500, rng) for _ in range(20)])
    assert drawn.var() == pytest.approx(differences.var(ddof=1) / 4, rel=0.05)


def test_p_is_small_just_where_the_interval_leaves_zero_out():
    for seed in range(20):
        found = paired_difference(*drawn_counts(seed, better=0.03), resamples=999)
        if abs(found.p - 0.05) > 0.01:
            assert (found.p < 0.05) == (found.low > 0 or found.high < 0)
