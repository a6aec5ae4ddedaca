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
from windowner.formats import distinct
from windowner.formats.columns import column_text
from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.formats.record_blocks import RecordBlock, read_record_blocks
from windowner.formats.record_writing import tag_lines
from windowner.formats.row_writing import NewColumns
from windowner.text.sentence import Sentence

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
    """The same by blocks, where they can be read."""
    codes, scores = cycle(range(len(NAMES))), cycle(SCORES)
    text = ""
    for part in read_record_blocks(Trickle(data, size), "f", OPTIONS):
        count = len(part.numbered_tokens().numbers) if isinstance(part, RecordBlock) else len(part.tokens)
        new = list(islice(codes, count))
        p = list(islice(scores, count)) if scored else None
        if isinstance(part, RecordBlock):
            columns = NewColumns(np.array(new, dtype=np.intp), NAMES, None if p is None else np.array(p))
            text += WRITERS[output][1](part, columns).decode()
        else:
            text += WRITERS[output][0](part, [NAMES[code] for code in new], p)
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


def parts_of(text: str) -> list[RecordBlock | Sentence]:
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
    assert isinstance(block, RecordBlock)
    assert block.numbered_tokens().sentences() == [
        each.tokens for each in read_json_lines(io.BytesIO(text.encode()), "f", OPTIONS)
    ]


def test_records_with_tags_are_a_block_when_their_tags_were_met_before() -> None:
    line = b'{"tokens": ["a", "b"], "tags": ["O", "B-A"]}\n'
    stream = Trickle(line * 3, len(line))
    kinds = [type(part) for part in read_record_blocks(stream, "f", OPTIONS)]
    assert kinds == [Sentence, RecordBlock, RecordBlock]


def test_an_array_is_read_record_by_record() -> None:
    assert [type(part) for part in parts_of('[{"tokens": ["a"]},\n{"tokens": ["b"]}]')] == [Sentence, Sentence]
