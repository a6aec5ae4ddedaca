"""Which words have rows: own, then trained, then the rest."""

from collections import Counter

import numpy as np
import pytest

from windowner.inputs.words import lay_out_words, word_rows
from windowner.vectors.loading import Vectors

PRETRAINED = ["the", "of", "paris", "rome", "0000", "London", "big", "small"]


@pytest.fixture
def vectors():
    return Vectors(PRETRAINED, np.zeros((len(PRETRAINED), 2), dtype=np.float32), "test")


def sources(words):
    return [PRETRAINED[row] for row in words.source_rows]


def test_own_words_first_then_trained_then_the_rest(vectors):
    """Rows 0 PAD, 1 UNK; 2-3 without a vector; 4-6 pretrained and in training; then those of dev."""
    words = lay_out_words(["Xyzzy", "Paris", "big", "Plugh", "the"], ["rome", "Quux"], vectors, keep=0)
    assert words.words == ["Xyzzy", "Plugh", "paris", "big", "the", "rome"]
    assert (words.own, words.trained) == (4, 7)
    assert words.rows == {"Xyzzy": 2, "Plugh": 3, "paris": 4, "big": 5, "the": 6, "rome": 7}


def test_source_rows_say_where_each_pretrained_row_comes_from(vectors):
    words = lay_out_words(["Xyzzy", "Paris"], ["rome"], vectors, keep=3)
    assert sources(words) == words.words[words.own - 2 :]
    assert len(words.source_rows) == len(words.words) + 2 - words.own


def test_what_is_frozen_is_a_suffix(vectors):
    """Rows below `own` are new, those below `trained` are touched by training, and no other is."""
    training = ["Xyzzy", "London", "the", "small"]
    words = lay_out_words(training, PRETRAINED, vectors, keep="all")
    rows = [words.rows[word] for word in training]
    assert max(rows) == words.trained - 1
    assert [row for row in rows if row < words.own] == [words.rows["Xyzzy"]]


@pytest.mark.parametrize(
    ("keep", "rest"),
    [(0, []), (1, []), (2, ["of"]), (5, ["of", "rome", "0000"]), (100, None), ("all", None)],
)
def test_keep_adds_the_most_frequent_others(vectors, keep, rest):
    """`the` and `paris` are trained already, so they are not kept a second time."""
    words = lay_out_words(["the", "paris"], [], vectors, keep)
    rest = ["of", "rome", "0000", "London", "big", "small"] if rest is None else rest
    assert words.words == ["the", "paris", *rest]
    assert len(set(words.source_rows.tolist())) == len(words.source_rows)


def test_forms_that_share_a_vector_share_a_row(vectors):
    """By the look-up ladder: Paris, PARIS -> paris; 1984, 2001 -> 0000."""
    words = lay_out_words(["Paris", "PARIS", "1984", "2001"], ["Paris", "1999"], vectors, keep=0)
    assert words.words == ["paris", "0000"]
    assert (words.own, words.trained) == (2, 4)


def test_words_that_stand_too_seldom_are_not_trained(vectors):
    """Paris and PARIS share a row and are counted together; what has no vector is new, so it is trained in any case."""
    training = ["of", "Xyzzy", "Paris", "the", "the", "PARIS", "big"]
    words = lay_out_words(training, ["rome"], vectors, keep=0, tune_count=2)
    assert words.words == ["Xyzzy", "paris", "the", "of", "big", "rome"]
    assert (words.own, words.trained) == (3, 5)
    assert sources(words) == words.words[words.own - 2 :]
    counted = lay_out_words(Counter(training), ["rome"], vectors, keep=0, tune_count=2)
    assert (counted.words, counted.trained) == (words.words, words.trained)
    assert lay_out_words(training, ["rome"], vectors, keep=0, tune_count=3).trained == 3


def test_words_of_dev_without_a_vector_have_no_row(vectors):
    words = lay_out_words(["the"], ["Quux", "the"], vectors, keep=0)
    assert words.words == ["the"]


def test_without_vectors_every_training_word_is_new():
    words = lay_out_words(["the", "The"], ["of"], None, keep="all")
    assert words.words == ["the", "The"]
    assert (words.own, words.trained) == (4, 4)
    assert len(words.source_rows) == 0


def test_word_rows_start_after_padding_and_unknown():
    assert word_rows(["a", "b"]) == {"a": 2, "b": 3}


@pytest.mark.parametrize("training", [[], ["of"]])
def test_a_word_that_stands_twice_has_the_first_of_its_rows(training):
    """Real files have such words; the first row is that of the more frequent one."""
    twice = Vectors(["the", "of", "the", "of"], np.zeros((4, 2), dtype=np.float32), "test")
    words = lay_out_words(training, ["the"], twice, keep="all")
    assert sorted(words.words) == ["of", "the"]
    assert {word: words.source_rows[row - words.own] for word, row in words.rows.items()} == {"the": 0, "of": 1}
