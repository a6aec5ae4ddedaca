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
from itertools import chain, islice
from operator import add
from typing import Any, BinaryIO, NamedTuple

import msgspec
import numpy as np

from windowner.formats.blocks import Block
from windowner.formats.changed import head_of
from windowner.formats.columns import check_sentences, column_text
from windowner.formats.distinct import OTHER, TOKEN, DistinctPieces, Known, Memory
from windowner.formats.json_records import is_array, records_of_lines
from windowner.formats.jsonl import DOCUMENT_ROW, EXPECTED, SCORES, RecordReader, fields_of, read_json_lines
from windowner.formats.lines import read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.probabilities import PROBABILITIES
from windowner.formats.row_writing import NewColumns
from windowner.text.numbered import NumberedTokens
from windowner.text.sentence import LONGEST_SENTENCE, Sentence

LEFT_OUT = frozenset({SCORES, PROBABILITIES})
"""Keys that say something of tags that are not written."""

_DECODER = msgspec.json.Decoder(dict[str, Any])


class DistinctTokens(DistinctPieces):
    """Distinct tokens of records. What is no string is refused."""

    def look_at(self, pieces: Sequence[object]) -> Iterable[Known]:
        """Return what is known of new tokens."""
        return (Known(TOKEN, piece) if isinstance(piece, str) else Known(OTHER) for piece in pieces)


class Records(NamedTuple):
    """The records of some lines.

    Parameters
    ----------
    lines
        The line of each record.
    rest
        What each record holds beside tokens, tags and `LEFT_OUT`.
    tokens
        Tokens of each record.
    tags
        Tags of those records that have some, each with the tokens that they belong to.
    """

    lines: list[int]
    rest: list[dict[str, Any]]
    tokens: list[list[str]]
    tags: list[tuple[list[str], list[str]]]


class RecordBlock(Block):
    """The sentences of some records.

    Parameters
    ----------
    records
        The records.
    numbered
        Their tokens.
    opens
        Whether each record begins a document.
    """

    def __init__(self, records: Records, numbered: NumberedTokens, opens: list[bool]) -> None:
        self.records, self.numbered, self.opens = records, numbered, opens

    def numbered_tokens(self) -> NumberedTokens:
        """Return the tokens."""
        return self.numbered

    def untagged(self) -> tuple[list[dict[str, Any]], list[list[str]]]:
        """Return what each record holds beside tokens and tags, and its tokens."""
        return self.records.rest, self.records.tokens

    def written(self, new: NewColumns) -> bytes:
        """Return rows of token and new columns, with the marks of documents.

        Raises
        ------
        DataError
            If a column file cannot hold a token.
        """
        check_sentences(self.records.tokens, self.records.lines)
        rows = iter(map(add, chain.from_iterable(self.records.tokens), new.row_ends()))
        mark = column_text(Sentence([], None, 1, [DOCUMENT_ROW]), [], None if new.scores is None else [])
        text = []
        for opens, length in zip(self.opens, self.numbered.lengths.tolist(), strict=True):
            if opens:
                text.append(mark)
            text += islice(rows, length)
            text.append("\n")
        return "".join(text).encode()


def read_record_blocks(
    stream: BinaryIO, name: str, options: ReadOptions, size: int = 1, memory: Memory | None = None
) -> Iterator[RecordBlock | Sentence]:
    """Read JSON Lines in blocks; in sentences where blocks cannot be read.

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
        known = memory.recall(DistinctTokens, DistinctTokens)
        records = _decode(text, line)
        numbered = records and _number(records, known, reader.tags.plain)
        if records is None or numbered is None:
            lines = enumerate(text[:-1].split("\n"), line)
            yield from reader.sentences(records_of_lines(lines, name, EXPECTED))
        else:
            yield RecordBlock(records, numbered, list(map(reader.opens, records.rest)))
        line += text.count("\n")


def _decode(text: str, first_line: int) -> Records | None:
    """Return the records of a text, one per line; None if a line holds something else than a list of tokens."""
    rows = text.encode().split(b"\n")
    lines = [line for line, row in enumerate(rows, first_line) if row.strip()]  # those that are not blank
    try:
        records = list(map(_DECODER.decode, filter(bytes.strip, rows)))
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
    return Records(lines, records, tokens, tags)


def _number(records: Records, known: DistinctPieces, accepted: set[str]) -> NumberedTokens | None:
    """Return the tokens of records; None if a token is no string, or a tag may be an error.

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
    return NumberedTokens(known.tokens, numbers, lengths)
