"""Lines of tokens."""

import io
from itertools import cycle
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from row_by_row import Trickle, write_row_by_row

from windowner.errors import DataError
from windowner.formats import blocks, distinct
from windowner.formats.options import ReadOptions
from windowner.formats.row_writing import NewColumns
from windowner.formats.tokens import read_token_blocks, read_token_lines
from windowner.text.sentence import Sentence


def test_token_lines() -> None:
    stream = io.BytesIO("Paris  is\tbig \r\n\n1\xa0000\u2028 km".encode())
    assert list(read_token_lines(stream, "f")) == [
        Sentence(["Paris", "is", "big"], None, 1, []),
        Sentence([], None, 2, []),
        Sentence(["1\xa0000\u2028", "km"], None, 3, []),
    ]


PIECES = st.sampled_from(["Paris", "is", "1\xa0000", "\u2028", "\x1c", "#", " ", " ", "\t", "\r", "\f", "\n", "\n"])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(PIECES).map(" ".join), st.integers(1, 20), st.integers(1, 9), st.integers(0, 5), st.booleans())
def test_blocks_are_written_as_their_lines_are(text: str, size: int, pieces: int, most: int, scored: bool) -> None:
    """Read line by line and written sentence by sentence, the same text comes out."""
    tags, scores = cycle(["O", "B-A", "I-A"]), cycle([0.5, 1.0]) if scored else None
    written = ""
    with patch.multiple(blocks, PIECES=pieces), patch.multiple(distinct, MOST=most):
        for block in read_token_blocks(Trickle(text.encode(), size), "f", ReadOptions(tag_column=None)):
            count = len(block.numbered_tokens().numbers)
            codes = np.array(["OBI".index(next(tags)[0]) for _ in range(count)], dtype=np.intp)
            p = None if scores is None else np.array([next(scores) for _ in range(count)])
            written += block.written(NewColumns(codes, ["O", "B-A", "I-A"], p)).decode()
    sentences = list(read_token_lines(io.BytesIO(text.encode()), "f"))
    again = cycle([0.5, 1.0]) if scored else None
    assert written == write_row_by_row(sentences, cycle(["O", "B-A", "I-A"]), again)


def test_a_token_that_would_begin_a_document_is_named_by_its_line() -> None:
    with patch.multiple(blocks, PIECES=3):
        _, block, _ = read_token_blocks(io.BytesIO(b"a b\n\nc -DOCSTART- d\n-DOCSTART-x\n"), "f", ReadOptions())
    with pytest.raises(DataError, match=r"^line 3: token '-DOCSTART-' would begin a document in a column file; "):
        block.numbered_tokens()
