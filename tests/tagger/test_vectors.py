"""The word vectors of a tagger, as gensim has them."""

import numpy as np
import pytest
from synthetic import train_tiny

pytest.importorskip("gensim")


def test_they_are_gensims_and_have_memory_of_their_own(tmp_path_factory):
    tagger = train_tiny(tmp_path_factory.getbasetemp()).run.tagger
    vectors, words = tagger.vectors, tagger.model.words
    assert vectors.index_to_key == list(words.values)
    np.testing.assert_array_equal(vectors["Paris"], words.E[words.rows["Paris"]])
    assert len(vectors.most_similar("Paris", topn=3)) == 3
    assert not np.shares_memory(vectors.vectors, words.E)
