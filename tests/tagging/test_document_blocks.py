"""Blocks of documents: a file gets the text that it gets when it is read in sentences."""

import io
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import windowner.formats.blocks
import windowner.formats.distinct
import windowner.formats.record_blocks
import windowner.formats.streaming
import windowner.text.stretches
from windowner.errors import DataError
from windowner.formats.distinct import Memory
from windowner.formats.streaming import stream_blocks, stream_sentences
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_blocks import DocumentBlock, document_blocks
from windowner.tagging.one_process import tag_cut, tag_text
from windowner.tagging.task import TagTask
from windowner.tagging.texts import cut_sentences

TOKENS = ["John x", "Smith x", "Paris x", "lives x", "Omar x"]
RECORDS = [
    *['{"tokens": ["John", "Smith"]}', '{"tokens": ["Paris"], "tags": ["O"]}', '{"words": ["lives", "Omar"], "id": 1}']
    * 4,
    *['{"tokens": []}', "", " \t"],
    *['{"doc_id": 1, "tokens": ["John"]}', '{"tokens": ["Smith"], "doc_id": 2}', '{"doc": null, "tokens": ["Paris"]}'],
    *['{"document": {"a": 1}, "doc": 3, "tokens": []}', '{"document_id": "x", "tokens": ["Smith"], "scores": [1]}'],
    '{"data": [{"tokens": ["John"], "doc": 1}, {"tokens": ["Smith"], "doc": 1}, {"tokens": ["Omar"], "doc": 2}]}',
]
WRONG = [
    '{"tokens": ["John", 1]}',
    '{"tokens": ["John"], "tags": []}',
    "[1]",
    '{"tokens": ["Paris"], "tags": ["X"]}',
]
LINES = {
    "columns": [*TOKENS * 4, *[""] * 10, "-DOCSTART- x", "# newdoc id = 3", "# a comment here"],
    "tokens": ["John Smith", "Paris", "\tlives  Omar ", "Smith", "", " \t"],
    "jsonl": RECORDS,
}
"""Lines of each format that is read in blocks. They mark documents in every way that the format knows."""

CASES = [("columns", "columns"), ("columns", "spans"), ("tokens", "columns")]
CASES += [("jsonl", output) for output in ("jsonl", "columns", "spans")]


class Slow(io.BytesIO):
    """A stream of which each read gives 40 bytes."""

    def read1(self, size=-1):
        return super().read1(40)


@pytest.fixture(scope="module")
def tagger(short_stretches) -> Tagger:
    return short_stretches


def outcome(pieces):
    """What comes out, and the error."""
    found = []
    try:
        found.extend(pieces)
    except DataError as error:
        return found, str(error)
    return found, ""


def sentences_of(text: str, format: str):
    yield from stream_sentences(io.BytesIO(text.encode()), "f", format)


def by_sentences(tagger: Tagger, task: TagTask, text: str) -> tuple[str, list[int], str]:
    """What is written for the sentences before an error, the number of tokens of each stretch, and the error."""
    sentences, error = outcome(sentences_of(text, task.input_format))
    written, lengths = "", []
    for chunk, edges in cut_sentences(tagger, ((sentence, sentence.is_document_start) for sentence in sentences)):
        written += tag_cut(tagger, task, chunk, edges)[0].decode()
        ends = np.cumsum([0, *(len(sentence.tokens) for sentence in chunk)])
        lengths += [end - start for start, end in pairwise(ends[edges].tolist()) if end > start]
    return written, lengths, error


def by_blocks(tagger: Tagger, task: TagTask, text: str) -> tuple[str, list[int], str]:
    pieces, error = outcome(tag_text(tagger, task, Slow(text.encode())))
    lengths = []
    items, _ = outcome(document_blocks(stream_blocks(Slow(text.encode()), "f", task.input_format, Memory()), 5))
    for item in items:
        if isinstance(item, DocumentBlock):
            ends = np.append(0, np.cumsum(item.block.numbered_tokens().lengths))
            lengths += [end - start for start, end in pairwise(ends[item.documents].tolist()) if end > start]
    return b"".join(text for text, _ in pieces).decode(), lengths, error


def check(tagger, format, output, lines, sizes):
    """However small the blocks are, and however often the distinct pieces are forgotten."""
    pieces, size, remembered = sizes
    text = "".join(f"{line}\n" for line in lines)
    task = TagTask("model", "f", format, output, scores=output != "spans", token_column=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windowner.text.stretches, "LONGEST", 8)
        expected = by_sentences(tagger, task, text)
        patch.setattr(windowner.formats.blocks, "PIECES", pieces)
        patch.setattr(windowner.formats.record_blocks, "PIECES", pieces)
        patch.setattr(windowner.formats.streaming, "BLOCK_SIZE", size)
        patch.setattr(windowner.formats.distinct, "MOST", remembered)
        assert by_blocks(tagger, task, text) == expected


SIZES = st.tuples(st.sampled_from([1, 4, 100_000]), st.sampled_from([1, 40, 1 << 20]), st.sampled_from([2, 1 << 17]))


def lists(values):
    return st.lists(st.sampled_from(values), max_size=60) | st.lists(st.sampled_from(values), min_size=40, max_size=60)


FILES = st.sampled_from(CASES).flatmap(lambda case: st.tuples(st.just(case), lists(LINES[case[0]])))


@settings(derandomize=True, deadline=None, max_examples=250)
@given(FILES, SIZES)
def test_blocks_give_the_text_of_sentences(tagger, file, sizes):
    (format, output), lines = file
    check(tagger, format, output, lines, sizes)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(lists(RECORDS), st.sampled_from(WRONG), lists(RECORDS), SIZES)
def test_records_before_an_error_are_delivered(tagger, before, wrong, after, sizes):
    check(tagger, "jsonl", "jsonl", [*before, wrong, *after[:5]], sizes)


def test_an_error_names_its_line(tagger, monkeypatch):
    monkeypatch.setattr(windowner.formats.blocks, "PIECES", 1)
    text = "\n\n-DOCSTART- x\n\nJohn x\n\n" + "Smith x\n\n" * 20 + "Paris\n"
    _, error = outcome(tag_text(tagger, TagTask("model", "f", token_column=0), Slow(text.encode())))
    assert error.startswith("f:47: 1 column, expected 2")


def test_a_stretch_without_end_is_joined_once(tagger, monkeypatch):
    """So that time grows with the text alone, where many sentences have no tokens."""
    joined = []
    join = windowner.formats.row_blocks.RowBlock.joined.__func__
    monkeypatch.setattr(
        windowner.formats.row_blocks.RowBlock,
        "joined",
        classmethod(lambda cls, blocks: joined.append(len(blocks)) or join(cls, blocks)),
    )
    text = "John x\n\n" + "# a comment here\n\n" * 100
    monkeypatch.setattr(windowner.formats.streaming, "BLOCK_SIZE", 1)
    pieces, _ = outcome(tag_text(tagger, TagTask("model", "f", token_column=0), Slow(text.encode())))
    assert b"".join(text for text, _ in pieces).count(b"comment") == 100
    assert len(joined) == 1
    assert joined[0] > 10
