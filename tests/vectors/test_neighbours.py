"""Nearest neighbours, by hand; and which words have their vectors from before training."""

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors import neighbours
from windowner.vectors.loading import Vectors
from windowner.vectors.neighbours import find_neighbours, nearest, pretrained_part

TABLE = np.array([[100.0, 0], [0, 1], [1, 1]])


def test_nearest_is_by_angle_not_by_length():
    assert nearest(np.array([[1.0, 0.1]]), TABLE, 2).tolist() == [[0, 2]]
    assert nearest(np.array([[1.0, 0.1]]), TABLE, 9).tolist() == [[0, 2, 1]]


def test_queries_are_answered_in_blocks(monkeypatch):
    monkeypatch.setattr(neighbours, "QUERIES", 2)
    queries = np.array([[1.0, 0.1], [0.1, 1.0], [1.0, 0.9]])
    assert nearest(queries, TABLE, 1).tolist() == [[0], [1], [2]]


def test_a_word_is_no_neighbour_of_its_own():
    """The diagonal is at 45 degrees from both axes, which are at 90 degrees from each other."""
    first, last = find_neighbours(["x", "y", "both"], TABLE, [0, 2], 2)
    assert [word for word, _ in first] == ["both", "y"]
    assert [cosine for _, cosine in first] == pytest.approx([0.5**0.5, 0])
    assert {word for word, _ in last} == {"x", "y"}
    assert [cosine for _, cosine in last] == pytest.approx([0.5**0.5] * 2)


def test_count_is_respected_among_words_with_one_vector():
    words = ["a", "b", "c", "d"]
    assert [len(found) for found in find_neighbours(words, np.ones((4, 2)), [0, 3], 2)] == [2, 2]


def test_the_only_word_has_no_neighbour():
    assert find_neighbours(["a"], np.ones((1, 2)), [0], 5) == [[]]


@pytest.fixture
def pretrained():
    return Vectors(["c", "b", "a"], np.array([[5, 6], [3, 4], [1, 2]], dtype=np.float32), "v.vec")


WORDS = ["new", "a", "c"]  # `new` has no pretrained vector, training moved `a`
TRAINED = np.array([[9, 9], [1, 3], [5, 6]], dtype=np.float32)


def test_words_with_a_pretrained_vector(pretrained):
    rows, before = pretrained_part(WORDS, TRAINED, 2, pretrained)
    assert rows == [1, 2]
    np.testing.assert_array_equal(before, [[1, 2], [5, 6]])


def test_networks_of_an_ensemble_stand_side_by_side(pretrained):
    other = TRAINED + np.float32([[0], [1], [0]])
    _, before = pretrained_part(WORDS, np.hstack([TRAINED, other]), 2, pretrained)
    np.testing.assert_array_equal(before, [[1, 2], [5, 6]])


@pytest.mark.parametrize("trained", [TRAINED + np.float32([[0], [0], [1]]), TRAINED[:, [0]], TRAINED[:, [0, 1, 0]]])
def test_other_vectors_are_noticed_by_the_words_that_did_not_move(pretrained, trained):
    with pytest.raises(VectorsError, match=r"v\.vec: other vectors than those that training started from"):
        pretrained_part(WORDS, trained, 2, pretrained)
