"""Blocks of numbered rows give what reading and writing row by row gives, in every file."""

import io
from itertools import cycle
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from row_by_row import Trickle, read_row_by_row, write_row_by_row

from windowner.errors import DataError
from windowner.formats import blocks, distinct
from windowner.formats.blocks import Block, block_ends
from windowner.formats.columns import read_columns
from windowner.formats.distinct import DistinctPieces, Memory
from windowner.formats.options import ReadOptions
from windowner.formats.row_blocks import read_row_blocks
from windowner.formats.row_writing import NewColumns

GOOD = ["a\tO", "b\tB-A", "c\tx\tO", "d\tO\t", "e\tO\t\t", "\tO", "\u2028\tO", "a b\tO", "#\tO", "f\tPER"]
SPACED = ["a O", "b  B-A ", " c O", "# O", "\xa0 O"]
SINGLE = ["a", "#b", "# c", "#"]
BETWEEN = ["", "", "", " \t", "\f", "\r", "-DOCSTART-", "-DOCSTART- O", "-DOCSTART-\tO "]
COMMENTS = ["# x", "# newdoc id = 1", "#begin document (a)", "#x\tPER", "#x\tx\tPER", "# a b", "token\ttag", "#y O"]
BAD = ["Paris", "New York O", "x\tNNP", "a b c d O", "\ufeff O"]
ROWS = st.one_of(*map(st.sampled_from, (GOOD, SPACED, SINGLE, BETWEEN, COMMENTS, BAD)))
ALIKE = st.sampled_from([GOOD, SPACED, SINGLE]).flatmap(
    lambda kind: st.lists(st.one_of(*map(st.sampled_from, (kind, kind, BETWEEN, COMMENTS))))
)
FILES = st.one_of(ALIKE, ALIKE, st.lists(ROWS)).map("\n".join)
COLUMNS = st.sampled_from([{"token_column": -1}, {"token_column": 1}, {}, {}])
SEEN = st.fixed_dictionaries(
    {},
    optional={
        "header": st.just("token\ttag"),
        "width": st.integers(0, 3),
        "shape_column": st.integers(0, 2),
        "bare_types": st.just(True),
    },
)
OPTIONS = st.builds(lambda columns, seen: {**columns, **seen}, COLUMNS, SEEN)


def outcome(call: Any, *arguments: Any) -> Any:
    """What a call returns, or the message of its error."""
    try:
        return call(*arguments)
    except DataError as error:
        return str(error)


def small(pieces: int, most: int) -> Any:
    """Let blocks have few pieces, and few distinct pieces be known."""
    return patch.multiple(blocks, PIECES=pieces), patch.multiple(distinct, MOST=most)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(FILES, OPTIONS, st.sampled_from([None, -1]), st.integers(1, 60), st.integers(1, 9), st.integers(0, 9))
def test_sentences_are_those_of_each_row(
    text: str, seen: dict[str, Any], tag_column: int | None, size: int, pieces: int, most: int
) -> None:
    """With line numbers, comments, document marks and errors, whatever the blocks are."""
    columns = {"tag_column": tag_column, **seen}
    if columns.get("token_column", 0) == tag_column:
        columns["token_column"] = 0
    data, options = text.encode(), ReadOptions(**columns)
    expected = outcome(lambda: list(read_row_by_row(io.BytesIO(data), "f", options)))
    few_pieces, few_known = small(pieces, most)
    with few_pieces, few_known:
        assert outcome(lambda: list(read_columns(Trickle(data, size), "f", options))) == expected


@settings(derandomize=True, deadline=None, max_examples=600)
@given(FILES, OPTIONS, st.integers(1, 60), st.integers(1, 9), st.integers(0, 9), st.booleans())
def test_text_is_that_of_each_sentence(
    text: str, seen: dict[str, Any], size: int, pieces: int, most: int, scored: bool
) -> None:
    data, options = text.encode(), ReadOptions(**{"tag_column": None, **seen})
    few_pieces, few_known = small(pieces, most)
    with few_pieces, few_known:
        found = outcome(write_blocks, data, options, size, scored)
    expected = outcome(
        lambda: write_row_by_row(list(read_row_by_row(io.BytesIO(data), "f", options)), *next_tags(scored))
    )
    assert found == expected


def next_tags(scored: bool) -> Any:
    return cycle(["O", "B-A", "I-A"]), cycle([0.25, 1.0, 0.99996]) if scored else None


def write_blocks(data: bytes, options: ReadOptions, size: int, scored: bool) -> str:
    text = ""
    tags, scores = next_tags(scored)
    for part in read_row_blocks(Trickle(data, size), "f", options):
        if not isinstance(part, Block):
            text += write_row_by_row([part], tags, scores)
            continue
        count = len(part.numbered_tokens().numbers)
        codes = [["x", "I-A", "B-A", "O"].index(next(tags)) for _ in range(count)]
        p = None if scores is None else np.array([next(scores) for _ in range(count)])
        text += part.written(NewColumns(np.array(codes, dtype=np.intp), ["x", "I-A", "B-A", "O"], p)).decode()
    return text


def test_the_tokens_of_a_block() -> None:
    data = b"a x\n\n# c d\n\nthe y\na z\n# c d\n\n\n-DOCSTART-\nthe y\n\n"
    (block,) = read_row_blocks(io.BytesIO(data), "f", ReadOptions(tag_column=None))
    assert isinstance(block, Block)
    assert block.numbered_tokens().sentences() == [["a"], ["the", "a"], ["the"]]
    assert len(block.known) == 6  # the rows that differ, a blank one among them


def test_a_sentence_may_be_longer_than_a_block() -> None:
    """Sentences end behind the rows 3, 16 and 18, blocks behind the first of them at 3, 6, 9, 12, 15 and 18."""
    closes = np.array([0, 0, 1, *[0] * 12, 1, 0, 1, 0], dtype=np.bool_)
    with patch.multiple(blocks, PIECES=3):
        assert block_ends(closes) == [3, 16, 18]
    assert block_ends(closes) == [18]
    assert block_ends(np.zeros(3, dtype=np.bool_)) == []


def test_the_first_row_that_does_not_fit_is_named() -> None:
    rows = b"a O\n\n" + b"b O\n\n" * 3 + b"c\n\n"
    (block,) = read_row_blocks(io.BytesIO(rows), "f", ReadOptions(tag_column=None))
    with pytest.raises(DataError, match=r"^f:9: 1 column, expected 2$"):
        block.numbered_tokens()


def test_few_distinct_rows_are_remembered() -> None:
    """A block that begins when more than three are known forgets them all; the open sentence is numbered again."""
    rows = "".join(f"{number} O\n" + "\n" * (number % 3 == 0) for number in range(40)).encode()
    few_pieces, few_known = small(100, 3)
    with few_pieces, few_known:
        found = [part for part in read_row_blocks(Trickle(rows, 10), "f", ReadOptions(tag_column=None))]
    assert max(len(part.known) for part in found) < 12
    tokens = [sentence for part in found for sentence in part.numbered_tokens().sentences()]
    assert [int(token) for sentence in tokens for token in sentence] == [*range(40)]


def test_rows_are_remembered_from_file_to_file() -> None:
    """With another width they are looked at anew, because it may make a comment of a token."""
    memory, options = Memory(), ReadOptions(tag_column=None)

    def known_after(data: bytes) -> tuple[DistinctPieces, list[list[str]]]:
        *_, block = read_row_blocks(io.BytesIO(data), "f", options, memory=memory)
        return block.known, block.numbered_tokens().sentences()

    narrow, tokens = known_after(b"a O\n\n# O\nb O\n")
    assert (tokens, len(narrow)) == ([["#", "b"]], 4)
    again, tokens = known_after(b"a O\n\nb O\nc O\n")
    assert (again is narrow, tokens, len(narrow)) == (True, [["b", "c"]], 5)
    wide, tokens = known_after(b"a x O\n\n# O\nb x O\n")
    assert (wide is narrow, tokens) == (False, [["b"]])
