"""fastText's own `.bin`, as gensim trains and writes it, against gensim's own reader."""

import struct

import numpy as np
import pytest

from windowner.errors import VectorsError
from windowner.vectors.fasttext import MAGIC, NGrams, is_model, read_fasttext
from windowner.vectors.loading import load_vectors

SENTENCES = [line.split() for line in ("Paris ligger i Frankrig .", "Århus ligger i Danmark .", "Han bor i Paris .")]
UNKNOWN = ["Parisisk", "Århusianer", "x", "日本"]


@pytest.fixture(scope="module")
def model():
    """A small model, trained on three sentences."""
    fasttext = pytest.importorskip("gensim.models").FastText
    return fasttext(SENTENCES * 5, vector_size=4, min_count=1, min_n=2, max_n=4, bucket=50, epochs=2, seed=0, workers=1)


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    from gensim.models.fasttext import save_facebook_model

    path = tmp_path_factory.mktemp("fasttext") / "cc.da.4.bin"
    save_facebook_model(model, str(path))
    return path


@pytest.fixture(scope="module")
def oracle(path):
    from gensim.models.fasttext import load_facebook_vectors

    return load_facebook_vectors(str(path))


def test_words_have_the_vectors_that_gensim_reads(path, oracle):
    vectors = load_vectors(path.name, directory=path.parent)
    assert vectors.words == oracle.index_to_key
    assert vectors.vector_size == 4
    np.testing.assert_allclose(vectors.rows(range(len(vectors))), oracle.vectors, rtol=1e-5, atol=1e-7)
    assert not np.allclose(vectors.array, oracle.vectors, atol=1e-3), "the words' own rows are not their vectors"


def test_every_form_has_a_vector(path, oracle):
    vectors = load_vectors(path.name, directory=path.parent).for_forms(["PARIS", "Paris", *UNKNOWN])
    assert vectors.words == ["Paris", "PARIS", *UNKNOWN]
    assert vectors.ngrams is None
    for word, vector in zip(vectors.words, vectors.array, strict=True):
        np.testing.assert_allclose(vector, oracle[word], rtol=1e-5, atol=1e-7)


def test_a_form_that_the_ladder_finds_keeps_the_vector_of_that_word(path):
    """`LIGGER` has the vector of `ligger`, which was trained, and none of its own n-grams."""
    vectors = load_vectors(path.name, directory=path.parent).for_forms(["LIGGER"])
    assert vectors.words == ["ligger"]


def test_the_most_frequent_words_are_kept(path, oracle):
    model = load_vectors(path.name, directory=path.parent)
    assert model.for_forms(["Danmark", "x"], keep=2).words == [*oracle.index_to_key[:2], "Danmark", "x"]
    assert model.for_forms(["Danmark", "x"], keep="all").words == [*oracle.index_to_key, "x"]


def test_other_vectors_are_the_same_for_all_forms(tmp_path):
    (tmp_path / "own.vec").write_text("paris 1 2\n")
    vectors = load_vectors("own.vec", directory=tmp_path)
    assert vectors.for_forms(["Parisisk"]) is vectors


def test_the_mean_of_one_word_by_hand():
    """`ab` has the n-grams `<a`, `ab`, `b>`. With one bucket, all have row 0, and the word's own row is (4, 0).

    In the vocabulary: ((4, 0) + 3 (0, 2)) / 4 = (1, 1.5). Else: 3 (0, 2) / 3 = (0, 2).
    """
    pytest.importorskip("gensim")
    ngrams = NGrams("hand-made", np.array([[0, 2]], np.float32), 2, 2)
    np.testing.assert_array_equal(ngrams.compose(["ab"], np.array([[4, 0]], np.float32)), [[1, 1.5]])
    np.testing.assert_array_equal(ngrams.compose(["ab"]), [[0, 2]])


def test_without_ngrams_a_word_has_its_own_row_and_another_form_has_zeros():
    ngrams = NGrams("hand-made", np.zeros((0, 2), np.float32), 0, 0)
    np.testing.assert_array_equal(ngrams.compose(["ab"], np.array([[4, 0]], np.float32)), [[4, 0]])
    np.testing.assert_array_equal(ngrams.compose(["ab"]), [[0, 0]])


# Damaged files


def test_every_truncation_within_the_vectors_is_an_error(path, tmp_path):
    """At the end, the file holds a second matrix, for training, which is not read."""
    content, short = path.read_bytes(), tmp_path / "short.bin"
    words = len(read_fasttext(path)[0])
    read = len(content) - (16 + 1 + 4 * words * 4)
    for size in [*range(4, 200), read - 1]:
        short.write_bytes(content[:size])
        with pytest.raises(VectorsError, match=r"short\.bin: the file ends "):
            read_fasttext(short)


@pytest.mark.parametrize(
    ("place", "number", "message"),
    [
        (4, struct.pack("<i", 13), "found version 13 of fastText's format, expected 11 or 12"),
        (8, struct.pack("<i", 5), "found a matrix of 59 rows and 4 columns, expected 9 words and 50 n-grams of 5 dim"),
        (40, struct.pack("<i", -1), "expected 9 words and -1 n-grams"),
        (72, struct.pack("<i", 2), "found a classifier with 2 labels, expected word vectors"),
        (84, struct.pack("<q", 3), "found a model without some of its n-grams"),
    ],
)
def test_other_models_are_refused(path, tmp_path, place, number, message):
    content = bytearray(path.read_bytes())
    content[place : place + len(number)] = number
    (tmp_path / "other.bin").write_bytes(content)
    with pytest.raises(VectorsError) as caught:
        load_vectors("other.bin", directory=tmp_path)
    assert message in str(caught.value)


def test_a_quantized_model_is_refused(path, tmp_path):
    content = bytearray(path.read_bytes())
    place = content.index(struct.pack("<?2q", False, 59, 4))
    content[place] = 1
    (tmp_path / "small.bin").write_bytes(content)
    with pytest.raises(VectorsError, match=r"small\.bin: found a quantized model, .*; use the \.bin, not the \.ftz$"):
        load_vectors("small.bin", directory=tmp_path)


def test_a_number_that_is_not_finite_is_refused_where_it_is_used(path, tmp_path):
    content = bytearray(path.read_bytes())
    place = content.index(struct.pack("<?2q", False, 59, 4)) + 17
    content[place : place + 4] = struct.pack("<f", np.nan)
    (tmp_path / "bad.bin").write_bytes(content)
    vectors = load_vectors("bad.bin", directory=tmp_path)
    with pytest.raises(VectorsError, match=r"bad\.bin: the vector of '.+': found nan, expected finite"):
        vectors.rows([0])


def test_a_packed_model_has_to_be_unpacked(tmp_path):
    import gzip

    (tmp_path / "model.bin.gz").write_bytes(gzip.compress(MAGIC + bytes(100)))
    with pytest.raises(
        VectorsError, match="this is a fastText model, which is mapped into memory; unpack it with gunz"
    ):
        load_vectors("model.bin.gz", directory=tmp_path)


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(VectorsError, match=f"^{tmp_path}: Is a directory$"):
        is_model(tmp_path)
