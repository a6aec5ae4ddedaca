"""Shards: nothing is lost, no sentence is cut, and line numbers go on."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.formats.columns import read_columns
from windowner.formats.options import ReadOptions
from windowner.formats.shards import can_be_cut, cut_shards

ROWS = ["a O", "b\tO", "-DOCSTART- O", "", " \t", "é O", "\u2028 O"]


def cut(data, size, columns=True):
    return list(cut_shards(io.BytesIO(data), "f", columns=columns, size=size))


class Trickle(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data, step):
        self.data, self.step = data, step

    def read1(self, size):
        head, self.data = self.data[: self.step], self.data[self.step :]
        return head


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(ROWS), max_size=30), st.integers(1, 40), st.integers(1, 30), st.booleans())
def test_sentences_of_the_shards_are_those_of_the_whole(rows, size, step, last_line_end):
    """With line numbers, which are those of the whole stream."""
    data = ("\n".join(rows) + "\n" * last_line_end).encode()
    shards = list(cut_shards(Trickle(data, step), "f", columns=True, size=size))
    assert b"".join(shard.data for shard in shards) == data
    read = [
        s
        for data, line, *_ in shards
        for s in read_columns(io.BytesIO(data), "f", ReadOptions(tag_column=None, first_line=line))
    ]
    assert read == list(read_columns(io.BytesIO(data), "f", ReadOptions(tag_column=None)))


def test_shards_are_of_about_the_size():
    data = b"word O\n\n" * 1000
    sizes = [len(shard.data) for shard in list(cut_shards(Trickle(data, 10), "f", columns=True, size=100))]
    assert all(90 < size < 120 for size in sizes[:-1])


def test_a_sentence_is_never_cut():
    long = b"word O\n" * 5000
    first, second, *_ = cut_shards(Trickle(long + b"\nx O\n" * 20_000, 999), "f", columns=True, size=10)
    assert first.data.startswith(long + b"\n")
    assert first.data.count(b"\n") == second.first_line - 1
    assert [len(shard.data) for shard in cut(long, 10)] == [len(long)]


def test_other_formats_are_cut_at_line_ends():
    shards = list(cut_shards(Trickle(b"a b\nc\n\nd e f\ng", 4), "f", columns=False, size=1))
    assert [shard.data for shard in shards] == [b"a b\n", b"c\n\n", b"d e f\ng"]
    assert [shard.first_line for shard in shards] == [1, 2, 4]


@pytest.mark.parametrize("columns", [True, False])
def test_nothing_gives_nothing(columns):
    assert cut(b"", 10, columns) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b'[{"a"', False), (b' \n[{"', False), (b"{\n", False), (b"\xef\xbb\xbf[{", False), (b'{"a"', True)],
)
@pytest.mark.parametrize("format", ["jsonl", "spans"])
def test_an_array_is_not_cut(content, format, expected):
    assert can_be_cut(io.BytesIO(content), "f", format) == expected
