"""Vectors in folders of model2vec, written as model2vec writes them."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from safetensors.numpy import save_file

from windowner.errors import VectorsError
from windowner.vectors.foreign import read_foreign
from windowner.vectors.model2vec import read_folder

ARRAY = np.arange(10, dtype=np.float32).reshape(5, 2)
WORD_PIECE = {"[PAD]": 0, "paris": 1, "##ian": 2, "is": 3, "london": 4}


def write_folder(folder, vocabulary=WORD_PIECE, tensors=None, kind="WordPiece"):
    folder.mkdir()
    save_file({"embeddings": ARRAY} if tensors is None else tensors, folder / "model.safetensors")
    added = [{"content": "[PAD]", "special": True}, {"content": "is", "special": False}]
    tokenizer = {"added_tokens": added, "model": {"type": kind, "vocab": vocabulary}}
    (folder / "tokenizer.json").write_bytes(msgspec.json.encode(tokenizer))
    return str(folder)


def test_whole_words_have_their_rows(tmp_path):
    vectors, left_out = read_foreign(write_folder(tmp_path / "model"))
    assert vectors.words == ["paris", "is", "london"]
    np.testing.assert_array_equal(vectors.array, ARRAY[[1, 3, 4]])
    assert left_out == "2 tokens that are no whole words"


def test_a_mapping_names_the_row_and_weights_scale_it(tmp_path):
    tensors = {
        "embeddings": ARRAY[:2].astype(np.float16),
        "mapping": np.array([0, 1, 1, 0, 1]),
        "weights": np.array([1, 2, 3, 4, 0.5]),
    }
    vectors, _ = read_foreign(write_folder(tmp_path / "model", tensors=tensors))
    np.testing.assert_array_equal(vectors.array, [[4, 6], [0, 4], [1, 1.5]])


@pytest.mark.parametrize("mark", ["\u2581", "\u0120"])
def test_words_begin_with_a_mark_in_other_vocabularies(tmp_path, mark):
    vocabulary = {"[PAD]": 0, f"{mark}Paris": 1, "Paris": 2, mark: 3, f"{mark}is": 4}
    vectors, left_out = read_foreign(write_folder(tmp_path / "model", vocabulary, kind="BPE"))
    assert vectors.words == ["Paris", "is"]
    np.testing.assert_array_equal(vectors.array, ARRAY[[1, 4]])
    assert left_out == "3 tokens that are no whole words"


def test_a_vocabulary_of_pairs(tmp_path):
    vocabulary = [["[PAD]", 0.0], ["\u2581Paris", -1.5]]
    vectors, _ = read_foreign(write_folder(tmp_path / "model", vocabulary, kind="Unigram"))
    np.testing.assert_array_equal(vectors.array[vectors.key_to_index["Paris"]], ARRAY[1])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"tensors": {"other": ARRAY}}, r"model\.safetensors: found other, expected embeddings, \(rows, D\)"),
        ({"tensors": {"embeddings": ARRAY[:3]}}, r"found token 4, expected less than the 3 rows of "),
        (
            {"tensors": {"embeddings": ARRAY, "weights": ARRAY[0]}},
            r"found weights of shape \(2,\), expected a number per",
        ),
        (
            {"tensors": {"embeddings": np.full((5, 2), np.inf, np.float32)}},
            r"the vector of 'paris': found inf, expected finite",
        ),
        ({"vocabulary": {"paris": -1}}, r"tokenizer\.json: found token -1, expected 0 to 2,147,483,647"),
        (
            {"vocabulary": {"paris": 2**63}},
            r"tokenizer\.json: found token 9223372036854775808, expected 0 to 2,147",
        ),
        (
            {"tensors": {"embeddings": ARRAY, "mapping": np.arange(5.0)}},
            r"found a mapping of float64, expected integers",
        ),
        ({"vocabulary": {"[PAD]": 0}}, "found no vectors of whole words"),
        ({"vocabulary": {"a": "b"}}, "found no vocabulary as tokenizers write it"),
        ({"vocabulary": 3}, "found no vocabulary as tokenizers write it"),
    ],
)
def test_damaged_folders(tmp_path, how, message):
    with np.errstate(invalid="ignore"), pytest.raises(VectorsError, match=message):
        read_foreign(write_folder(tmp_path / "model", **how))


def test_a_file_that_is_no_safetensors(tmp_path):
    folder = write_folder(tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"\x80\x04.")
    with pytest.raises(VectorsError, match="not a safetensors file"):
        read_foreign(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_file_that_is_gone(tmp_path, name):
    folder = Path(write_folder(tmp_path / "model"))
    (folder / name).unlink()
    with pytest.raises(VectorsError, match=f"{name}: No such file or directory"):
        read_folder(folder)
