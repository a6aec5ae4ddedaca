"""Skip-gram vectors: what text they are trained on, that they can be read again, and that they mean something."""

import sys

import numpy as np
import pytest

from windowner.errors import DataError, VectorsError
from windowner.formats.token_files import TokenizedFiles
from windowner.vectors.exchange import write_vectors
from windowner.vectors.loading import load_vectors
from windowner.vectors.skip_gram import SkipGram, train_skip_gram

CITIES, FRUITS = "paris london rome oslo".split(), "apple pear plum fig".split()


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Cities stand between words of travel, fruits between words of eating."""
    rng = np.random.default_rng(1)
    city, fruit = (
        [f"{verb} {rng.choice(names)} {end}" for _ in range(600)]
        for verb, names, end in (("visit", CITIES, "by train"), ("eat", FRUITS, "with cream"))
    )
    path = tmp_path_factory.mktemp("skip-gram") / "text.txt"
    path.write_text("\n".join([*city, *fruit, "once Upon"]) + "\n", encoding="utf-8")
    return path


def trained(text, **settings):
    return train_skip_gram(TokenizedFiles([text], "tokens"), SkipGram(vector_size=8, **settings))


def test_words_used_alike_are_near_each_other(text):
    vectors = trained(text, epochs=5)
    unit = vectors.array / np.linalg.norm(vectors.array, axis=1, keepdims=True)
    rows = vectors.key_to_index
    similar = lambda a, b: np.mean([unit[rows[x]] @ unit[rows[y]] for x in a for y in b if x != y])  # noqa: E731
    assert similar(CITIES, CITIES) > similar(CITIES, FRUITS) + 0.1
    assert similar(FRUITS, FRUITS) > similar(CITIES, FRUITS) + 0.1


def test_rare_words_are_left_out_and_frequent_ones_come_first(text):
    words = trained(text, epochs=1).words
    assert set(words) == {*CITIES, *FRUITS, "visit", "eat", "by", "train", "with", "cream"}
    assert {"visit", "eat", "by", "train", "with", "cream"} == set(words[:6])


def test_the_same_seed_gives_the_same_vectors_and_each_epoch_is_reported(text):
    ticks = []
    once = train_skip_gram(TokenizedFiles([text], "tokens"), SkipGram(vector_size=8, epochs=2), ticks.append)
    np.testing.assert_array_equal(once.array, trained(text, epochs=2).array)
    assert (once.array != trained(text, epochs=2, seed=1).array).any()
    assert ticks == [1, 2]


def test_what_is_written_is_read_again_bit_for_bit(text, tmp_path):
    vectors = trained(text, epochs=1)
    write_vectors(tmp_path / "own.vec", vectors.words, vectors.array)
    again = load_vectors("own.vec", directory=tmp_path)
    assert again.words == vectors.words
    np.testing.assert_array_equal(again.array, vectors.array)
    assert [path.name for path in tmp_path.iterdir()] == ["own.vec"]


def test_tokens_of_every_format_without_their_labels(tmp_path):
    (tmp_path / "a.conll").write_text("Paris B-LOC\nis O\n\nRome B-LOC\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"tokens": ["New York", "is"], "tags": ["B-LOC", "O"]}\n', encoding="utf-8")
    files = TokenizedFiles([tmp_path / "a.conll", tmp_path / "b.jsonl"])
    assert list(files) == [["Paris", "is"], ["Rome"], ["is"]]  # word2vec's formats cannot hold a token with a space
    assert list(files) == list(files)
    assert list(TokenizedFiles([tmp_path / "a.conll"], lower=True)) == [["paris", "is"], ["rome"]]


def test_too_little_text(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text("Paris\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.conll: no word occurs 2 times or more; expected more text"):
        train_skip_gram(TokenizedFiles([path]), SkipGram())


def test_without_gensim(text, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.models", None)
    with pytest.raises(VectorsError, match=r'training vectors needs gensim, .*: pip install "gensim>=4\.4"'):
        trained(text)


def test_raw_text_is_tokenized(tmp_path):
    (tmp_path / "a.txt").write_text("Ana lives in Rome. She does.\nBob lives in Oslo, too.\n", encoding="utf-8")
    (tmp_path / "b.json").write_text('[{"text": "Ana is.", "spans": []}]', encoding="utf-8")
    assert list(TokenizedFiles([tmp_path / "a.txt", tmp_path / "b.json"])) == [
        ["Ana", "lives", "in", "Rome", "."],
        ["She", "does", "."],
        ["Bob", "lives", "in", "Oslo", ",", "too", "."],
        ["Ana", "is", "."],
    ]
