"""Vectors that the workers of an experiment share: arrays that are written once, and fastText models as they are."""

import numpy as np
import pytest
from synthetic import write_vectors

from windowner.errors import VectorsError
from windowner.experiments.sharing import ARRAY_NAME, WORDS_NAME, share_vectors, shared_readers
from windowner.vectors.loading import Vectors, load_vectors


def test_workers_read_the_vectors_of_a_text_file(tmp_path):
    write_vectors(tmp_path / "vectors.txt")
    source = str(tmp_path / "vectors.txt")
    vectors = load_vectors(source, directory=tmp_path)
    share_vectors({source: vectors}, tmp_path)
    shared = shared_readers(tmp_path).vectors(source, directory=tmp_path)
    assert isinstance(shared.array.base, np.memmap)
    assert shared.words == vectors.words
    np.testing.assert_array_equal(shared.array, vectors.array)


def test_workers_compose_the_vectors_of_a_fasttext_model(tmp_path):
    """Its rows are no vectors: with the words' own rows alone, all vectors would be others."""
    fasttext = pytest.importorskip("gensim.models").FastText
    from gensim.models.fasttext import save_facebook_model

    model = fasttext([["in", "Paris"]] * 5, vector_size=3, min_count=1, min_n=2, max_n=3, bucket=9, epochs=1, seed=0)
    source = str(tmp_path / "cc.bin")
    save_facebook_model(model, source)
    vectors = load_vectors(source, directory=tmp_path)
    share_vectors({source: vectors}, tmp_path)
    shared = shared_readers(tmp_path).vectors(source, directory=tmp_path).for_forms(["Paris", "Parisian"])
    np.testing.assert_array_equal(shared.array, vectors.for_forms(["Paris", "Parisian"]).array)
    assert shared.words == ["Paris", "Parisian"]


@pytest.mark.parametrize("array", [np.zeros((3, 2)), np.zeros((2, 2), np.float32), np.zeros(3, np.float32)])
def test_an_array_that_is_not_that_of_the_words_is_refused(tmp_path, array):
    source = str(tmp_path / "v")
    share_vectors({source: Vectors(["a", "b", "c"], np.ones((3, 2), np.float32), source)}, tmp_path)
    path = next(tmp_path.rglob(ARRAY_NAME))
    np.save(path, array)
    with pytest.raises(VectorsError, match=r"array\.npy: damaged: .*, expected float32 with 3 rows; remove "):
        shared_readers(tmp_path).vectors(source, directory=tmp_path)


@pytest.mark.parametrize("name", [ARRAY_NAME, WORDS_NAME])
def test_what_a_killed_command_left_is_not_believed(tmp_path, name):
    """It has the right shape, and other values."""
    source, array = str(tmp_path / "v"), np.ones((3, 2), np.float32)
    share_vectors({source: Vectors(["a", "b", "x"], array, source)}, tmp_path)
    path = next(tmp_path.rglob(name))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"x", b"y") if name == WORDS_NAME else content[:-1] + b"\0")
    share_vectors({source: Vectors(["a", "b", "x"], array, source)}, tmp_path)
    shared = shared_readers(tmp_path).vectors(source, directory=tmp_path)
    assert shared.words == ["a", "b", "x"]
    np.testing.assert_array_equal(shared.array, array)
