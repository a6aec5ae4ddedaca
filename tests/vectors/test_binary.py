import gzip

import numpy as np
import pytest
from gensim.models import KeyedVectors

from windowner.errors import VectorsError
from windowner.vectors import binary as vector_binary
from windowner.vectors.binary import ADVICE, read_binary

ONE, TWO = np.float32([1, 2]).tobytes(), np.float32([3, 4]).tobytes()
INTACT = b"2 2\na " + ONE + b"bc " + TWO  # 4 bytes of header, rows of 10 and 11 bytes


@pytest.fixture
def write(tmp_path):
    """Write a file of the given bytes, and return its path."""

    def write(content, name="v.bin"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def message(path, limit=None):
    with pytest.raises(VectorsError) as error:
        read_binary(path, limit)
    return str(error.value).removeprefix(str(path))


@pytest.mark.parametrize("name", ["v.bin", "v.bin.gz"])
@pytest.mark.parametrize("chunk", [1, 100, 1 << 20])
def test_what_gensim_writes_is_read_bit_for_bit(tmp_path, monkeypatch, name, chunk):
    monkeypatch.setattr(vector_binary, "CHUNK", chunk)  # rows fall across chunks in every way
    saved = KeyedVectors(7)
    words = ["the", "Zürich", "\u00a0", "w" * 90]
    saved.add_vectors(words, np.random.default_rng(0).standard_normal((4, 7)).astype(np.float32))
    saved.save_word2vec_format(str(tmp_path / name), binary=True)
    reading = read_binary(tmp_path / name)
    assert reading.words == words
    np.testing.assert_array_equal(reading.array, saved.vectors, strict=True)


def test_newlines_after_rows_as_the_c_tool_writes_them(write):
    reading = read_binary(write(b"2 2\na " + ONE + b"\nb " + TWO + b"\n"))
    assert reading.words == ["a", "b"]
    assert reading.array.tolist() == [[1, 2], [3, 4]]


def test_a_word_cut_within_a_character_is_kept(write):
    assert read_binary(write(b"1 2\nZ\xc3 " + ONE)).words == ["Z\ufffd"]


def test_a_limit_reads_the_first_rows_even_where_a_word_occurs_twice(write):
    reading = read_binary(write(b"3 2\na " + ONE + b"a " + TWO + b"b "), limit=2)
    assert reading.words == ["a", "a"]
    assert reading.array.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (INTACT[:-1], ": row 2 of 2, byte 14: found 10 bytes, expected a word and 8 bytes"),
        (INTACT[:15], ": row 2 of 2, byte 14: found 1 byte, expected a word and 8 bytes"),
        (INTACT[:14], ": row 2 of 2, byte 14: found 0 bytes, expected a word and 8 bytes"),
        (INTACT[:4], ": row 1 of 2, byte 4: found 0 bytes, expected a word and 8 bytes"),
        (INTACT + b"d", f": row 3 of 2, byte 25: found more bytes, expected the end of the file; {ADVICE}"),
        (
            b"2 2\nNew York " + ONE + b"b " + TWO,
            f": row 2 of 2, byte 16: found b'?\\x00\\x00\\x00@b', expected a word; {ADVICE}",
        ),
        (
            b"1 2\nNew York " + ONE,
            f": row 2 of 1, byte 16: found more bytes, expected the end of the file; {ADVICE}",
        ),
        (b"", ": the file is empty, expected word2vec's binary format"),
        (b"a 1 2\n", ":1: found b'a 1 2\\n', expected a header of two integers, rows and dimension"),
        (b"0 2\n", ":1: found b'0 2\\n', expected a header of two integers, rows and dimension"),
        (
            (793712314).to_bytes(4, "little") + bytes(60),
            ": this is a fastText model, which is mapped into memory; unpack it with gunzip",
        ),
        (b"1 2\na " + np.float32([1, np.nan]).tobytes(), ": row 1 of 1 ('a'): found nan, expected finite numbers"),
        (b"1 1000000000\na ", ":1: found a dimension of 1,000,000,000, expected at most 33,554,432"),
        (b"99999999999999 300\n", ": 99999999999999 rows of 300 numbers do not fit in memory"),
    ],
)
def test_a_malformed_file_is_reported_with_row_and_byte(write, content, expected):
    assert message(write(content)) == expected


def test_a_file_that_ends_in_zeros_is_given_up_soon(write):
    """A download that was interrupted may have its full length; its zeros hold no space for a word to end at."""
    path = write(b"9999999 2\na " + ONE + bytes(50_000_000))
    assert message(path) == ": row 2 of 9999999, byte 20: found no space within 16,384 bytes, expected a word"


def test_truncated_gzip(write):
    content = b"1000 2\n" + b"".join(b"w%d " % i + ONE for i in range(1000))
    path = write(gzip.compress(content)[:-200], "v.bin.gz")
    assert message(path) == ": the gzip data end before their end mark: the file is truncated"
