"""The score of a region, worked out by hand."""

import numpy as np

from windowner.labels.ranking import LEAST, least_of_runs, scores, tagger_log_probabilities

NEVER = np.zeros((2, 1), int)
EQUAL = np.zeros((2, 1))


def test_the_least_probable_tag_of_each_run():
    """Gold is 0, 1, -1, 0: log P is log 0.9, log 0.2, minus infinity, log 0.5."""
    log_p = np.log([[0.9, 0.1], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5]])
    own = tagger_log_probabilities(log_p, np.array([0, 1, -1, 0]))
    found = least_of_runs(own, np.array([0, 0, 2, 3]), np.array([1, 2, 4, 4]))
    np.testing.assert_allclose(np.exp(found), [0.9, 0.2, 0.0, 0.5])
    assert least_of_runs(own, np.array([], int), np.array([], int)).shape == (0,)


def test_the_score_adds_three_kinds_of_evidence():
    """P is 0.1 for gold and 0.8 for the suggestion: log 8. 0 and 2 other places: log 21. Q: log 9, and half of it."""
    log_p = np.log([[0.1], [0.8]])
    np.testing.assert_allclose(scores(log_p, NEVER, EQUAL), [np.log(8)])
    np.testing.assert_allclose(scores(log_p, np.array([[0], [2]]), EQUAL), [np.log(8 * 21)])
    np.testing.assert_allclose(scores(log_p, np.array([[2], [0]]), EQUAL), [np.log(8 / 21)])
    np.testing.assert_allclose(scores(log_p, NEVER, np.log([[0.1], [0.9]])), [np.log(8 * 3)])


def test_an_impossible_label_has_a_finite_score():
    np.testing.assert_allclose(scores(np.array([[-np.inf], [0.0]]), NEVER, EQUAL), [-np.log(LEAST)])
