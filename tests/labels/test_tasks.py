"""Tasks are files of labelled text: windowner reads what it suggests, except predictions of Label Studio."""

import pytest

from windowner.formats.reading import read_corpus
from windowner.labels.tasks import Task, write_tasks
from windowner.text.token_spans import TokenSpan

TOKENS = "Angela Merkel met Paris Saint-Germain .".split()
SPANS = [TokenSpan(0, 2, "PER"), TokenSpan(3, 5, "ORG")]
TAGS = ["B-PER", "I-PER", "O", "B-ORG", "I-ORG", "O"]


@pytest.mark.parametrize("format", ["jsonl", "prodigy", "doccano"])
def test_a_task_is_read_as_labelled_text(format, tmp_path):
    path = tmp_path / "tasks.jsonl"
    path.write_text(write_tasks([Task(TOKENS, SPANS, 0.5, {"line": 7})], format), encoding="utf-8")
    (sentence,) = read_corpus(path).sentences
    assert (sentence.tokens, sentence.tags) == (TOKENS, TAGS)
