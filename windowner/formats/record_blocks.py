r"""JSON Lines of tokens in blocks, whose tokens are numbers of distinct tokens.

    {"id": 7, "tokens": ["Paris", "is", "big"]}         numbers  0, 1, 2           one per distinct token

Whether a token is a string is found out once per distinct token. Some blocks are read record by record, by
`RecordReader`:

- those with a line that is no record of tokens, which is an error, or a record that holds a list of records,
- those with a token that is no string, or with too many tokens, which is an error,
- those with tags that were not met before. They may be errors.

A file that is one array is read record by record, too.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import add
from typing import Any, BinaryIO, Self

import numpy as np

from windowner.arrays import Bools, Ids, Indices
from windowner.errors import DataError
from windowner.formats.blocks import PIECES, Block, numbers_of
from windowner.formats.changed import head_of
from windowner.formats.columns import check_sentences, column_text
from windowner.formats.distinct import OTHER, TOKEN, DistinctPieces, Known, Memory
from windowner.formats.json_records import is_array, records_of_lines
from windowner.formats.jsonl import DOCUMENT_ROW, EXPECTED, RecordReader, document_of_record, read_json_lines
from windowner.formats.lines import read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.plain_records import Records, Tagged, decode_records
from windowner.formats.row_writing import NewColumns
from windowner.text.numbered import NumberedTokens
from windowner.text.sentence import LONGEST_SENTENCE, Sentence


class DistinctTokens(DistinctPieces):
    """Distinct tokens of records. What is no string is refused."""

    def look_at(self, pieces: Sequence[object]) -> Iterable[Known]:
        """Return what is known of new tokens."""
        return (Known(TOKEN, piece) if isinstance(piece, str) else Known(OTHER) for piece in pieces)


class RecordBlock(Block):
    """The sentences of some records.

    Parameters
    ----------
    records
        The records.
    known, numbers
        The distinct tokens, and which one each token is, (tokens,).
    opening
        Whether each record begins a document.
    """

    def __init__(self, records: Records, known: DistinctPieces, numbers: Ids, opening: list[bool]) -> None:
        super().__init__(known, numbers)
        self.records, self.opening = records, opening
        self.lengths: Indices = np.fromiter(map(len, records.tokens), dtype=np.intp, count=len(records.tokens))

    @classmethod
    def of(cls, sentences: Sequence[Sentence], opening: list[bool], known: DistinctPieces) -> Self:
        """Return sentences as a block."""
        records = Records(
            [sentence.line for sentence in sentences],
            [dict(sentence.extra or {}) for sentence in sentences],
            [sentence.tokens for sentence in sentences],
        )
        return cls(records, known, known.numbers(list(chain.from_iterable(records.tokens))), opening)

    def sentence_lengths(self) -> Indices:
        """Return the number of tokens of each record, (sentences,)."""
        return self.lengths

    def opens(self) -> Bools:
        """Return whether each record begins a document, and False at the end, (sentences + 1,)."""
        return np.array([*self.opening, False])

    def part(self, start: int, end: int | None = None) -> Self:
        """Return the records from `start` to `end`."""
        first, last = self.lengths[:start].sum(), self.lengths[:end].sum()
        return type(self)(self.records.part(start, end), self.known, self.numbers[first:last], self.opening[start:end])

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Return the records of several blocks as one block."""
        known = blocks[-1].known
        opening = list(chain.from_iterable(block.opening for block in blocks))
        records = Records.joined(block.records for block in blocks)
        return cls(records, known, np.concatenate(numbers_of(blocks, known)), opening)

    def numbered_tokens(self) -> NumberedTokens:
        """Return the tokens."""
        return NumberedTokens(self.known.tokens, self.numbers, self.lengths)

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
        for opens, length in zip(self.opening, self.lengths.tolist(), strict=True):
            if opens:
                text.append(mark)
            text += islice(rows, length)
            text.append("\n")
        return "".join(text).encode()


def read_record_blocks(
    stream: BinaryIO, name: str, options: ReadOptions, size: int = 1, memory: Memory | None = None
) -> Iterator[RecordBlock]:
    """Read JSON Lines, or an array, in blocks.

    Parameters
    ----------
    stream, name, options, size, memory
        See `read_row_blocks`.

    Raises
    ------
    DataError
        If a line is no object with tokens, or its tags do not fit its tokens.
    """
    memory = memory or Memory()
    if options.first_line == 1 and is_array(head_of(stream, name)):
        yield from _blocks_of_sentences(read_json_lines(stream, name, options), memory)
        return
    reader = RecordReader(name, options)
    line = options.first_line
    for text in read_blocks(stream, name, line, size):
        known = memory.recall(DistinctTokens, DistinctTokens)
        decoded = decode_records(text.encode().split(b"\n"), line)
        numbers = None if decoded is None else _numbers(*decoded, known, reader.tags.plain)
        if decoded is None or numbers is None:
            records = records_of_lines(enumerate(text[:-1].split("\n"), line), name, EXPECTED)
            yield from _blocks_of_sentences(reader.sentences(records), memory)
        elif decoded[0].lines:
            opening = list(map(reader.opens, map(document_of_record, decoded[0].rest)))
            yield RecordBlock(decoded[0], known, numbers, opening)
        line += text.count("\n")


def _blocks_of_sentences(sentences: Iterator[Sentence], memory: Memory) -> Iterator[RecordBlock]:
    """Yield sentences in blocks, those before an error too. A mark opens the document of the sentence after it."""
    kept: list[Sentence] = []
    opening: list[bool] = []
    opens = False
    tokens = 0
    fault: DataError | None = None
    try:
        for sentence in sentences:
            if sentence.is_mark:
                opens = True
                continue
            kept.append(sentence)
            opening.append(opens)
            tokens += len(sentence.tokens)
            opens = False
            if tokens >= PIECES:
                yield RecordBlock.of(kept, opening, memory.recall(DistinctTokens, DistinctTokens))
                kept, opening, tokens = [], [], 0
    except DataError as error:
        fault = error
    if kept:
        yield RecordBlock.of(kept, opening, memory.recall(DistinctTokens, DistinctTokens))
    if fault:
        raise fault


def _numbers(records: Records, tags: Tagged, known: DistinctPieces, accepted: set[str]) -> Ids | None:
    """Return the numbers of all tokens; None if a token is no string, or a tag may be an error.

    Parameters
    ----------
    records, tags
        The records, and their tags.
    known
        The distinct tokens met so far.
    accepted
        The tags that are known to be right.
    """
    if any(type(each) is not list or len(each) != len(tokens) for each, tokens in tags):
        return None
    try:
        if not accepted.issuperset(chain.from_iterable(each for each, _ in tags)):
            return None
        numbers = known.numbers(list(chain.from_iterable(records.tokens)))
    except TypeError:  # a list or an object, where a string is expected
        return None
    if (known.kinds[numbers] == OTHER).any() or max(map(len, records.tokens), default=0) > LONGEST_SENTENCE:
        return None
    return numbers
