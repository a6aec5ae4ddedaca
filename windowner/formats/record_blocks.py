r"""JSON Lines of tokens in blocks, whose tokens are numbers of distinct tokens.

    {"id": 7, "tokens": ["Paris", "is", "big"]}         keys     id, tokens        one per distinct list of keys
                                                        numbers  0, 1, 2           one per distinct token

Which keys hold tokens and tags is found out once per distinct list of keys. Whether a token is a string is found out
once per distinct token. Some blocks are read record by record, by `RecordReader`:

- those with a line that is no record of tokens, which is an error, or a record that holds a list of records,
- those with a token that is no string, or with too many tokens, which is an error,
- those with tags that were not met before. They may be errors.

A file that is one array is read record by record, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, BinaryIO, NamedTuple

import msgspec
import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.formats.blocks import Block
from windowner.formats.changed import head_of
from windowner.formats.distinct import OTHER, TOKEN, DistinctPieces, Known, Memory
from windowner.formats.json_records import is_array, records_of_lines
from windowner.formats.jsonl import EXPECTED, SCORES, RecordReader, fields_of, read_json_lines
from windowner.formats.lines import read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.probabilities import PROBABILITIES
from windowner.formats.row_writing import NewColumns
from windowner.text.numbered import NumberedTokens
from windowner.text.sentence import LONGEST_SENTENCE, Sentence

LEFT_OUT = frozenset({SCORES, PROBABILITIES})
"""Keys that say something of tags that are not written."""

_DECODER = msgspec.json.Decoder(dict[str, Any])
_ENCODER = msgspec.json.Encoder()


class DistinctTokens(DistinctPieces):
    """Distinct tokens of records. What is no string is refused."""

    def look_at(self, pieces: Sequence[object]) -> Iterable[Known]:
        """Return what is known of new tokens."""
        return (Known(TOKEN, piece) if isinstance(piece, str) else Known(OTHER) for piece in pieces)


class Records(NamedTuple):
    """The records of some lines.

    Parameters
    ----------
    rest
        What each record holds beside tokens, tags and `LEFT_OUT`.
    tokens
        Tokens of each record.
    tags
        Tags of those records that have some, each with the tokens that they belong to.
    """

    rest: list[dict[str, Any]]
    tokens: list[list[str]]
    tags: list[tuple[list[str], list[str]]]


class RecordBlock(Block):
    """The sentences of some records.

    Parameters
    ----------
    records
        The records.
    known, numbers, lengths
        The distinct tokens, the place of each token in them, and the number of tokens of each sentence.
    """

    def __init__(self, records: Records, known: DistinctPieces, numbers: Ids, lengths: Indices) -> None:
        self.records, self.known, self.numbers, self.lengths = records, known, numbers, lengths

    def numbered_tokens(self) -> NumberedTokens:
        """Return the tokens."""
        return NumberedTokens(self.known.tokens, self.numbers, self.lengths)

    def written(self, new: NewColumns) -> bytes:
        """Return a line for each record, as `json_line` does for its sentence. The block's records change."""
        columns: dict[str, Array] = {"tags": np.array(new.names, dtype=object)[new.codes]}
        if new.scores is not None:
            columns[SCORES] = np.array([round(score, 4) for score in new.scores.tolist()], dtype=object)
        edges = list(pairwise(np.append(0, np.cumsum(self.lengths)).tolist()))
        records = self.records.rest
        for record, tokens in zip(records, self.records.tokens, strict=True):
            record["tokens"] = tokens
        for key, column in columns.items():
            values = column.tolist()
            for record, (start, end) in zip(records, edges, strict=True):
                record[key] = values[start:end]
        return _ENCODER.encode_lines(records)


def read_record_blocks(
    stream: BinaryIO, name: str, options: ReadOptions, size: int = 1, memory: Memory | None = None
) -> Iterator[RecordBlock | Sentence]:
    """Read JSON Lines in blocks, without the marks of documents; in sentences where blocks cannot be read.

    Parameters
    ----------
    stream, name, options, size, memory
        See `read_row_blocks`.

    Raises
    ------
    DataError
        If a line is no object with tokens, or its tags do not fit its tokens.
    """
    if is_array(head_of(stream, name)):
        yield from read_json_lines(stream, name, options)
        return
    memory = memory or Memory()
    reader = RecordReader(name, options)
    line = options.first_line
    for text in read_blocks(stream, name, line, size):
        records = _decode(text)
        known = memory.recall(DistinctTokens, DistinctTokens)
        block = records and _number(records, known, reader.tags.plain)
        if block is None:
            lines = enumerate(text[:-1].split("\n"), line)
            yield from reader.sentences(records_of_lines(lines, name, EXPECTED))
        else:
            yield block
        line += text.count("\n")


def _decode(text: str) -> Records | None:
    """Return the records of a text, one per line; None if a line holds something else than a list of tokens."""
    lines = filter(bytes.strip, text.encode().split(b"\n"))  # those that are not blank
    try:
        records = list(map(_DECODER.decode, lines))
    except (msgspec.DecodeError, RecursionError):
        return None
    keys = list(map(tuple, records))
    fields = {distinct: fields_of(distinct) for distinct in set(keys)}
    if not all("tokens" in found for found in fields.values()):
        return None
    token_keys = {distinct: found["tokens"] for distinct, found in fields.items()}
    tokens = [record.pop(key) for record, key in zip(records, map(token_keys.__getitem__, keys), strict=True)]
    if not {list}.issuperset(map(type, tokens)):
        return None
    tags = []
    if any("tags" in found or not LEFT_OUT.isdisjoint(distinct) for distinct, found in fields.items()):
        for record, names, each in zip(records, keys, tokens, strict=True):
            if "tags" in fields[names]:
                tags.append((record.pop(fields[names]["tags"]), each))
            for key in LEFT_OUT:
                record.pop(key, None)
    return Records(records, tokens, tags)


def _number(records: Records, known: DistinctPieces, accepted: set[str]) -> RecordBlock | None:
    """Return records as a block; None if a token is no string, or a tag may be an error.

    Parameters
    ----------
    records
        The records.
    known
        The distinct tokens met so far.
    accepted
        The tags that are known to be right.
    """
    if any(type(tags) is not list or len(tags) != len(tokens) for tags, tokens in records.tags):
        return None
    try:
        if not accepted.issuperset(chain.from_iterable(tags for tags, _ in records.tags)):
            return None
        numbers = known.numbers(list(chain.from_iterable(records.tokens)))
    except TypeError:  # a list or an object, where a string is expected
        return None
    lengths = np.fromiter(map(len, records.tokens), dtype=np.intp, count=len(records.tokens))
    if (known.kinds[numbers] == OTHER).any() or lengths.max(initial=0) > LONGEST_SENTENCE:
        return None
    return RecordBlock(records, known, numbers, lengths)
