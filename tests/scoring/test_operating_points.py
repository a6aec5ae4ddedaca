"""Operating points: a worked example, the bound against its equation, and what is chosen."""

import numpy as np
import pytest

from windowner.scoring.operating_points import LEAST, Curve, Z, lower_bound, operating_point

P = np.array([0.5, 0.9, 0.7, 0.9, 0.3])
CORRECT = np.array([True, True, False, True, False])


def test_a_worked_example():
    """Sorted: 0.9 0.9 | 0.7 | 0.5 | 0.3, correct: 2 | 0 | 1 | 0, of 4 gold entities; equal ones stay together."""
    curve = Curve.of(P, CORRECT, 4)
    np.testing.assert_allclose(curve.cutoffs, [0.8, 0.6, 0.4, 0])
    assert curve.kept.tolist() == [2, 3, 4, 5]
    assert curve.correct.tolist() == [2, 2, 3, 3]
    np.testing.assert_allclose(curve.precision, [1, 2 / 3, 3 / 4, 3 / 5])
    np.testing.assert_allclose(curve.recall, [1 / 2, 1 / 2, 3 / 4, 3 / 4])


def test_the_bound_is_where_the_observed_share_is_z_deviations_above():
    """Wilson's equation: q - x = z sqrt(x (1 - x) / n)."""
    for correct, kept in ((1, 1), (18, 20), (50, 100), (97, 100)):
        x = float(lower_bound(np.array(correct), np.array(kept)))
        assert correct / kept - x == pytest.approx(Z * np.sqrt(x * (1 - x) / kept))


@pytest.mark.parametrize("seed", range(5))
def test_each_point_is_what_counting_says(seed):
    rng = np.random.default_rng(seed)
    p = rng.integers(1, 9, size=50) / 10  # with repeats
    correct = rng.random(50) < p
    curve = Curve.of(p, correct, 40)
    for place, cutoff in enumerate(curve.cutoffs.tolist()):
        point = operating_point(p, correct, 40, cutoff)
        assert (point.kept, point.correct) == (curve.kept[place], curve.correct[place])
        assert (point.precision, point.recall) == pytest.approx((curve.precision[place], curve.recall[place]))


def test_the_lowest_cutoff_that_surely_reaches_the_target_is_chosen():
    """100 entities, of which the 60 most probable ones are correct: the bound stays above 0.9 up to 62 entities."""
    p, correct = np.linspace(0.99, 0.01, 100), np.arange(100) < 60
    point = Curve.of(p, correct, 60).choose(0.9)
    bounds = {kept: float(lower_bound(np.array(min(kept, 60)), np.array(kept))) for kept in range(LEAST, 101)}
    assert point.kept == max(kept for kept, bound in bounds.items() if bound >= 0.9)
    assert point.lower >= 0.9
    assert point.precision > point.lower


def test_few_entities_reach_nothing():
    """All of 19 are correct, which is one too few."""
    few = Curve.of(np.linspace(0.9, 0.5, LEAST - 1), np.ones(LEAST - 1, dtype=bool), LEAST)
    assert (few.choose(0.5), few.best()) == (None, None)


def test_where_the_target_is_not_reached_the_best_is_known():
    p, correct = np.linspace(0.99, 0.01, 100), np.arange(100) % 2 == 0
    curve = Curve.of(p, correct, 50)
    assert curve.choose(0.9) is None
    assert curve.best().lower == curve.lower[curve.kept >= LEAST].max()


def test_no_entities():
    curve = Curve.of(np.empty(0), np.empty(0, dtype=bool), 3)
    assert (curve.choose(0.5), curve.best()) == (None, None)
    assert operating_point(np.empty(0), np.empty(0, dtype=bool), 3, 0.5).precision == 0
