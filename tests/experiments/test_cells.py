"""Cells: means and standard deviations over seeds, by hand."""

import pytest
from answers import FROZEN, TUNED, answer_of, trial

from windowner.experiments.cells import MeanScore


@pytest.fixture
def cells():
    trials = [
        trial(TUNED, 1.0, 1, 0.8, test=0.7),
        trial(FROZEN, 1.0, 1, 0.6, test=0.5),
        trial(FROZEN, 1.0, 0, 0.7, {"LOC": 0.9, "PER": 0.2}),
        trial(FROZEN, 0.1, 0, 0.3),
    ]
    return answer_of(trials).cells


def test_means_and_deviations_by_hand(cells):
    """0.6 and 0.7: mean 0.65, deviation sqrt(2 * 0.05^2 / 1) = 0.0707; one seed has none."""
    assert [(cell.setting.label, cell.words, cell.n) for cell in cells] == [
        ("frozen", 100, 1),
        ("frozen", 1000, 2),
        ("tuned", 1000, 1),
    ]
    small, most, _ = cells
    assert (small.dev, small.test) == (MeanScore(0.3, 0.0), None)
    assert (most.dev.mean, most.dev.deviation) == pytest.approx((0.65, 0.05 * 2**0.5))
    assert most.test == MeanScore(0.5, 0.0)
    assert most.seconds == 2.5
    assert most.familiarity["seen"].mean == pytest.approx(0.65)
    assert list(most.familiarity) == ["seen"]  # F1 of no gold entities is no F1 of 0


def test_a_type_that_a_trial_does_not_know_counts_as_zero_there(cells):
    types = cells[1].types
    assert types["LOC"]["f1"] == pytest.approx((0.6 + 0.9) / 2)
    assert types["PER"]["f1"] == pytest.approx(0.2 / 2)
    assert types["PER"]["support"] == 9 / 2


def test_all_types_together(cells):
    assert cells[1].overall["f1"] == pytest.approx(cells[1].dev.mean)
    assert cells[1].overall["precision"] == pytest.approx(0.65)


def test_the_cells_on_most_data_are_of_the_largest_fraction():
    answer = answer_of([trial(FROZEN, 1.0, 0, 0.5), trial(FROZEN, 0.1, 0, 0.3), trial(TUNED, 1.0, 0, 0.6)])
    assert [(cell.fraction, cell.setting) for cell in answer.cells_on_most_data] == [(1.0, FROZEN), (1.0, TUNED)]
