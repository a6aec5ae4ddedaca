"""Text with spans of characters in JSON, as annotation tools write it: one document per record.

    {"text": "Ana lives.", "spans": [{"start": 0, "end": 3, "label": "PER"}]}      windowner, Prodigy
    {"text": "Ana lives.", "labels": [[0, 3, "PER"]]}                              doccano; also "label", "entities"
    ["Ana lives.", {"entities": [[0, 3, "PER"]]}]                                  spaCy; also doc.to_json()
    {"text": "Ana lives.", "label": {"PER": {"Ana": [[0, 2]]}}}                    CLUENER, with the last character

Where a record holds tokens with offsets, as Prodigy's do, they are kept.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.head import Head
from windowner.formats.json_records import read_records
from windowner.formats.options import ReadOptions
from windowner.formats.probabilities import check_weight
from windowner.formats.span_records import read_span, shortened, span_record
from windowner.formats.token_offsets import has_token_offsets, token_sentences
from windowner.text.document import Document

TEXT_KEYS = ("text", "content", "sentence", "document")
SPAN_KEYS = ("spans", "entities", "ents", "labels", "label", "annotations")
CATEGORY_KEYS = ("labels", "label")
"""Those of `SPAN_KEYS` that may hold a category of the text, which is no list."""

REFUSED = ("reject", "ignore")
"""Values of Prodigy's `answer` that mean: do not use this record."""

EXPECTED = "expected an object with text and spans"
_DEFAULTS = ReadOptions()


def looks_like(head: Head) -> bool:
    """Return whether a file is of this format."""
    if isinstance(head.record, list):
        return len(head.record) == 2 and isinstance(head.record[0], str)
    tokens = head.record.get("tokens") if head.keys else None
    of_strings = isinstance(tokens, list) and bool(tokens) and isinstance(tokens[0], str)
    return (
        "text" in head.keys
        and (bool(head.keys & set(SPAN_KEYS)) or "tokens" not in head.keys)
        and not (of_strings and not head.keys & {"spans", "entities", "ents"})
    )


def read_spans(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Document]:
    """Read documents from JSON Lines or an array.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        Whether every record must have spans.

    Raises
    ------
    DataError
        If a record holds no text, or a span does not fit it.
    """
    yield from documents_of_records(read_records(stream, name, EXPECTED, options.first_line), name, options)


def documents_of_records(records: Iterable[tuple[int, Any]], name: str, options: ReadOptions) -> Iterator[Document]:
    """Yield the documents of records with their lines.

    Raises
    ------
    DataError
        If a record holds no text, or a span does not fit it.
    """
    for line, record in records:
        where = f"{name}:{line}"
        if isinstance(record, list) and len(record) == 2 and isinstance(record[1], dict):
            record = {"text": record[0], **record[1]}
        if not isinstance(record, dict):
            raise DataError(f"{where}: {type(record).__name__}, {EXPECTED}")
        record = _without_types_as_keys(record, where)
        if _is_refused(record, where):
            options.count("records that an annotator refused are left out")
            continue
        yield _document(record, where, line, options)


def document_line(document: Document) -> str:
    """Return a document as one line of JSON: what else its record holds, text, spans, and tokens if it has some."""
    record: dict[str, Any] = {**document.extra, "text": document.text}
    if document.spans is not None:
        record["spans"] = [span_record(document.text, span) for span in document.spans]
    if document.sentences is not None:
        places = [place for offsets in document.sentences for place in offsets]
        record["tokens"] = [
            {"text": document.text[start:end], "start": start, "end": end, "id": number}
            for number, (start, end) in enumerate(places)
        ]
        if len(document.sentences) > 1:
            record["sentences"] = [len(offsets) for offsets in document.sentences]
    return msgspec.json.encode(record).decode() + "\n"


def _is_refused(record: dict[str, Any], where: str) -> bool:
    """Return whether an annotator has refused a record."""
    answer = record.get("answer")
    if answer is not None and not isinstance(answer, str):
        raise DataError(f"{where}: answer {shortened(answer)}, expected accept, reject or ignore, as Prodigy writes it")
    return answer in REFUSED


def _document(record: dict[str, Any], where: str, line: int, options: ReadOptions) -> Document:
    text_key = next((key for key in TEXT_KEYS if record.get(key) is not None), None)
    if text_key is None:
        raise DataError(f"{where}: no text, {EXPECTED}")
    text = record[text_key]
    if not isinstance(text, str):
        raise DataError(f"{where}: {text_key} {shortened(text)}, expected a string")
    span_key = _span_key(record, where, options)
    if span_key is None and options.tagged:
        raise DataError(f"{where}: no spans, {EXPECTED}")
    spans = None
    if span_key is not None:
        spans = [span for value in record[span_key] for span in read_span(value, text, where)]
    used = {text_key, span_key}
    sentences = None
    if has_token_offsets(record.get("tokens"), where, options):
        used |= {"tokens", "sentences"}
        sentences = token_sentences(record, text, where, options)
    extra = {key: value for key, value in record.items() if key not in used}
    if options.tagged:
        check_weight(extra, where, options)
    return Document(text, spans, sentences, line, extra)


def _span_key(record: dict[str, Any], where: str, options: ReadOptions) -> str | None:
    """Return the key of a record's spans; None if it has none.

    A `label` that is a string or a number is a category of the whole text.

    Raises
    ------
    DataError
        If what stands there is no list.
    """
    held = [key for key in SPAN_KEYS if record.get(key) is not None]
    keys = [key for key in held if key not in CATEGORY_KEYS or isinstance(record[key], list | dict)]
    for key in keys:
        if not isinstance(record[key], list):
            raise DataError(f"{where}: {key} {shortened(record[key])}, expected a list of spans")
        if key != keys[0] and record[key]:
            options.note(f"spans are read from the key {keys[0]}, not from {key}")
    return next(iter(keys), None)


def _without_types_as_keys(record: dict[str, Any], where: str) -> dict[str, Any]:
    """Return a record with a list of spans in place of `{"label": {type: {text: [[first, last], ...]}}}` of CLUENER.

    There `last` is the last character of the span.
    """
    held = record.get("label")
    if not isinstance(held, dict) or not all(isinstance(texts, dict) for texts in held.values()):
        return record
    return {**record, "label": [span for label, texts in held.items() for span in _of_type(label, texts, where)]}


def _of_type(label: str, texts: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Yield the spans of one type of CLUENER.

    Raises
    ------
    DataError
        If a text has something else than a list of its places.
    """
    for text, places in texts.items():
        for place in places if isinstance(places, list) else [places]:
            if not (isinstance(place, list) and len(place) == 2 and all(type(edge) is int for edge in place)):
                raise DataError(
                    f"{where}: {label} {text[:40]!r} has the place {shortened(place)}, expected a list of "
                    "[first character, last character]"
                )
            yield {"start": place[0], "end": place[1] + 1, "label": label, "text": text}
