"""A span in JSON, as annotation tools write it: an object or a list, with offsets and one or several labels."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from windowner.errors import DataError
from windowner.formats.tags import WHITE
from windowner.text.document import Span

START_KEYS = ("start", "start_offset", "begin", "from")
END_KEYS = ("end", "end_offset", "to")
LABEL_KEYS = ("label", "labels", "entity", "type", "tag", "entity_group", "entity_type")
QUOTE_KEYS = ("text", "value", "word")


UNTYPED = "ENTITY"
"""The label of entities without a type, in formats that need one."""


def label_of(span: Span) -> str:
    """Return the label of a span as files hold it, where it is never empty."""
    return span.label or UNTYPED


def span_record(text: str, span: Span) -> dict[str, Any]:
    """Return a span as it is written, with its text."""
    record: dict[str, Any] = {"start": span.start, "end": span.end, "label": label_of(span)}
    record["text"] = text[span.start : span.end]
    if span.probability is not None:
        record["probability"] = round(float(span.probability), 4)
    return record


def read_span(value: Any, text: str, where: str) -> list[Span]:
    """Return the spans that one entry of a list of spans stands for: one for each of its labels.

    Raises
    ------
    DataError
        If it has no offsets or no label, or the text that it quotes stands elsewhere.
    """
    if isinstance(value, list | tuple) and len(value) >= 3:
        start, end, labels, quote = value[0], value[1], value[2], None
    elif isinstance(value, Mapping):
        start, end, labels, quote = (first_of(value, keys) for keys in (START_KEYS, END_KEYS, LABEL_KEYS, QUOTE_KEYS))
    else:
        start = end = labels = quote = None
    labels = labels if isinstance(labels, list) else [labels]
    if any(type(label) is int for label in labels):
        raise DataError(
            f"{where}: span {shortened(value)}, whose label is a number; expected its name: "
            "export the labels as text, as in the formats JSONL of doccano"
        )
    if not (is_place(start) and is_place(end) and labels and all(isinstance(label, str) for label in labels)):
        raise DataError(f"{where}: span {shortened(value)}, expected start, end and label")
    start, end = fitting(start, end, text, quote, where)
    if not 0 <= start < end <= len(text):
        raise DataError(
            f"{where}: span {start} to {end} {labels[0]}, expected 0 <= start < end <= {len(text)}, "
            "the length of the text in characters"
        )
    try:
        return [Span(start, end, checked_label(label)) for label in labels]
    except ValueError as error:
        raise DataError(f"{where}: span {start} to {end} with the {error}") from None


def checked_label(label: str) -> str:
    """Return a label without spaces around it.

    Raises
    ------
    ValueError
        If nothing is left, or it holds a tab or a line end.
    """
    plain = label.strip(" ")
    if not set(plain).isdisjoint(WHITE[1:]):
        raise ValueError(f"label {label[:40]!r}, expected a label without tab and line end")
    if not plain:
        raise ValueError(f"label {label[:40]!r}, expected a type such as PER; name it, or remove the span")
    return plain


def is_place(value: Any) -> bool:
    """Return whether a value is an integer, and neither true nor false."""
    return type(value) is int


def fitting(start: int, end: int, text: str, quote: Any, where: str) -> tuple[int, int]:
    """Return offsets that give the quoted text. Offsets of tools in JavaScript count an emoji as two characters.

    Raises
    ------
    DataError
        If the quoted text stands elsewhere, or is no string.
    """
    if quote is not None and not isinstance(quote, str):
        raise DataError(f"{where}: span {start} to {end} quotes {shortened(quote)}, expected the text of the span")
    if not quote or _same(text[start:end], quote) or not text:
        return start, end
    units = text.encode("utf-16-le")
    first, last = (len(units[: 2 * place].decode("utf-16-le", errors="replace")) for place in (start, end))
    if _same(text[first:last], quote):
        return first, last
    raise DataError(f"{where}: span {start} to {end} is {text[start:end][:40]!r}, but its record says {quote[:40]!r}")


def _same(text: str, quote: str) -> bool:
    return text == quote or text.split() == quote.split()


def first_of(record: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """Return what a record holds under the first of some keys that it has; None if it has none."""
    return next((record[key] for key in keys if key in record), None)


def shortened(value: Any) -> str:
    """Return the beginning of a value, for an error message."""
    return msgspec.json.encode(value).decode()[:60]
