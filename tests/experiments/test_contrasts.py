"""Contrasts and crossings: which settings are compared, in which pairs, and where curves cross."""

import pytest
from answers import BOTH, FROZEN, TUNED, contrast, trial

from windowner.experiments.contrasts import find_crossings, on_most_data, pair_trials


def test_curves_cross_between_two_amounts_of_data():
    """From -1 at 1,000 words to +3 at 16,000: a quarter of the way in logarithms, 1,000 * 16 ** 0.25 = 2,000."""
    found = [contrast(0.03, 0, 0, words=16_000), contrast(-0.01, 0, 0, words=1_000), contrast(0.04, 0, 0, words=50_000)]
    (crossing,) = find_crossings(found)
    assert (crossing.words, crossing.upwards, crossing.sure) == (2_000, True, False)
    assert (crossing.ahead, crossing.behind) == (TUNED, FROZEN)
    assert find_crossings(found[::2]) == []


def test_a_curve_that_falls_behind_crosses_downwards():
    (crossing,) = find_crossings([contrast(0.01, 0, 0, words=1_000), contrast(-0.01, 0, 0, words=4_000)])
    assert (crossing.words, crossing.ahead, crossing.behind) == (2_000, FROZEN, TUNED)


@pytest.mark.parametrize(
    ("below", "above", "sure"), [((-0.03, -0.01), (0.01, 0.03), True), ((-0.03, 0.01), (0.01, 0.03), False)]
)
def test_a_crossing_is_sure_if_both_intervals_exclude_zero(below, above, sure):
    found = [contrast(-0.02, *below, words=1_000), contrast(0.02, *above, words=4_000)]
    (crossing,) = find_crossings(found)
    assert (crossing.words, crossing.sure) == (2_000, sure)


def test_each_setting_has_its_own_curve():
    """The curves of `tuned` and `both` stay on their sides of zero, although the signs of their points alternate."""
    found = [
        contrast(value, 0, 0, words=words, other=other)
        for words in (1_000, 2_000, 3_000)
        for other, value in ((TUNED, 0.01), (BOTH, -0.01))
    ]
    assert find_crossings(found) == []


@pytest.mark.parametrize(
    ("low", "high", "excludes"), [(0.01, 0.03, True), (-0.03, -0.01, True), (-0.01, 0.03, False), (0.0, 0.03, False)]
)
def test_an_interval_that_touches_zero_does_not_exclude_it(low, high, excludes):
    assert contrast(0.02, low, high).excludes_zero is excludes


def test_the_better_setting_is_that_of_the_sign():
    assert (contrast(0.01, 0, 0).better, contrast(-0.01, 0, 0).better) == (TUNED, FROZEN)


def test_only_trials_with_the_same_seed_are_paired():
    first = [trial(FROZEN, 1.0, seed, 0.5) for seed in (0, 1, 2)]
    second = [trial(TUNED, 1.0, seed, 0.5) for seed in (2, 3, 0)]
    assert [(a.trial.seed, b.trial.seed) for a, b in pair_trials(first, second)] == [(0, 0), (2, 2)]


def test_on_the_most_data_the_largest_difference_comes_first():
    """Of equal differences, the first one of the experiment stays first."""
    less, tie, other, best = (
        contrast(value, 0, 0, words=words, other=each)
        for value, words, each in ((0.5, 10, TUNED), (0.1, 20, TUNED), (0.1, 20, BOTH), (0.2, 20, BOTH))
    )
    assert on_most_data([less, tie, other, best]) == [best, tie, other]
    assert on_most_data([]) == []
