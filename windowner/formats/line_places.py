"""The places of sentences in a shard of JSON Lines, and in one of lines of tokens."""

from typing import Any

import msgspec
import numpy as np

from windowner.formats.json_records import list_in
from windowner.formats.jsonl import RecordReader, fields_of
from windowner.formats.options import ReadOptions
from windowner.formats.plain_records import Records, decode_records
from windowner.formats.sentence_places import NOWHERE, SentencePlaces, line_starts, mark_size
from windowner.formats.shards import Shard
from windowner.formats.tags import WHITE

_IS_WHITE = np.isin(np.arange(256), list(WHITE.encode()))


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
        decoded = decode_records(rows, 0)
        records = _records_of_lists(rows) if decoded is None else decoded[0]
        places = line_starts(shard.data)[records.lines]
        places[1:][np.diff(records.lines) == 0] = NOWHERE
        places[:1] = 0
        lengths = np.fromiter(map(len, records.tokens), dtype=np.intp, count=len(records.tokens))
        return SentencePlaces(places, lengths, np.array([*map(self._reader.opens, records.rest), False]))


def _records_of_lists(rows: list[bytes]) -> Records:
    """Return the records of lines, some of which may hold a list of records, or an error."""
    records = Records([], [], [])
    for line, row in enumerate(rows):
        try:
            value = msgspec.json.decode(row)
        except (msgspec.DecodeError, RecursionError):
            continue
        for record in list_in(value) or [value]:
            tokens = _tokens(record)
            if tokens is not None:
                records.lines.append(line)
                records.rest.append(record)
                records.tokens.append(tokens)
    return records


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
