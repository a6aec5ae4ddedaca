import pickle
import tracemalloc
from collections import OrderedDict

import numpy as np
import pytest
from gensim.models import FastText, KeyedVectors, Word2Vec

from windowner.errors import VectorsError
from windowner.vectors.keyed import _from_record, _Record, read_keyed_vectors

WORDS = ["the", "New York", "Zürich"]


RECONSTRUCT = np.zeros(1).__reduce__()[0]  # numpy's constructor of arrays, wherever this numpy has it


class Attack:
    """Calls a function when it is unpickled."""

    def __init__(self, function, *arguments, state=None):
        self.call = function, arguments, state

    def __reduce__(self):
        return self.call


@pytest.fixture
def path(tmp_path):
    return tmp_path / "v.kv"


def keyed_vectors(dtype=np.float32):
    vectors = KeyedVectors(5, dtype=dtype)
    vectors.add_vectors(WORDS, np.random.default_rng(0).standard_normal((3, 5)).astype(dtype))
    vectors.set_vecattr("the", "count", 7)
    return vectors


def message(path):
    with pytest.raises(VectorsError) as error:
        read_keyed_vectors(path)
    return str(error.value).removeprefix(str(path))


def test_arrays_within_the_file(path):
    saved = keyed_vectors()
    saved.save(str(path))
    reading = read_keyed_vectors(path)
    assert reading.words == WORDS
    assert reading.files == (path,)
    np.testing.assert_array_equal(reading.array, saved.vectors, strict=True)


def test_arrays_beside_the_file_are_mapped_and_not_read(path):
    saved = keyed_vectors()
    saved.save(str(path), sep_limit=1)
    reading = read_keyed_vectors(path)
    assert reading.words == WORDS
    assert reading.files == (path, path.with_name("v.kv.vectors.npy"))
    np.testing.assert_array_equal(reading.array, saved.vectors, strict=True)
    assert isinstance(reading.array, np.memmap)


@pytest.mark.parametrize("sep_limit", [1, 10**9])
def test_other_precision_order_and_a_limit(path, sep_limit):
    saved = keyed_vectors()
    saved.vectors = np.asfortranarray(saved.vectors, dtype=">f8")
    saved.save(str(path), sep_limit=sep_limit)
    reading = read_keyed_vectors(path, limit=2)
    assert reading.words == WORDS[:2]
    np.testing.assert_array_equal(reading.array, saved.vectors[:2].astype(np.float32), strict=True)


def test_vectors_that_gensim_trained(path):
    model = Word2Vec([["a", "b", "c"]] * 9, vector_size=4, min_count=1, epochs=1, workers=1, seed=1)
    model.wv.fill_norms()
    model.wv.save(str(path))
    reading = read_keyed_vectors(path)
    assert reading.words == model.wv.index_to_key
    np.testing.assert_array_equal(reading.array, model.wv.vectors, strict=True)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("place", ["whole", "attribute"])
def test_nothing_in_the_file_is_run(path, protocol, place):
    canary = path.with_name("canary")
    attack = Attack(eval, f"open({str(canary)!r}, 'w').close()")
    saved = keyed_vectors()
    saved.expandos = attack
    path.write_bytes(pickle.dumps(attack if place == "whole" else saved, protocol=protocol))
    module = "__builtin__" if protocol == 2 else "builtins"
    advice = "which is never executed; expected gensim 4 KeyedVectors"
    if place == "whole" or protocol in (3, 4):
        assert message(path) == f": found {module}.eval, {advice}"
    else:
        assert f", {advice}" in message(path)
    assert not canary.exists()
    pickle.loads(path.read_bytes())
    assert canary.exists(), "the attack works where nothing stops it"


@pytest.mark.parametrize("function", [np.load, np.frombuffer, KeyedVectors.load, getattr, OrderedDict, __import__])
def test_no_name_but_the_admitted_ones_passes(path, function):
    path.write_bytes(pickle.dumps(Attack(function, "x"), protocol=4))
    assert "which is never executed; expected gensim 4 KeyedVectors" in message(path)


def test_an_array_of_objects_is_refused(path):
    """A forged file claims that these are no objects; numpy itself would read bytes as an address and crash."""
    content = keyed_vectors()
    content.vectors = np.array([["x"]], dtype=object)
    content.save(str(path))
    assert message(path) == ": found an array of 'O8', expected floating-point numbers"


@pytest.mark.parametrize(
    "state",
    [
        None,
        (1, (3, 5), Attack(np.dtype, "f4"), False, bytes(60)),
        (1, (3, 5), Attack(np.dtype, "f4", state={"order": "<"}), False, bytes(60)),
        (1, (3, 5), np.dtype("f4"), False, bytes(59)),
        (1, (3, 6), np.dtype("f4"), False, bytes(60)),
        (1, (3, 5), np.dtype("f4"), False, ["x"]),
    ],
    ids=["no state", "no type", "odd type", "bytes", "shape", "list"],
)
def test_a_damaged_array(path, state):
    saved = keyed_vectors()
    saved.vectors = Attack(RECONSTRUCT, np.ndarray, (0,), b"b", state=state)
    path.write_bytes(pickle.dumps(saved))
    assert message(path).startswith(": the array of vectors is damaged: ")


def test_a_side_file_with_a_pickle_is_not_run(path):
    keyed_vectors().save(str(path), sep_limit=1)
    canary = path.with_name("canary")
    attack = Attack(eval, f"open({str(canary)!r}, 'w').close()")
    side_file = path.with_name("v.kv.vectors.npy")
    np.save(side_file, np.array([attack], dtype=object))
    assert message(path).startswith(".vectors.npy: damaged, or not an array of numbers: ")
    side_file.write_bytes(pickle.dumps(attack))
    assert message(path).startswith(".vectors.npy: damaged, or not an array of numbers: ")
    assert not canary.exists()


def test_models_and_older_files_are_recognised(path):
    Word2Vec([["a", "b"]], vector_size=2, min_count=1, epochs=1, workers=1).save(str(path))
    assert message(path) == (
        ": found gensim.models.word2vec.Word2Vec, a whole model; "
        'save its vectors: model.wv.save("NAME.kv"); expected gensim 4 KeyedVectors'
    )
    FastText([["a", "b"]], vector_size=2, min_count=1, epochs=1, workers=1, bucket=9).wv.save(str(path))
    assert "gensim.models.fasttext.FastTextKeyedVectors, which keeps n-grams" in message(path)
    path.write_bytes(b"\x80\x02cgensim.models.keyedvectors\nWord2VecKeyedVectors\n)\x81.")
    assert "Word2VecKeyedVectors, saved by gensim before 4.0; load and save it again with gensim 4" in message(path)


def test_attributes_of_gensim_3_are_not_guessed(path):
    saved = keyed_vectors()
    saved.__dict__["index2word"] = saved.__dict__.pop("index_to_key")
    path.write_bytes(pickle.dumps(saved))
    assert message(path) == ": found no list of words in index_to_key; expected gensim 4 KeyedVectors"


def test_keys_that_are_not_words(path):
    saved = KeyedVectors(2)
    saved.add_vectors([1, 2], np.eye(2, dtype=np.float32))
    saved.save(str(path))
    assert message(path) == ": found no list of words in index_to_key; expected gensim 4 KeyedVectors"


def test_words_without_rows(path):
    saved = keyed_vectors()
    saved.index_to_key.append("more")
    saved.save(str(path))
    assert message(path) == ": found 4 words and an array (3, 5), expected a row for each word"


def test_numbers_that_are_not_finite(path):
    saved = keyed_vectors()
    saved.vectors[1, 2] = np.inf
    saved.save(str(path))
    assert message(path) == ": row 2 of 3 ('New York'): found inf, expected finite numbers"


def test_numbers_too_large_for_float32(path):
    saved = keyed_vectors(np.float64)
    saved.vectors[1, 2] = -1e300
    saved.save(str(path))
    assert message(path) == ": row 2 of 3 ('New York'): found -inf, expected finite numbers"


def test_a_side_file_of_integers(path):
    keyed_vectors().save(str(path), sep_limit=1)
    np.save(path.with_name("v.kv.vectors.npy"), np.ones((3, 5), dtype=np.int64))
    assert message(path) == ".vectors.npy: found an array of int64, expected floating-point numbers"


def test_a_missing_or_truncated_side_file(path):
    keyed_vectors().save(str(path), sep_limit=1)
    side_file = path.with_name("v.kv.vectors.npy")
    side_file.write_bytes(side_file.read_bytes()[:-1])
    assert message(path).startswith(".vectors.npy: damaged, or not an array of numbers: ")
    side_file.unlink()
    assert message(path) == ".vectors.npy: no such file; gensim keeps the vectors in it, beside the .kv"


def test_what_is_not_a_pickle(path):
    path.write_bytes(b"the 0.1 0.2\n")
    assert message(path) == ": truncated, damaged or not saved by gensim"
    path.write_bytes(b"")
    assert message(path) == ": truncated, damaged or not saved by gensim"
    path.write_bytes(pickle.dumps({"the": 1}))
    assert message(path) == ": found dict, expected gensim 4 KeyedVectors"


def test_a_damaged_memo_index_does_not_cost_memory(path):
    """`r` puts an object at a four-byte index; the C unpickler would make 10 GB of room for this one."""
    path.write_bytes(b"\x80\x04Nr" + (600_000_000).to_bytes(4, "little") + b".")
    tracemalloc.start()
    try:
        assert message(path) == ": found NoneType, expected gensim 4 KeyedVectors"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_every_truncated_or_garbled_file_is_a_vectors_error(path):
    """Cut at each byte, and each of 2,000 times with a few bytes changed: an error of ours or words and numbers."""
    keyed_vectors().save(str(path))
    intact = path.read_bytes()
    for length in range(len(intact)):
        path.unlink()  # a new file is written ten times as fast as an old one is replaced
        path.write_bytes(intact[:length])
        message(path)
    rng = np.random.default_rng(0)
    for _ in range(2_000):
        garbled = np.frombuffer(intact, dtype=np.uint8).copy()
        garbled[rng.integers(len(intact), size=3)] = rng.integers(256, size=3)
        path.unlink()
        path.write_bytes(garbled.tobytes())
        try:
            reading = read_keyed_vectors(path)
        except VectorsError:
            continue
        assert len(reading.words) == len(reading.array)


def test_work_is_bounded(path):
    """Tuples in which tuples stand twice, on forty levels: their hash takes 2^40 steps, and so does their text."""
    path.write_bytes(b"\x80\x02})" + b"2\x86" * 40 + b"Ns.")
    assert message(path) == ": truncated, damaged or not saved by gensim"
    path.write_bytes(b"\x80\x02(})" + b"2\x86" * 40 + b"Nd.")
    assert message(path) == ": truncated, damaged or not saved by gensim"
    path.write_bytes(b"\x80\x04\x8f()" + b"2\x86" * 40 + b"\x90.")
    assert message(path) == ": found list, expected gensim 4 KeyedVectors"


def test_an_element_type_of_nested_tuples(path):
    nested = ()
    for _ in range(40):
        nested = (nested, nested)
    element = _Record(nested, False, True)
    element.state = (3, "<")
    array = _Record()
    array.state = (1, (3, 2), element, False, bytes(24))
    with pytest.raises(VectorsError, match="the array of vectors is damaged: its type is tuple"):
        _from_record(path, array)


def test_surrogates_are_no_characters_of_a_word(path):
    """Those of bytes that were not UTF-8 become U+FFFD, as in word2vec's binary format."""
    saved = KeyedVectors(2)
    saved.add_vectors(["the", "\udcff"], np.ones((2, 2), np.float32))
    saved.save(str(path))
    assert read_keyed_vectors(path).words == ["the", "\ufffd\ufffd\ufffd"]
