"""Blocks of documents: a column file gets the rows and tags that it gets when it is read in sentences."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import windowner.formats.blocks
import windowner.formats.distinct
import windowner.formats.streaming
import windowner.text.stretches
from windowner.errors import DataError
from windowner.formats.distinct import Memory
from windowner.formats.streaming import stream_blocks, stream_sentences
from windowner.formats.table import WRITERS
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_blocks import document_blocks
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask
from windowner.tagging.texts import cut_sentences

TOKENS = ["John x", "Smith x", "Paris x", "lives x", "Omar x"]
ROWS = [*TOKENS * 4, *[""] * 10, "-DOCSTART- x", "# newdoc id = 3", "# a comment here"]


@pytest.fixture(scope="module")
def tagger(short_stretches) -> Tagger:
    return short_stretches


def stretches_by_sentences(tagger: Tagger, text: str) -> list[int]:
    """The number of tokens of each stretch."""
    found = []
    sentences = stream_sentences(io.BytesIO(text.encode()), "f", "columns")
    for chunk, edges in cut_sentences(tagger, ((sentence, sentence.is_document_start) for sentence in sentences)):
        ends = np.cumsum([0, *(len(sentence.tokens) for sentence in chunk)])
        found += np.diff(ends[edges]).tolist()
    return [tokens for tokens in found if tokens]


def stretches_by_blocks(text: str, size: int) -> list[int]:
    found = []
    items = stream_blocks(Slow(text.encode()), "f", "columns", Memory())
    for block, edges in document_blocks(items, size):
        ends = np.append(0, np.cumsum(block.numbered_tokens().lengths))
        found += np.diff(ends[edges]).tolist()
    return [tokens for tokens in found if tokens]


def by_sentences(tagger: Tagger, text: str) -> str:
    sentences = stream_sentences(io.BytesIO(text.encode()), "f", "columns")
    written = []
    for chunk, edges in cut_sentences(tagger, ((sentence, sentence.is_document_start) for sentence in sentences)):
        prediction = tagger.predict([sentence.tokens for sentence in chunk], edges)
        probabilities = prediction.probabilities.tolist()
        scores = [probabilities[a:b] for a, b in zip(prediction.offsets, prediction.offsets[1:], strict=False)]
        written += map(WRITERS["columns"], chunk, prediction.tag_names("IOB2"), scores)
    return "".join(written)


class Slow(io.BytesIO):
    """A stream of which each read gives 40 bytes."""

    def read1(self, size=-1):
        return super().read1(40)


def by_blocks(tagger: Tagger, text: str) -> str:
    task = TagTask("model", "f", "columns", "columns", scores=True, token_column=0)
    return b"".join(piece for piece, _ in tag_text(tagger, task, Slow(text.encode()))).decode()


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(ROWS), max_size=90) | st.lists(st.sampled_from(ROWS), min_size=50, max_size=90),
    st.sampled_from([1, 4, 100_000]),
    st.sampled_from([1, 40, 1 << 20]),
    st.sampled_from([2, 1 << 17]),
)
def test_blocks_give_the_tags_of_sentences(tagger, rows, pieces, size, remembered):
    """However small the blocks are, and however often the distinct rows are forgotten."""
    text = "".join(f"{row}\n" for row in ["John x", "", *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windowner.text.stretches, "LONGEST", 8)
        expected, stretches = by_sentences(tagger, text), stretches_by_sentences(tagger, text)
        patch.setattr(windowner.formats.blocks, "PIECES", pieces)
        patch.setattr(windowner.formats.streaming, "BLOCK_SIZE", size)
        patch.setattr(windowner.formats.distinct, "MOST", remembered)
        assert by_blocks(tagger, text) == expected
        if not rows or not any(row in TOKENS for row in rows):  # a file of one sentence has no blocks
            return
        assert stretches_by_blocks(text, 5) == stretches


def test_an_error_names_its_line(tagger, monkeypatch):
    monkeypatch.setattr(windowner.formats.blocks, "PIECES", 1)
    text = "\n\n-DOCSTART- x\n\nJohn x\n\n" + "Smith x\n\n" * 20 + "Paris\n"
    with pytest.raises(DataError, match=r"^f:47: 1 column, expected 2"):
        by_blocks(tagger, text)
