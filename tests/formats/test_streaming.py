"""Sentences to be tagged, from streams of any format."""

import io

import pytest

from windowner.formats.distinct import Memory
from windowner.formats.record_blocks import RecordBlock
from windowner.formats.row_blocks import RowBlock
from windowner.formats.streaming import stream_blocks, stream_sentences
from windowner.formats.tokens import TokenBlock
from windowner.text.sentence import Sentence


def test_streams_to_be_tagged() -> None:
    columns = stream_sentences(io.BytesIO(b"a x\n\nb y\n"), "-", "columns")
    assert [(sentence.tokens, sentence.tags) for sentence in columns] == [(["a"], None), (["b"], None)]
    tokens = stream_sentences(io.BytesIO(b"a x\n\nb y\n"), "-", "tokens")
    assert [sentence.tokens for sentence in tokens] == [["a", "x"], [], ["b", "y"]]
    records = stream_sentences(io.BytesIO(b'{"tokens": ["a"]}'), "-", "jsonl")
    assert [(sentence.tokens, sentence.tags) for sentence in records] == [(["a"], None)]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format 'xml', expected one of columns, tokens, jsonl"):
        stream_sentences(io.BytesIO(), "-", "xml")


@pytest.mark.parametrize(
    ("format", "data", "kinds"),
    [
        ("columns", b"a x\n\nb y\n\n", [RowBlock]),
        ("tokens", b"a x\n\nb y\n", [TokenBlock]),
        ("jsonl", b'{"tokens": ["a"]}\n', [RecordBlock]),
        ("jsonl", b'[{"tokens": ["a"]}]', [RecordBlock]),
        ("conllu", b"1\ta" + b"\t_" * 8 + b"\n\n", [Sentence]),
    ],
)
def test_blocks_are_read_where_the_format_has_them(format: str, data: bytes, kinds: list[type]) -> None:
    assert [type(part) for part in stream_blocks(io.BytesIO(data), "f", format, Memory())] == kinds
