"""A further set of word vectors: which rows it has, how a form finds its row, and what may move."""

from pathlib import Path

import numpy as np
import pytest

from windowner.inputs.tables import UNK
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.settings import VectorSet, VectorsSettings
from windowner.inputs.vector_sets import ladder_rows, lay_out_set, set_features
from windowner.vectors.loading import Vectors

VECTORS = Vectors(["the", "paris", "rome", "oslo"], np.arange(8, dtype=np.float32).reshape(4, 2) + 1, "x", (Path("x"),))


@pytest.mark.parametrize(("mode", "trainable"), [("frozen", 2), ("fine-tuned", 3)])
def test_training_words_first_then_those_of_dev_and_what_is_kept(mode, trainable):
    table = lay_out_set({"Rome": 2, "unheard": 1}, ["Rome", "unheard", "oslo"], VECTORS, mode, keep=1)
    assert table.words == ["rome", "the", "oslo"]  # `unheard` has no vector, so no row
    np.testing.assert_array_equal(table.vectors, [[0, 0], [0, 0], [5, 6], [1, 2], [7, 8]])
    assert table.trainable == trainable


def test_a_form_finds_its_row_in_each_set_for_itself():
    sets = set_features(VectorsSettings(more=(VectorSet(source="a"), VectorSet(source="b"))))
    assert [feature.name for feature in sets] == ["words2", "words3"]
    encoder = FormEncoder({"Paris": 2}, sets, [ladder_rows(["rome", "paris"]), ladder_rows(["Rome", "0000"])])
    forms = Forms(encoder)
    forms.numbers(["Paris", "Rome", "1984"], 3)
    np.testing.assert_array_equal(forms.table[1:], [[2, 3, UNK], [UNK, 2, 2], [UNK, UNK, 3]])
