"""The places of sentences in a shard of JSON Lines, and in one of lines of tokens."""

from functools import partial
from operator import attrgetter, is_not
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from windowner.formats.json_records import list_in
from windowner.formats.jsonl import DOCUMENT_KEYS, TOKEN_KEYS, RecordReader, document_of_record, fields_of
from windowner.formats.options import ReadOptions
from windowner.formats.sentence_places import NOWHERE, SentencePlaces, line_starts, mark_size
from windowner.formats.shards import Shard
from windowner.formats.tags import WHITE

_Outline = msgspec.defstruct(
    "_Outline",
    [(key, list[Any] | UnsetType, UNSET) for key in TOKEN_KEYS] + [(key, Any, UNSET) for key in DOCUMENT_KEYS],
)
"""The fields of a record that say how long it is, and which document it belongs to. Other fields are not decoded."""

_DECODER = msgspec.json.Decoder(_Outline)
_TOKENS = attrgetter(*TOKEN_KEYS)
_DOCUMENTS = attrgetter(*DOCUMENT_KEYS)
_IS_THERE = partial(is_not, UNSET)
_IS_WHITE = np.isin(np.arange(256), list(WHITE.encode()))


class _Outlines(NamedTuple):
    """The line of each record, the number of its tokens, and the document that it names."""

    lines: list[int]
    lengths: list[int]
    documents: list[Any]


class RecordPlaces:
    """Finds the records of the shards of JSON Lines, one after the other. What is an error is left out.

    Parameters
    ----------
    name
        Name of the file.
    options
        How the file is read.
    """

    def __init__(self, name: str, options: ReadOptions) -> None:
        self._reader = RecordReader(name, options)

    def __call__(self, shard: Shard) -> SentencePlaces:
        """Return the records. Records of one line cannot be cut."""
        rows = shard.data[mark_size(shard) :].split(b"\n")
        lines, lengths, documents = _outlines(rows) or _outlines_of_lists(rows)
        places = line_starts(shard.data)[lines]
        places[1:][np.diff(lines) == 0] = NOWHERE
        places[:1] = 0
        opens = np.array([*map(self._reader.opens, documents), False])
        return SentencePlaces(places, np.array(lengths, dtype=np.intp), opens)


def _outlines(rows: list[bytes]) -> _Outlines | None:
    """Return the outlines of lines that hold one record each; None if a line holds something else."""
    found = _Outlines([line for line, row in enumerate(rows) if row.strip()], [], [])
    try:
        for record in map(_DECODER.decode, filter(bytes.strip, rows)):  # no record is kept: that costs most
            tokens = next(filter(_IS_THERE, _TOKENS(record)), None)
            if tokens is None:
                return None
            found.lengths.append(len(tokens))
            found.documents.append(next(filter(_IS_THERE, _DOCUMENTS(record)), None))
    except (msgspec.DecodeError, RecursionError):
        return None
    return found


def _outlines_of_lists(rows: list[bytes]) -> _Outlines:
    """Return the outlines of the records of lines, some of which may hold a list of records, or an error."""
    found = _Outlines([], [], [])
    for line, row in enumerate(rows):
        try:
            value = msgspec.json.decode(row)
        except (msgspec.DecodeError, RecursionError):
            continue
        for record in list_in(value) or [value]:
            tokens = _tokens(record)
            if tokens is not None:
                found.lines.append(line)
                found.lengths.append(len(tokens))
                found.documents.append(document_of_record(record))
    return found


def _tokens(record: Any) -> list[str] | None:
    """Return the tokens of a record; None if it is an error."""
    key = fields_of(tuple(record)).get("tokens") if isinstance(record, dict) else None
    return record[key] if key is not None and isinstance(record[key], list) else None


def token_places(shard: Shard) -> SentencePlaces:
    """Return the lines of a shard of lines of tokens. None opens a document."""
    characters = np.frombuffer(shard.data, dtype=np.uint8)
    is_white = _IS_WHITE[characters]
    is_white[: mark_size(shard)] = True
    begins = ~is_white & np.append(True, is_white[:-1])
    starts = line_starts(shard.data)
    edges = starts if starts[-1] == len(characters) else np.append(starts, len(characters))
    lengths = np.diff(np.append(0, np.cumsum(begins))[edges])
    return SentencePlaces(edges[:-1], lengths, np.zeros(len(lengths) + 1, dtype=np.bool_))
