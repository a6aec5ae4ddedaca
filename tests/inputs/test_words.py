"""Which words have rows: own, then trained, then the rest."""

import numpy as np
import pytest

from windowner.inputs.words import further_table, lay_out_words
from windowner.vectors.loading import Vectors

PRETRAINED = ["the", "of", "paris", "rome", "0000", "London", "big", "small"]


@pytest.fixture
def vectors():
    return Vectors(PRETRAINED, np.zeros((len(PRETRAINED), 2), dtype=np.float32), "test")


def sources(words):
    return [PRETRAINED[row] for row in words.source_rows]


def row_of(words):
    return {word: row for row, word in enumerate(words.words, start=2)}


def test_own_words_first_then_trained_then_the_rest(vectors):
    """Rows 0 PAD, 1 UNK; 2-3 without a vector; 4-6 pretrained and in training; then those of dev."""
    words = lay_out_words(["Xyzzy", "Paris", "big", "Plugh", "the"], ["rome", "Quux"], vectors, keep=0)
    assert words.words == ["Xyzzy", "Plugh", "paris", "big", "the", "rome"]
    assert (words.own, words.trained) == (4, 7)
    assert row_of(words) == {"Xyzzy": 2, "Plugh": 3, "paris": 4, "big": 5, "the": 6, "rome": 7}


def test_source_rows_say_where_each_pretrained_row_comes_from(vectors):
    words = lay_out_words(["Xyzzy", "Paris"], ["rome"], vectors, keep=3)
    assert sources(words) == words.words[words.own - 2 :]
    assert len(words.source_rows) == len(words.words) + 2 - words.own


def test_what_is_frozen_is_a_suffix(vectors):
    """Rows below `own` are new, those below `trained` are touched by training, and no other is."""
    training = ["Xyzzy", "London", "the", "small"]
    words = lay_out_words(training, PRETRAINED, vectors, keep="all")
    rows = [row_of(words)[word] for word in training]
    assert max(rows) == words.trained - 1
    assert [row for row in rows if row < words.own] == [row_of(words)["Xyzzy"]]


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


def test_words_of_dev_without_a_vector_have_no_row(vectors):
    words = lay_out_words(["the"], ["Quux", "the"], vectors, keep=0)
    assert words.words == ["the"]


def test_without_vectors_every_training_word_is_new():
    words = lay_out_words(["the", "The"], ["of"], None, keep="all")
    assert words.words == ["the", "The"]
    assert (words.own, words.trained) == (4, 4)
    assert len(words.source_rows) == 0


@pytest.mark.parametrize("training", [[], ["of"]])
def test_a_word_that_stands_twice_has_the_first_of_its_rows(training):
    """Real files have such words; the first row is that of the more frequent one."""
    twice = Vectors(["the", "of", "the", "of"], np.zeros((4, 2), dtype=np.float32), "test")
    words = lay_out_words(training, ["the"], twice, keep="all")
    assert sorted(words.words) == ["of", "the"]
    assert {word: words.source_rows[row - words.own] for word, row in row_of(words).items()} == {"the": 0, "of": 1}


@pytest.mark.parametrize(("mode", "trainable"), [("frozen", 4), ("fine-tuned", 6)])
def test_the_table_holds_new_rows_then_the_pretrained_ones(mode, trainable):
    """PAD, UNK, two new words; paris and big are in training, the is kept."""
    vectors = Vectors(PRETRAINED, np.arange(16, dtype=np.float32).reshape(8, 2), "test")
    words = lay_out_words(["Xyzzy", "Paris", "Plugh", "big"], [], vectors, keep=1)
    table = words.table("words", np.full((4, 2), -1, dtype=np.float32), vectors, mode)
    np.testing.assert_array_equal(table.E, [*[[-1, -1]] * 4, [4, 5], [12, 13], [0, 1]])
    assert (table.trainable, table.group, len(table.E)) == (trainable, "words", len(words))
    assert [table.word_row(form) for form in ("Plugh", "PARIS", "of")] == [3, 4, 1]


@pytest.mark.parametrize(("mode", "trainable"), [("frozen", 2), ("fine-tuned", 3)])
def test_a_further_table_has_no_words_of_its_own(mode, trainable):
    """`unheard` has no vector, so it has no row; PAD and UNK start at 0."""
    vectors = Vectors(["the", "paris", "rome", "oslo"], np.arange(8, dtype=np.float32).reshape(4, 2) + 1, "x")
    table = further_table("words2", vectors, ["Rome", "unheard"], ["Rome", "unheard", "oslo"], mode, keep=1)
    assert table.values == ["rome", "the", "oslo"]
    np.testing.assert_array_equal(table.E, [[0, 0], [0, 0], [5, 6], [1, 2], [7, 8]])
    assert (table.trainable, table.group, table.name) == (trainable, "words", "words2")
