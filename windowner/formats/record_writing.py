r"""Tagged text as JSON Lines, a record per sentence or per text, many at once.

    tags     {"id": 7, "tokens": ["Paris", "is", "big"], "tags": ["B-LOC", "O", "O"]}
    spans    {"id": 7, "text": "Paris is big", "spans": [{"start": 0, "end": 5, "label": "LOC", ...}]}

What a record held before stands in front. The records are changed.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from windowner.arrays import Array
from windowner.formats.jsonl import SCORES
from windowner.formats.row_writing import NewColumns
from windowner.formats.span_records import label_of
from windowner.formats.texts import TEXT
from windowner.text.document import Span

SPANS = "spans"
"""Key of the entities; and the name of the output that has one JSON object per text."""

_ENCODER = msgspec.json.Encoder()


def tag_lines(records: Sequence[dict[str, Any]], sentences: Sequence[Sequence[str]], new: NewColumns) -> bytes:
    """Return a line for each sentence, as `json_line` does.

    Parameters
    ----------
    records
        What the record of each sentence holds beside tokens and tags.
    sentences
        Tokens of each sentence.
    new
        Tags and scores of all tokens.
    """
    columns: dict[str, Array] = {"tags": np.array(new.names, dtype=object)[new.codes]}
    if new.scores is not None:
        columns[SCORES] = np.array([round(score, 4) for score in new.scores.tolist()], dtype=object)
    edges = list(pairwise(np.cumsum([0, *map(len, sentences)]).tolist()))
    for record, tokens in zip(records, sentences, strict=True):
        record["tokens"] = tokens
    for key, column in columns.items():
        values = column.tolist()
        for record, (start, end) in zip(records, edges, strict=True):
            record[key] = values[start:end]
    return _ENCODER.encode_lines(records)


def span_lines(records: Sequence[dict[str, Any]], texts: Sequence[str], spans: Iterable[Sequence[Span]]) -> bytes:
    """Return a line for each text.

    Parameters
    ----------
    records
        What the record of each text holds beside its entities.
    texts, spans
        The texts, and the entities of each one.
    """
    return _ENCODER.encode_lines(list(map(add_spans, records, texts, map(_named, spans))))


def add_spans(record: dict[str, Any], text: str, spans: Sequence[Span]) -> dict[str, Any]:
    """Return the record of a text with the text and its entities."""
    record[TEXT] = text
    record[SPANS] = [_described(span, text) for span in spans]
    return record


def _named(spans: Sequence[Span]) -> Sequence[Span]:
    """Return entities whose labels are those of files."""
    return spans if all(span.label for span in spans) else [span._replace(label=label_of(span)) for span in spans]


def _described(span: Span, text: str) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "text": text[span.start : span.end],
        "probability": None if span.probability is None else round(span.probability, 4),
        **({} if span.rule is None else {"rule": span.rule}),
    }
