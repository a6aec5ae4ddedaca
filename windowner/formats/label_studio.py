"""Label Studio's JSON: an array of tasks, each with a text and the spans that annotators chose in it."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.json_records import read_records
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import read_span, shortened, span_record
from windowner.text.document import Document, Span
from windowner.text.wording import count_of

ANNOTATIONS = ("annotations", "completions", "result", "predictions")
EXPECTED = "expected a task of Label Studio with data and annotations"
KEPT = ("id", "meta")
LABELS = "labels"
"""Type of the marks that label a stretch of text."""

_DEFAULTS = ReadOptions()


class _Mark(msgspec.Struct):
    """What is read of a mark. Marks of other types than `LABELS` hold other values, or none."""

    type: str | None = None
    to_name: str | None = None
    value: dict[str, Any] | None = None


class _Annotation(msgspec.Struct):
    """What is read of an annotation."""

    result: list[_Mark] | None = None
    was_cancelled: bool | None = None
    skipped: bool | None = None


class _Task(msgspec.Struct):
    """What is read of a task."""

    data: dict[str, Any]
    result: list[_Mark] | None = None
    annotations: list[_Annotation] | None = None
    completions: list[_Annotation] | None = None
    predictions: Any = None


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    return "data" in head.keys and bool(head.keys & set(ANNOTATIONS))


def read_label_studio(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Document]:
    """Read an export of Label Studio; of several annotations of one task, the first that was not cancelled.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        Whether every task must be annotated.

    Raises
    ------
    DataError
        If a task holds no text, or a span does not fit it.
    """
    for line, record in read_records(stream, name, EXPECTED, options.first_line):
        where = f"{name}:{line}"
        task = _task(record, where)
        results = _results(task)
        if results is None and options.tagged:
            options.count(f"tasks without an annotation are left out{_predicted(task)}")
            continue
        text = _text(task.data, results or [], where)
        spans = None if results is None else _spans(results, text, where, options)
        extra = {key: record[key] for key in KEPT if key in record} | {
            key: value for key, value in task.data.items() if value != text
        }
        yield Document(text, spans, None, line, extra)


def task_text(document: Document) -> str:
    """Return a document as a task with one annotation, as JSON."""
    extra = dict(document.extra)
    kept = {key: extra.pop(key) for key in KEPT if key in extra}
    results = [mark_record(number, document.text, span) for number, span in enumerate(document.spans or [])]
    task = {**kept, "data": {"text": document.text, **extra}, "annotations": [{"result": results}]}
    return msgspec.json.encode(task).decode()


def _task(record: Any, where: str) -> _Task:
    """Return a record as a task.

    Raises
    ------
    DataError
        If a part of it has another type than in Label Studio.
    """
    try:
        return msgspec.convert(record, _Task)
    except msgspec.ValidationError as error:
        raise DataError(f"{where}: {error}; {EXPECTED}") from None


def _results(task: _Task) -> list[_Mark] | None:
    """Return the marks of a task's annotation; None if nobody has annotated it."""
    if task.result is not None:
        return task.result
    annotations: list[_Annotation] = [*(task.annotations or ()), *(task.completions or ())]
    for annotation in annotations:
        if annotation.result is not None and not (annotation.was_cancelled or annotation.skipped):
            return annotation.result
    return None


def _predicted(task: _Task) -> str:
    """Return what is added about a task that nobody has annotated, and that a model has."""
    return "; their predictions are not read, accept them in Label Studio" if task.predictions else ""


def _text(data: dict[str, Any], results: list[_Mark], where: str) -> str:
    """Return the text of a task: `text`, what its marks point to, or the only string."""
    text = data.get("text")
    if isinstance(text, str):
        return text
    if text is not None:
        raise DataError(f"{where}: text {shortened(text)}, expected a string")
    names = [mark.to_name for mark in results]
    strings = {key: value for key, value in data.items() if isinstance(value, str)}
    named = [value for key, value in strings.items() if key in names] or list(strings.values())
    if len(named) != 1:
        raise DataError(
            f"{where}: {count_of(len(strings), 'string')} in data ({', '.join(strings)}), expected one string, "
            "or the key text"
        )
    return named[0]


def _spans(results: list[_Mark], text: str, where: str, options: ReadOptions) -> list[Span]:
    spans: list[Span] = []
    for mark in results:
        value = mark.value or {}
        if mark.type == LABELS or ("labels" in value and "start" in value):
            spans += read_span(value, text, where)
        else:
            options.count("marks that are no labels of text are left out")
    return spans


def mark_record(number: int, text: str, span: Span) -> dict[str, Any]:
    """Return a span as Label Studio marks it."""
    record = span_record(text, span)
    value = {"start": span.start, "end": span.end, "text": record["text"], "labels": [record["label"]]}
    return {"id": str(number), "from_name": "label", "to_name": "text", "type": LABELS, "value": value}
