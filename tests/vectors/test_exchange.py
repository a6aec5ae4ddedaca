"""Vectors for other programs: what is written is read again, by gensim and by the readers here."""

import sys

import numpy as np
import pytest
from gensim.models import KeyedVectors

from windowner.errors import VectorsError
from windowner.vectors.exchange import SUFFIXES, to_keyed_vectors, write_vectors
from windowner.vectors.loading import load_vectors

WORDS = ["the", "Zürich", "w" * 90, "½", "1984"]


def draw_array(rows=5, size=7):
    """Float32 of many magnitudes, so that too few digits would show."""
    rng = np.random.default_rng(0)
    return (rng.standard_normal((rows, size)) * 10.0 ** rng.integers(-30, 30, (rows, size))).astype(np.float32)


def gensim_reads(path):
    if path.suffix == ".kv":
        return KeyedVectors.load(str(path))
    return KeyedVectors.load_word2vec_format(str(path), binary=path.suffix == ".bin")


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".VEC"])
def test_what_is_written_is_read_again_bit_for_bit(tmp_path, suffix):
    path, array = tmp_path / f"out{suffix}", draw_array()
    assert write_vectors(path, WORDS, array) == 0
    again = load_vectors(path.name, directory=tmp_path)
    assert again.words == WORDS
    np.testing.assert_array_equal(again.array, array, strict=True)
    theirs = gensim_reads(path)
    assert theirs.index_to_key == WORDS
    np.testing.assert_array_equal(theirs.vectors, array, strict=True)
    assert list(tmp_path.iterdir()) == [path], "one file, whole, with nothing beside it"


def test_large_arrays_stay_within_the_file(tmp_path):
    """From 10 * 1024**2 numbers on, gensim would write a `.npy` beside the file."""
    array = np.zeros((11, 1024**2), dtype=np.float32)
    write_vectors(tmp_path / "out.kv", [f"w{row}" for row in range(len(array))], array)
    assert [path.name for path in tmp_path.iterdir()] == ["out.kv"]
    assert load_vectors("out.kv", directory=tmp_path).array.shape == array.shape


def test_a_file_is_the_same_each_time(tmp_path):
    for name in ("a.kv", "b.kv"):
        write_vectors(tmp_path / name, WORDS, draw_array())
    assert (tmp_path / "a.kv").read_bytes() == (tmp_path / "b.kv").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_words_with_white_space_are_left_out_where_they_cannot_be_stored(tmp_path, suffix):
    words = ["New York", "Paris", "a\u00a0b", "", "line\nend", "nul\0", "Rome"]
    path, array = tmp_path / f"out{suffix}", draw_array(len(words))
    left_out = write_vectors(path, words, array)
    again = load_vectors(path.name, directory=tmp_path)
    kept = words if suffix == ".kv" else ["Paris", "Rome"]
    assert (again.words, left_out) == (kept, len(words) - len(kept))
    np.testing.assert_array_equal(again.array, array[[words.index(word) for word in kept]])
    assert gensim_reads(path).index_to_key == kept


@pytest.mark.parametrize(("name", "found"), [("out.npz", "suffix '.npz'"), ("out", "no suffix"), ("a.vec.gz", "'.gz'")])
def test_an_unknown_suffix_is_an_error_with_the_known_ones(tmp_path, name, found):
    with pytest.raises(VectorsError, match=rf"{name}: found .*{found}, expected one of \.kv, \.vec, \.txt, \.bin"):
        write_vectors(tmp_path / name, WORDS, draw_array())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(VectorsError, match=r"own\.vec: cannot be written: No such file"):
        write_vectors(tmp_path / "no" / "own.vec", WORDS, draw_array())


def test_keyed_vectors_hold_a_copy():
    array = draw_array()
    vectors = to_keyed_vectors(WORDS, array)
    assert vectors.index_to_key == WORDS
    np.testing.assert_array_equal(vectors.vectors, array, strict=True)
    vectors.vectors[:] = 0
    np.testing.assert_array_equal(array, draw_array())


def test_keyed_vectors_answer():
    vectors = to_keyed_vectors(["a", "b", "c"], np.array([[1, 0], [1, 0.1], [0, 1]], dtype=np.float32))
    assert [word for word, _ in vectors.most_similar("a")] == ["b", "c"]


@pytest.mark.parametrize(
    ("words", "message"),
    [(["a", "b", "a"], "3 words, of which 2 are distinct"), (["a"], r"1 word and an array of shape \(3, 7\)")],
)
def test_words_and_rows_must_agree(tmp_path, words, message):
    with pytest.raises(ValueError, match=message):
        to_keyed_vectors(words, draw_array(3))
    with pytest.raises(ValueError, match=message):
        write_vectors(tmp_path / "out.vec", words, draw_array(3))


def test_without_gensim_word2vec_formats_are_written_and_a_kv_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim", None)
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    for suffix in (".vec", ".txt", ".bin"):
        write_vectors(tmp_path / f"out{suffix}", WORDS, draw_array())
        assert load_vectors(f"out{suffix}", directory=tmp_path).words == WORDS
    with pytest.raises(VectorsError) as error:
        write_vectors(tmp_path / "out.kv", WORDS, draw_array())
    python = ".".join(map(str, sys.version_info[:2]))
    assert str(error.value) == (
        "KeyedVectors needs gensim, which is not installed, perhaps because it has no wheel for Python "
        f'{python}: pip install "gensim>=4.4"'
    )
    assert not (tmp_path / "out.kv").exists()
