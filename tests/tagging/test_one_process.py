"""Tagging in one process: blocks give the text that sentences give."""

import io

import pytest

from windowner.formats.jsonl import json_line, read_json_lines
from windowner.formats.options import ReadOptions
from windowner.tagger.tagger import Tagger
from windowner.tagging import one_process
from windowner.tagging.one_process import tag_text
from windowner.tagging.task import TagTask

RECORDS = b"""{"id": 3, "tokens": ["John", "Smith"], "meta": {"a": [1.50, null]}}
{"tokens": []}

{"words": ["lives", "in", "Rome"], "scores": [1, 2, 3], "doc_id": "x"}
{"tokens": ["Anna"], "tags": ["B-PER"], "id": "\\u00e9"}
"""


@pytest.mark.parametrize("scores", [False, True])
@pytest.mark.parametrize("with_tags", [False, True])
def test_records_are_tagged_as_sentence_by_sentence(tiny, monkeypatch, scores, with_tags):
    """Records with tags, which were not met before, are no block. The others are one."""
    data = RECORDS if with_tags else RECORDS[: RECORDS.rindex(b'{"tokens": ["Anna"]')]
    tagger = Tagger.load(tiny.model)
    task = TagTask(tiny.model, input_format="jsonl", output_format="jsonl", scheme="BIOES", scores=scores)
    expected = ""
    for sentence in read_json_lines(io.BytesIO(data), "f", ReadOptions(tag_column=None)):
        prediction = tagger.predict([sentence.tokens]).without_improbable()
        p = prediction.probabilities.tolist() if scores else None
        expected += json_line(sentence, prediction.tag_names("BIOES")[0], p)
    blocks = []
    tag_block = one_process._tag_block
    monkeypatch.setattr(one_process, "_tag_block", lambda *given: blocks.append(given) or tag_block(*given))
    pieces = list(tag_text(tagger, task, io.BytesIO(data)))
    assert b"".join(text for text, _ in pieces).decode() == expected
    assert sum(tokens for _, tokens in pieces) == (6 if with_tags else 5)
    assert len(blocks) == (0 if with_tags else 1)
