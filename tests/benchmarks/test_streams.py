"""Streams of pieces: a reader sees their bytes one after the other, whatever it reads at once."""

import pytest

from benchmarks.streams import stream_of


@pytest.mark.parametrize("size", [1, 3, 8192])
def test_the_bytes_are_those_of_the_pieces(size):
    pieces = [b"ab\n", b"c" * 9000, b"\nd"]
    stream = stream_of(iter(pieces))
    assert b"".join(iter(lambda: stream.read(size), b"")) == b"".join(pieces)
