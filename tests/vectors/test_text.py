import gzip

import numpy as np
import pytest
from gensim.models import KeyedVectors

from windowner.errors import VectorsError
from windowner.vectors.text import Layout, read_text, sniff


@pytest.fixture
def write(tmp_path):
    """Write a file of the given bytes or text, and return its path."""

    def write(content, name="v.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def message(path, limit=None):
    with pytest.raises(VectorsError) as error:
        read_text(path, limit)
    return str(error.value).removeprefix(str(path))


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_what_gensim_writes_is_read_bit_for_bit(tmp_path, header, suffix):
    saved = KeyedVectors(9)
    rng = np.random.default_rng(0)
    words = ["the", "New York", "\u00a0", "a\u2028b", "a\u0085", "1990"]
    saved.add_vectors(words, (rng.standard_normal((6, 9)) * 10.0 ** rng.integers(-8, 8, (6, 9))).astype(np.float32))
    path = tmp_path / f"v{suffix}"
    saved.save_word2vec_format(str(path), binary=False, write_header=header)
    reading = read_text(path)
    assert reading.words == words
    np.testing.assert_array_equal(reading.array, saved.vectors, strict=True)  # gensim writes shortest exact decimals
    assert reading.array.flags.c_contiguous


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n", "\t\r\n"])
@pytest.mark.parametrize("between", [" ", "\t", "  "])
def test_line_ends_and_separators(write, end, between):
    reading = read_text(write("".join(between.join(line) + end for line in (["2", "2"], "a12", "b34"))))
    assert reading.words == ["a", "b"]
    assert reading.array.tolist() == [[1, 2], [3, 4]]


def test_no_final_newline_blank_lines_at_the_end_and_a_byte_order_mark(write):
    assert read_text(write("a 1 2\nb 3 4")).words == ["a", "b"]
    assert read_text(write("a 1 2\nb 3 4\n\n \n")).words == ["a", "b"]
    assert read_text(write("\ufeffa 1 2\nb 3 4\n")).words == ["a", "b"]
    assert read_text(write("\ufeff2 2\na 1 2\nb 3 4\n\n")).words == ["a", "b"]


def test_words_with_spaces_are_split_from_the_right(write):
    reading = read_text(write(". . . 0.1 0.2\nat name@domain.com 0.3 0.4\nthe 0.5 0.6\n"))
    assert reading.words == [". . .", "at name@domain.com", "the"]
    np.testing.assert_array_equal(reading.array, np.float32([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]))


@pytest.mark.parametrize(
    "word", ["\u0085", "\u00a0", "\u2028", "\u3000", "\x0b", "\x0c", "\x1c", "½", "٣", "1990", "nan"]
)
def test_only_ascii_space_and_tab_separate(write, word):
    reading = read_text(write(f"the 1 2\n{word} 3 4\n{word}a{word} 5 6\n"))
    assert reading.words == ["the", word, f"{word}a{word}"]
    assert reading.array.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("2 3\na 1 2 3\nb 4 5 6\n", Layout(3, 2)),
        ("a 1 2 3\nb 4 5 6\n", Layout(3, None)),
        ("2 3\n1990 1 2 3\n1991 4 5 6\n", Layout(3, 2)),  # the word is a number
        ("1990 1 2 3\n1991 4 5 6\n", Layout(3, None)),
        ("2 3\nb 4\n", Layout(1, None)),  # GloVe of one dimension whose first word is a number
        ("2 0\nb 4\n", Layout(1, None)),
        ("2 0\nb x\n", Layout(1, None)),  # rows of no numbers are not promised by anything
        ("2 0.5\nb 4\n", Layout(1, None)),
        ("2 1\na 3\nb 4\n", Layout(1, 2)),  # as many lines as promised
        ("2 1\na 3\nb 4\nc 5\n", Layout(1, None)),  # more: so it is no promise
        ("2 3\na 1 2\nb 4 5 6\n", Layout(3, 2)),  # a header, and the next line is at fault
        ("5 3\n", Layout(3, 5)),
        ("a b 1 2\na 1 2\n", Layout(2, None)),
        ("route 66 1 2\na 1 2\nb 3 4\n", Layout(2, None)),  # outvoted
        ("a 1 2\na 1 2 3\n", Layout(3, None)),  # a tie
    ],
)
def test_the_header_is_sniffed(write, text, layout):
    assert sniff(write(text)) == layout


def test_a_number_row_taken_for_a_header_would_lose_a_word(write):
    reading = read_text(write("2 3\nb 4\n"))
    assert reading.words == ["2", "b"]
    assert reading.array.tolist() == [[3], [4]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 1 2 3\nb 4 5\nc 6 7 8\n", ":2: found 2 numbers, expected 3"),
        ("a 1 2 3\nb 4\nc 6 7 8\n", ":2: found 1 number, expected 3"),
        ("a 1 2 3\nb\nc 6 7 8\n", ":2: found 0 numbers, expected 3"),
        ("a 1 2 3\n\nc 6 7 8\n", ":2: found 0 numbers, expected 3"),
        ("\na 1 2 3\nc 6 7 8\n", ":1: found 0 numbers, expected 3"),
        ("a 1 2 3\nb 4 5 6 7\nc 6 7 8\n", ":2: found 4 numbers, expected 3"),
        ("3 3\na 1 2 3\nb 4 5\nc 6 7 8\n", ":3: found 2 numbers, expected 3"),
        ("2 2\na 1 2 3\nb 4 5 6\n", ":2: found 3 numbers, expected 2"),
        ("2 3\na 1 2\nb 4 5\n", ":2: found 2 numbers, expected 3"),
        ("a 1 2 3\nb 4 x 6\nc 6 7 8\n", ":2: found 'x', expected a number"),
        ("a 1 2 3\nb 4 5,5 6\nc 6 7 8\n", ":2: found '5,5', expected a number"),
        (". . . 1 2 3\n. . . 4 5\nc 6 7 8\n", ":2: found 2 numbers, expected 3"),
        ("a 1 2 3\nb 4 nan 6\nc 6 7 8\n", ":2: found nan, expected finite numbers"),
        ("3 3\na 1 2 3\nb 4 -inf inf\nc 6 7 8\n", ":3: found -inf, expected finite numbers"),
        ("a 1 2 3\nb 4 1e39 6\nc 6 7 8\n", ":2: found inf, expected finite numbers"),
        ("3 2\na 1 2\nb 3 4\n", ":4: the file ends after 2 rows, and its header says 3"),
        ("3 2\na 1 2\nb 3 4\n\n", ":4: found 0 numbers, expected 2"),
        ("3 2\n", ":2: the file ends after 0 rows, and its header says 3"),
        ("1 2\na 1 2\nb 3 4\n", ":3: found more rows than the 1 of the header"),
        ("", ": the file is empty, expected a word and its numbers on each line"),
        ("\n \n", ": the file is empty, expected a word and its numbers on each line"),
        ("a b c\nd e f\n", ":1: found 0 numbers, expected a word and its numbers"),
        (b"a 1 2\nZ\xfcrich 3 4\nb 5 6\n", ":2: found the bytes b'Z\\xfcrich', expected a word in UTF-8"),
    ],
)
def test_a_malformed_file_is_reported_with_its_line(write, text, expected):
    assert message(write(text)) == expected


@pytest.mark.parametrize("header", ["999999999999999999 300", "99999999999 99999"])
def test_a_header_that_promises_more_than_memory_holds(write, header):
    path = write(f"{header}\na 1 2 3\n")
    assert message(path) == ": {} rows of {} numbers do not fit in memory".format(*header.split())


@pytest.mark.parametrize("text", ["a 1 2\rb 3 4\r", "2 2\ra 1 2\rb 3 4", "a\r1 2\nb 3 4\n"])
def test_carriage_returns_within_a_line(write, text):
    assert message(write(text)).startswith(":1: carriage returns within the line, expected ")


def test_integers_longer_than_any_count_are_no_header(write):
    assert sniff(write("9" * 5000 + " 50\n")) == Layout(1, None)


def test_a_limit_reads_the_first_rows_and_no_more(write):
    for text in ("3 2\na 1 2\nb 3 4\nc broken\n", "a 1 2\nb 3 4\nc broken\n"):
        reading = read_text(write(text), limit=2)
        assert reading.words == ["a", "b"]
        assert reading.array.tolist() == [[1, 2], [3, 4]]
    assert read_text(write("a 1 2\nb 3 4\n"), limit=9).words == ["a", "b"]
    assert message(write("3 2\na 1 2\n"), limit=2) == ":3: the file ends after 1 row, and its header says 3"


def test_truncated_and_damaged_gzip(write):
    rng = np.random.default_rng(0)
    packed = gzip.compress("".join(f"w{i} {rng.random()} {rng.random()}\n" for i in range(5000)).encode())
    expected = ": the gzip data end before their end mark: the file is truncated"
    assert message(write(packed[: len(packed) // 2], "v.txt.gz")) == expected
    assert message(write(packed[:-4], "v.txt.gz")) == expected
    damaged = packed[:1000] + bytes(100) + packed[1100:]
    assert message(write(damaged, "v.txt.gz")).startswith(": the gzip data are damaged: ")


def test_an_unreadable_file_is_reported(tmp_path):
    assert message(tmp_path / "gone.txt") == ": No such file or directory"
    assert message(tmp_path) == ": Is a directory"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("content", [b"a" * 200, b"2 1\n" + b"1" * 200, b"a 1\n" * 200 + b"b " + b"1" * 200])
def test_a_line_without_end_is_refused(tmp_path, monkeypatch, packed, content):
    """The first line, the one after the header, and a later one. A small .gz may hold a line of gigabytes."""
    monkeypatch.setattr("windowner.vectors.reading.LONGEST_LINE", 100)
    path = tmp_path / "v.txt"
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(VectorsError, match=r"v\.txt: a line has more than 100 bytes, expected fewer$"):
        read_text(path)
