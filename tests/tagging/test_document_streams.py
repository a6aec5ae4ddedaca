"""Streams of documents: a file gets the tags of `Tagger.tag`, in one process and in several."""

import io

import pytest

import windowner
import windowner.tagger.chunks
from windowner.errors import DataError
from windowner.tagger.tagger import Tagger
from windowner.tagging.streams import tag_stream
from windowner.tagging.task import TagTask
from windowner.text.sentence import Corpus

MARK = "-DOCSTART- O\n\n"


def columns(corpus: Corpus, starts: list[int]) -> str:
    rows = ("".join(f"{token} x\n" for token in tokens) + "\n" for tokens in corpus.tokens)
    return "".join(MARK * (number in starts) + text for number, text in enumerate(rows))


class Slow(io.BytesIO):
    """A stream of which each read gives a hundred bytes."""

    def read1(self, size=-1):
        return super().read1(100)


def tag(task, text, jobs=1):
    return b"".join(piece for piece, _ in tag_stream(task, io.BytesIO(text.encode()), jobs)).decode()


@pytest.fixture
def corpus(documents) -> Corpus:
    return windowner.read_corpus(documents.folder / "dev.conll")


@pytest.mark.parametrize("starts", [[], [0, 5, 10], [4]], ids=["stretches", "documents", "a mark in the middle"])
@pytest.mark.parametrize("output", ["columns", "jsonl", "spans"])
def test_two_processes_write_what_one_writes(documents, corpus, monkeypatch, starts, output):
    text = columns(corpus, starts)
    task = TagTask(documents.model, input_format="columns", output_format=output, scores=True)
    expected = tag(task, text)
    monkeypatch.setattr(windowner.tagger.chunks, "TOKENS", 20)
    assert tag(task, text) == expected
    assert tag(task, text, jobs=2) == expected


@pytest.mark.parametrize("starts", [[], [0, 5, 10], [4]])
def test_a_file_gets_the_tags_of_the_sentences(documents, corpus, starts):
    tagged = tag(TagTask(documents.model), columns(corpus, starts))
    found = [row.split()[-1] for row in tagged.split("\n") if row and not row.startswith("-DOCSTART-")]
    tags = Tagger.load(documents.model).tag(corpus.tokens, document_starts=starts)
    assert found == [tag for sentence in tags for tag in sentence]


@pytest.mark.parametrize("form", ["text", "records"])
@pytest.mark.parametrize("output", ["columns", "spans"])
def test_a_line_of_text_is_a_document_in_every_process(documents, form, output):
    lines = ["John Smith lives in Paris. Smith met Anna.", "Paris is big.", ""] * 20
    text = "".join(f"{line}\n" if form == "text" else f'{{"text": "{line}"}}\n' for line in lines)
    task = TagTask(documents.model, input_format=form, output_format=output)
    assert tag(task, text, jobs=2) == tag(task, text)


def test_what_comes_before_an_error_is_delivered(documents, monkeypatch):
    monkeypatch.setattr(windowner.tagger.chunks, "TOKENS", 1)
    text = f"John x\n\n{MARK}".encode() * 40 + b"\xff x\n"
    pieces = []
    with pytest.raises(DataError, match=r"^f:161: byte 0xff, expected UTF-8"):
        pieces.extend(tag_stream(TagTask(documents.model, "f", "columns"), Slow(text), jobs=2))
    assert b"John" in b"".join(piece for piece, _ in pieces)
