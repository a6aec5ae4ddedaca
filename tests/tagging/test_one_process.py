"""Tagging in one process: blocks give the text that sentences and documents give."""

import io
import json

import pytest

from windowner.formats.options import ReadOptions
from windowner.formats.table import FORMATS, WRITERS
from windowner.formats.texts import TEXT_READERS
from windowner.tagger.tagger import Tagger
from windowner.tagging import one_process, texts
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask

RECORDS = b"""{"id": 3, "tokens": ["John", "Smith"], "meta": {"a": [1.50, null]}}
{"tokens": []}

{"words": ["lives", "in", "Rome", "with", "Anna"], "scores": [1, 2, 3], "doc_id": "x"}
{"tokens": ["Anna"], "doc_id": "x", "spans": 3, "text": "y"}
{"tokens": ["Anna"], "tags": ["B-PER"], "id": "\\u00e9"}
"""
ROWS = b"""# newdoc id = 1
John x
Smith x

-DOCSTART- x

# an odd one
lives x
in x
# an odd one
Rome x


Anna x"""
INPUTS = {"jsonl": RECORDS[: RECORDS.rindex(b'{"tokens": ["Anna"], "tags"')], "columns": ROWS}


def sentence_by_sentence(tagger, data, task):
    """The obvious formulation: each sentence is read, tagged and written for itself."""
    text = ""
    for sentence in FORMATS[task.input_format].read(io.BytesIO(data), "f", ReadOptions(tag_column=None)):
        prediction = tagger.predict([sentence.tokens])
        if task.output_format == "spans":
            text += "" if sentence.is_mark else span_line(sentence, tagger.entities([sentence.tokens])[0])
            continue
        prediction = prediction.without_improbable()
        p = prediction.probabilities.tolist() if task.scores else None
        text += WRITERS[task.output_format](sentence, prediction.tag_names(task.scheme)[0], p)
    return text


def span_line(sentence, entities):
    """A sentence as a text, in which a space stands between two tokens, and its entities by their characters."""
    tokens = sentence.tokens
    spans = [
        {
            "start": sum(len(token) + 1 for token in tokens[: entity.start]),
            "end": sum(len(token) + 1 for token in tokens[: entity.end]) - 1,
            "label": entity.type,
            "text": entity.text,
            "probability": round(entity.probability, 4),
        }
        for entity in entities
    ]
    record = {**(sentence.extra or {}), "text": " ".join(tokens), "spans": spans}
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


@pytest.fixture
def blocks(monkeypatch):
    """The blocks that are tagged."""
    tagged = []
    tag_block = one_process._tag_block
    monkeypatch.setattr(one_process, "_tag_block", lambda *given: tagged.append(given) or tag_block(*given))
    return tagged


@pytest.mark.parametrize("scores", [False, True])
@pytest.mark.parametrize("output", ["jsonl", "columns", "spans"])
@pytest.mark.parametrize("form", INPUTS)
def test_blocks_are_tagged_as_sentence_by_sentence(tiny, blocks, form, output, scores):
    tagger, data = Tagger.load(tiny.model), INPUTS[form]
    task = TagTask(tiny.model, input_format=form, output_format=output, scheme="BIOES", scores=scores)
    pieces = list(tag_text(tagger, task, io.BytesIO(data)))
    assert b"".join(text for text, _ in pieces).decode() == sentence_by_sentence(tagger, data, task)
    assert sum(tokens for _, tokens in pieces) == {"jsonl": 8, "columns": 6}[form]
    assert blocks


def test_records_with_tags_that_were_not_met_before_are_read_record_by_record(tiny):
    tagger = Tagger.load(tiny.model)
    task = TagTask(tiny.model, input_format="jsonl", output_format="jsonl")
    ((text, tokens),) = tag_text(tagger, task, io.BytesIO(RECORDS))
    assert text.decode() == sentence_by_sentence(tagger, RECORDS, task)
    assert tokens == 9


TEXTS = {
    "text": "John Smith lives in Rome.\n\nAnna met Omar\n" * 3,
    "records": '{"id": 1, "text": "John  Smith lives in Rome.", "spans": 1}\n\n{"text": "", "x": "é"}\n' * 3,
    "document": "John Smith lives in Rome.\n\nAnna met Omar\n",
}


@pytest.mark.parametrize("characters", [1, 30, 10_000])
@pytest.mark.parametrize("form", TEXTS)
def test_texts_are_tagged_as_text_by_text(tiny, monkeypatch, form, characters):
    monkeypatch.setattr(texts, "CHARACTERS", characters)
    tagger, data = Tagger.load(tiny.model), TEXTS[form].encode()
    task = TagTask(tiny.model, input_format=form, output_format="spans")
    expected = []
    for document in TEXT_READERS[form](io.BytesIO(data), "f", 1):
        spans = [
            {
                **dict(zip(("start", "end", "label"), span, strict=False)),
                "text": document.text[span.start : span.end],
                "probability": round(span.probability, 4),
            }
            for span in tagger.tag_text(document.text)
        ]
        expected.append({**document.extra, "text": document.text, "spans": spans})
    pieces = list(tag_text(tagger, task, io.BytesIO(data)))
    lines = b"".join(text for text, _ in pieces).decode().splitlines()
    assert [list(json.loads(line).items()) for line in lines] == [list(record.items()) for record in expected]
    assert any(record["spans"] for record in expected)
    assert len(pieces) == 1 if characters > 1000 else len(pieces) > 1 or form == "document"
