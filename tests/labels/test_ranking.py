"""The score of a region, worked out by hand."""

import numpy as np

from windowner.labels.ranking import LEAST, least_log_probabilities, scores


def test_the_least_probable_tag_of_each_run():
    """Gold is 0, 1, -1, 0: log P is log 0.9, log 0.2, minus infinity, log 0.5."""
    log_p = np.log([[0.9, 0.1], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5]])
    gold = np.array([0, 1, -1, 0])
    found = least_log_probabilities(log_p, gold, np.array([0, 0, 2, 3]), np.array([1, 2, 4, 4]))
    np.testing.assert_allclose(np.exp(found), [0.9, 0.2, 0.0, 0.5])
    assert least_log_probabilities(log_p, gold, np.array([], int), np.array([], int)).shape == (0,)


def test_the_score_adds_both_kinds_of_evidence():
    """P is 0.1 for gold and 0.8 for the suggestion: log 8. 0 and 2 other places: log (2.1 / 0.1) = log 21."""
    log_p = np.log([[0.1], [0.8]])
    np.testing.assert_allclose(scores(log_p, np.array([[0], [0]])), [np.log(8)])
    np.testing.assert_allclose(scores(log_p, np.array([[0], [2]])), [np.log(8 * 21)])
    np.testing.assert_allclose(scores(log_p, np.array([[2], [0]])), [np.log(8 / 21)])


def test_an_impossible_label_has_a_finite_score():
    np.testing.assert_allclose(scores(np.array([[-np.inf], [0.0]]), np.zeros((2, 1), int)), [-np.log(LEAST)])
