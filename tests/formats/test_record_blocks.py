"""JSON Lines in blocks: the same text, and the same errors, as record by record."""

import io
import json
from collections.abc import Callable
from itertools import cycle, islice
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from row_by_row import Trickle

from windowner.errors import DataError
from windowner.formats import distinct, record_blocks
from windowner.formats.columns import column_text
from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.formats.record_blocks import RecordBlock, read_record_blocks
from windowner.formats.record_writing import tag_lines
from windowner.formats.row_writing import NewColumns

NAMES = ("O", "B-A", "I-A")
SCORES = (0.5, 1.0, 0.12345, 1e-9)
OPTIONS = ReadOptions(tag_column=None)


WRITERS = {
    "jsonl": (json_line, lambda block, new: tag_lines(*block.untagged(), new)),
    "columns": (column_text, RecordBlock.written),
}
"""How a sentence is written, and how a block is."""


def record_by_record(data: bytes, scored: bool, output: str) -> str:
    """The obvious formulation: each record is a sentence, which is written for itself."""
    tags, scores = cycle(NAMES), cycle(SCORES)
    text = ""
    for sentence in read_json_lines(io.BytesIO(data), "f", OPTIONS):
        count = len(sentence.tokens)
        new = list(islice(tags, count))
        text += WRITERS[output][0](sentence, new, list(islice(scores, count)) if scored else None)
    return text


def in_blocks(data: bytes, scored: bool, output: str, size: int) -> str:
    """The same by blocks."""
    codes, scores = cycle(range(len(NAMES))), cycle(SCORES)
    text = ""
    for block in read_record_blocks(Trickle(data, size), "f", OPTIONS):
        count = len(block.numbered_tokens().numbers)
        new = list(islice(codes, count))
        p = np.array(list(islice(scores, count))) if scored else None
        text += WRITERS[output][1](block, NewColumns(np.array(new, dtype=np.intp), NAMES, p)).decode()
    return text


def outcome(act: Callable[[], str]) -> str:
    try:
        return act()
    except DataError as error:
        return f"error: {error}"


TOKENS = ["Paris", "is", "", "Rome", "\u2028", "é", "♥", '"', "\\", "\n", "a\tb", "-DOCSTART-"]
LISTS = st.lists(st.sampled_from(TOKENS), max_size=3).map(json.dumps)
TAGS = st.sampled_from(['["O"]', '["O", "B-A"]', '["M-A"]', '["PER"]', "[0]", '[["O"]]', '"O"', "null", "[]"])
VALUES = st.sampled_from(['"x"', "7", "1.50", "null", "[1, {}]", '{"a": "é"}'])
FIELDS = st.one_of(
    st.tuples(st.sampled_from(["id", "doc_id", "text", "scores", "data", "meta"]), VALUES),
    st.tuples(st.sampled_from(["tags", "ner_tags"]), TAGS),
    st.tuples(st.sampled_from(["words", "tokens"]), LISTS),
)
RECORDS = st.tuples(st.lists(FIELDS, max_size=2), LISTS, st.lists(FIELDS, max_size=1)).map(
    lambda parts: "{" + ", ".join(f'"{k}": {v}' for k, v in [*parts[0], ("tokens", parts[1]), *parts[2]]) + "}"
)
ODD = st.sampled_from(
    [
        *[
            "",
            " \t",
            "[1]",
            "{",
            '{"tokens": "a"}',
            '{"tokens": [1]}',
            '{"tokens": ["a", true]}',
            '{"tokens": [["a"]]}',
        ],
        *['{"tokens": ["a"', '"b"]}', '{"tokens": ["a"]}, {"tokens": ["b"]}', '{"tokens": ["a"]} {"tokens": ["b"]}'],
        *['{"data": [{"tokens": ["a"]}, {"tokens": ["b"], "id": 2}]}', '{"tags": ["O"]}', "[" * 2000],
    ]
)
LINES = st.lists(st.one_of(RECORDS, RECORDS, RECORDS, ODD), max_size=6)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(
    LINES,
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 60),
    st.integers(0, 5),
    st.booleans(),
    st.sampled_from(list(WRITERS)),
)
def test_blocks_are_written_as_their_records_are(
    lines: list[str], line_end: str, size: int, most: int, scored: bool, output: str
) -> None:
    data = line_end.join(lines).encode()
    expected = outcome(lambda: record_by_record(data, scored, output))
    with patch.multiple(distinct, MOST=most):
        assert outcome(lambda: in_blocks(data, scored, output, size)) == expected


def parts_of(text: str) -> list[RecordBlock]:
    return list(read_record_blocks(io.BytesIO(text.encode()), "f", OPTIONS, 1 << 20))


@pytest.mark.parametrize(
    "text",
    [
        '{"tokens": ["a", "b"]}\n\n{"id": 1, "words": ["c"]}\n',
        '{"tokens": [], "scores": [], "x": null}\n',
    ],
)
def test_plain_records_are_one_block(text: str) -> None:
    (block,) = parts_of(text)
    assert block.numbered_tokens().sentences() == [
        each.tokens for each in read_json_lines(io.BytesIO(text.encode()), "f", OPTIONS)
    ]


def test_records_with_new_tags_and_arrays_are_blocks() -> None:
    """They are read record by record."""
    line = b'{"tokens": ["a", "b"], "tags": ["O", "B-A"]}\n'
    for data in (line * 3, b"[" + line + b"," + line + b"," + line + b"]"):
        with patch.multiple(record_blocks, PIECES=2):
            blocks = list(read_record_blocks(Trickle(data, len(line)), "f", OPTIONS))
        assert [block.untagged() for block in blocks] == [([{}], [["a", "b"]])] * 3


def test_records_before_an_error_are_a_block() -> None:
    text = '{"tokens": ["a"], "id": 1}\n{"tokens": ["b"], "doc": 1}\n{"tokens": ["c", 2]}\n{"tokens": ["d"]}\n'
    blocks = read_record_blocks(io.BytesIO(text.encode()), "f", OPTIONS)
    block = next(blocks)
    assert (block.untagged(), block.opening) == (([{"id": 1}, {"doc": 1}], [["a"], ["b"]]), [False, True])
    with pytest.raises(DataError, match=r"^f:3: "):
        next(blocks)


@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("end", range(4))
def test_parts_of_a_block_are_joined(start: int, end: int) -> None:
    (block,) = parts_of('{"tokens": ["a"]}\n{"tokens": [], "doc": 1}\n{"tokens": ["b", "a"], "x": 1}\n')
    parts = [block.part(0, min(start, end)), block.part(min(start, end), end), block.part(end)]
    (other,) = parts_of('{"tokens": ["b", "c"], "doc": 2}\n')  # with other distinct tokens
    found, expected = RecordBlock.joined([*parts, other]), [["a"], [], ["b", "a"], ["b", "c"]]
    assert found.numbered_tokens().sentences() == found.records.tokens == expected
    assert found.opens().tolist() == [False, True, False, True, False]
    assert found.sentence_lengths().tolist() == [1, 0, 2, 2]
    assert found.records.lines == [1, 2, 3, 1]
    assert found.records.rest == [{}, {"doc": 1}, {"x": 1}, {"doc": 2}]
