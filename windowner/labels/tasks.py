"""Sentences with suggested entities, as annotation tools import them.

    jsonl           {"tokens": [...], "tags": ["B-PER", "I-PER", "O"], "meta": {...}}
    prodigy         {"text": ..., "tokens": [...], "spans": [...], "meta": {...}}
    doccano         {"text": ..., "label": [[0, 13, "PER"]], "meta": {...}}
    label-studio    [{"data": {"text": ..., "meta": {...}}, "predictions": [{"result": [...]}]}]

Tools that show text get the tokens joined by single spaces. A prediction of Label Studio is not an annotation: nobody
has confirmed it, so windowner does not read it as one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from windowner.formats.label_studio import mark_record
from windowner.formats.span_records import label_of
from windowner.text.conversion import document_of
from windowner.text.document import Document, Span
from windowner.text.sentence import Sentence
from windowner.text.token_spans import TokenSpan, span_tags


@dataclass(frozen=True)
class Task:
    """A sentence to be looked at.

    Parameters
    ----------
    tokens
        Its tokens.
    spans
        The entities that are suggested.
    score
        How urgent it is; larger is more urgent.
    meta
        What else is worth knowing, as JSON holds it.
    """

    tokens: Sequence[str]
    spans: Sequence[TokenSpan]
    score: float
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The sentence as text with spans of characters."""
        tags = span_tags(self.spans, len(self.tokens), "IOB2")
        return document_of([Sentence(list(self.tokens), tags, 1, [])])


def plain_task(task: Task) -> dict[str, Any]:
    """Return tokens and IOB2 tags, as `windowner train` reads them."""
    tags = span_tags(task.spans, len(task.tokens), "IOB2")
    return {"tokens": list(task.tokens), "tags": tags, "score": round(task.score, 4), "meta": dict(task.meta)}


def prodigy_task(task: Task) -> dict[str, Any]:
    """Return a task of Prodigy's `ner.manual`: spans hold whole tokens, whose last one is `token_end`."""
    document = task.document
    offsets = document.sentences[0] if document.sentences else []
    last = len(offsets) - 1
    tokens = [
        {"text": document.text[start:end], "start": start, "end": end, "id": number, "ws": number < last}
        for number, (start, end) in enumerate(offsets)
    ]
    spans = [
        {**_characters(span), "token_start": entity.start, "token_end": entity.end - 1}
        for span, entity in zip(document.spans or [], sorted(task.spans), strict=True)
    ]
    return {
        "text": document.text,
        "tokens": tokens,
        "spans": spans,
        "meta": {**task.meta, "score": round(task.score, 4)},
    }


def doccano_task(task: Task) -> dict[str, Any]:
    """Return a record of doccano's JSONL for sequence labelling."""
    document = task.document
    labels = [[span.start, span.end, label_of(span)] for span in document.spans or []]
    return {"text": document.text, "label": labels, "meta": {**task.meta, "score": round(task.score, 4)}}


def label_studio_task(task: Task) -> dict[str, Any]:
    """Return a task of Label Studio with one prediction."""
    document = task.document
    results = [mark_record(number, document.text, span) for number, span in enumerate(document.spans or [])]
    prediction = {"model_version": "windowner", "score": round(task.score, 4), "result": results}
    return {"data": {"text": document.text, "meta": dict(task.meta)}, "predictions": [prediction]}


TASKS: dict[str, Callable[[Task], dict[str, Any]]] = {
    "jsonl": plain_task,
    "prodigy": prodigy_task,
    "doccano": doccano_task,
    "label-studio": label_studio_task,
}
"""What a task becomes in each format, by the name of the format."""


def write_tasks(tasks: Iterable[Task], format: str) -> str:
    """Return tasks as text: a JSON array for Label Studio, and otherwise one JSON object per line."""
    records = [msgspec.json.encode(TASKS[format](task)).decode() for task in tasks]
    if format == "label-studio":
        return "[\n" + ",\n".join(records) + "\n]\n"
    return "".join(f"{record}\n" for record in records)


def _characters(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": label_of(span)}
