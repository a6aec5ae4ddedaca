import pytest

from windowner.scoring.reliability import expected_calibration_error, reliability


def test_worked_example():
    """Bins 0.9-1: two of three right, 0.95 on average; 0.2-0.3: none of one right. ECE = 3/4 * 0.2833 + 1/4 * 0.25."""
    bins = reliability([0.9, 0.95, 1.0, 0.25], [True, False, True, False])
    assert [each.entities for each in bins] == [1, 3]
    assert bins[1].probability == pytest.approx(0.95)
    assert bins[1].correct == pytest.approx(2 / 3)
    assert expected_calibration_error(bins) == pytest.approx(3 / 4 * (0.95 - 2 / 3) + 1 / 4 * 0.25)


def test_no_entities():
    assert reliability([], []) == []
    assert expected_calibration_error([]) == 0


def test_a_bin_says_its_edges():
    """0.3 is the first number of its bin, and 1 belongs to the last one."""
    bins = reliability([0.0, 0.3, 0.39, 0.99, 1.0], [True] * 5)
    assert [(each.edges, each.entities) for each in bins] == [("0.0 to 0.1", 1), ("0.3 to 0.4", 2), ("0.9 to 1.0", 2)]
