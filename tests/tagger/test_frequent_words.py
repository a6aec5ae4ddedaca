"""Models with fewer words: which words are taken, and how the rest is read."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from synthetic import train_tiny

from windowner.inputs.tables import FIRST, UNK, Table
from windowner.runs.folder import read_run
from windowner.tagger.frequent_words import frequent_rows, with_frequent_words
from windowner.tagger.tagger import Tagger

# A training word without a vector, two with one, two words that are frequent in the vectors, and one of test.
VALUES = ["Zork", "paris", "0000", "the", "of", "tested"]
TABLE = Table("words", np.arange(16.0, dtype=np.float32).reshape(8, 2), trainable=5, values=VALUES)
COUNTS = Counter({"Paris": 2, "paris": 2, "1984": 3, "2024": 4, "Zork": 1, "unheard": 9})


def words_of(rows):
    return [VALUES[row - FIRST] for row in rows]


def test_training_words_come_first_by_the_occurrences_of_all_their_forms():
    """0000 stands for 3 + 4 forms, and paris for 2 + 2. `unheard` has no row."""
    assert words_of(frequent_rows(TABLE, COUNTS, "all")) == ["0000", "paris", "Zork", "the", "of", "tested"]


def test_equal_words_keep_their_order():
    assert words_of(frequent_rows(TABLE, {"paris": 1, "Zork": 1, "of": 1}, 3)) == ["Zork", "paris", "of"]


@pytest.mark.parametrize(("keep", "taken"), [(0, []), (3, []), (4, ["the"]), (5, ["the", "of"])])
def test_a_word_that_has_a_row_because_test_holds_it_is_not_taken(keep, taken):
    """With 3 training words, `keep` of the vectors' words are kept. So at least `keep - 3` rows are theirs."""
    assert words_of(frequent_rows(TABLE, COUNTS, keep))[3:] == taken


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return read_run(train_tiny(tmp_path_factory.getbasetemp()).run.folder)


def test_all_words_tag_as_before(run, sentences, expected):
    model = with_frequent_words(run.tagger.model, run.training_forms, 10_000)
    assert sorted(model.words.values) == sorted(run.tagger.model.words.values)
    assert Tagger(model).tag(sentences) == expected


def test_a_word_that_is_left_out_is_read_as_unknown(run):
    model = with_frequent_words(run.tagger.model, run.training_forms, 5)
    (most, _), *_ = run.training_forms.most_common(1)
    assert len(model.words.values) == 5
    assert model.words.values[0] == most
    assert model.words.word_row("Smith") == UNK
    np.testing.assert_array_equal(model.words.E[UNK], run.tagger.model.words.E[UNK])
    row = run.tagger.model.words.word_row(most)
    np.testing.assert_array_equal(model.words.E[FIRST], run.tagger.model.words.E[row])


def test_each_table_of_word_vectors_is_cut(run):
    model = run.tagger.model
    words, *others = model.network.tables
    further = replace(words, name="words2", E=words.E[:4], values=words.values[:2])
    network = replace(model.network, tables=[words, further, *others])
    cut = with_frequent_words(replace(model, network=network), run.training_forms, 1).network.tables
    assert [len(table.values) for table in cut] == [1, 1, *(len(table.values) for table in others)]
