"""Vectors in folders of spaCy, written as spaCy writes them, and by spaCy itself where it is installed."""

import pickle

import msgspec
import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors.foreign import read_foreign
from windowner.vectors.spacy_folder import hash_of

WORDS = ["Paris", "London", "æbleskive"]
ARRAY = np.arange(6, dtype=np.float32).reshape(3, 2)


def save(folder, array):
    """Write the array under its name without suffix."""
    with (folder / "vectors").open("wb") as file:
        np.save(file, array)


def write_folder(folder, words=WORDS, array=ARRAY, rows=None, mode="default"):
    """Write the four files."""
    folder.mkdir(parents=True)
    save(folder, array)
    rows = dict(zip(map(hash_of, words), range(len(words)), strict=True)) if rows is None else rows
    (folder / "key2row").write_bytes(msgspec.msgpack.encode(rows))
    (folder / "vectors.cfg").write_bytes(msgspec.json.encode({"mode": mode}))
    (folder / "strings.json").write_bytes(msgspec.json.encode(["other", *words]))
    return folder


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("coffee", 3197928453018144401),  # from spaCy's documentation of StringStore
        ("apple", 8566208034543834098),  # the same
    ],
)
def test_keys_are_those_of_spacys_documentation(text, key):
    assert hash_of(text) == key


def test_keys_are_those_of_spacy_for_strings_of_all_lengths():
    strings = pytest.importorskip("spacy.strings")
    rng = np.random.default_rng(0)
    for length in range(1, 40):
        text = "".join(rng.choice(list("abcÅ日 x")) for _ in range(length))
        assert hash_of(text) == strings.hash_string(text)


@pytest.mark.parametrize("inside", ["", "vocab"])
def test_words_have_their_rows(tmp_path, inside):
    write_folder(tmp_path / "da" / inside)
    vectors, left_out = read_foreign(str(tmp_path / "da"))
    assert left_out == ""
    assert vectors.words == WORDS
    np.testing.assert_array_equal(vectors.array, ARRAY)


def test_words_may_share_a_row_and_keys_without_a_string_are_counted(tmp_path):
    rows = {hash_of("Paris"): 1, hash_of("London"): 1, 12345: 0}
    vectors, left_out = read_foreign(str(write_folder(tmp_path / "da", rows=rows)))
    assert vectors.words == ["London", "Paris"]
    np.testing.assert_array_equal(vectors.array, ARRAY[[1, 1]])
    assert left_out == "1 key without a string in strings.json"


def test_vectors_that_spacy_writes(tmp_path):
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("da")
    for word, vector in zip(WORDS, ARRAY, strict=True):
        nlp.vocab.set_vector(word, vector)
    nlp.to_disk(tmp_path / "da")
    vectors, _ = read_foreign(str(tmp_path / "da"))
    assert sorted(vectors.words) == sorted(WORDS)
    for word, row in vectors.key_to_index.items():
        np.testing.assert_array_equal(vectors.array[row], nlp.vocab[word].vector)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "strings.json").unlink(), r"strings\.json: No such file"),
        (lambda f: (f / "strings.json").write_bytes(b"[1]"), r"strings\.json: not as spaCy writes it"),
        (lambda f: (f / "key2row").write_bytes(b"\xc1"), r"key2row: not as spaCy writes it"),
        (lambda f: (f / "vectors").write_bytes(b"\x93NUMPY"), r"vectors: damaged, or not an array of numbers"),
        (lambda f: (f / "vectors").write_bytes(pickle.dumps([print])), r"vectors: damaged, or not an array of numbers"),
        (lambda f: save(f, np.array([{}])), r"vectors: damaged, or not an array of numbers"),
        (lambda f: save(f, ARRAY[0]), r"found float32 \(2,\), expected floating-point"),
        (lambda f: save(f, ARRAY[:1]), r"found a row outside of the 1 rows"),
        (lambda f: save(f, ARRAY * np.nan), r"row 1: found nan, expected finite"),
        (lambda f: (f / "vectors.cfg").write_bytes(b'{"mode": "floret"}'), r"found the mode 'floret', expected 'defau"),
    ],
)
def test_damaged_folders(tmp_path, damage, message):
    folder = write_folder(tmp_path / "da")
    damage(folder)
    with pytest.raises(VectorsError, match=message):
        read_foreign(str(folder))
