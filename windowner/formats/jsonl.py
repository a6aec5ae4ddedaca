"""JSON Lines, `{"tokens": [...], "tags": [...]}` a line, and plain text, one sentence of separated tokens a line."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.lines import read_blocks
from windowner.text.sentence import Sentence, check_tags

# str.split() would also cut at no-break spaces and other Unicode white space, which tokens may hold.
_TOKEN = re.compile(r"[^ \t\r\f\v]+")


class _Record(msgspec.Struct):
    """What a line holds; other keys are ignored."""

    tokens: list[str]
    tags: list[str] | None = None


def read_json_lines(stream: BinaryIO, name: str, *, tagged: bool = True, first_line: int = 1) -> Iterator[Sentence]:
    """Read sentences from JSON Lines; blank lines are skipped.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        What errors call it.
    tagged
        Whether every line must have tags. If not, those that are there are read all the same.
    first_line
        Number of the first line.

    Raises
    ------
    DataError
        If a line is not such an object, or its tags do not fit its tokens.
    """
    decoder = msgspec.json.Decoder(_Record)
    known_tags: set[str] = set()
    for line, text in _lines(stream, name, first_line):
        if not _TOKEN.search(text):
            continue
        where = f"{name}:{line}"
        try:
            record = decoder.decode(text)
        except msgspec.DecodeError as error:
            raise DataError(f"{where}: {error}; expected an object with tokens and tags, lists of strings") from None
        _check_lengths(record, where, tagged)
        sentence = Sentence(record.tokens, record.tags, line, [])
        check_tags(sentence, name, known_tags)
        yield sentence


def read_token_lines(stream: BinaryIO, name: str, *, first_line: int = 1) -> Iterator[Sentence]:
    """Read one sentence a line, its tokens separated by ASCII white space; a blank line is a sentence of no tokens."""
    for line, text in _lines(stream, name, first_line):
        yield Sentence(_TOKEN.findall(text), None, line, [])


def _lines(stream: BinaryIO, name: str, first_line: int) -> Iterator[tuple[int, str]]:
    r"""Yield lines with their numbers; "\n" alone ends them, `str.splitlines` would cut at U+2028 too."""
    texts = (text for block in read_blocks(stream, name, first_line) for text in block[:-1].split("\n"))
    return enumerate(texts, start=first_line)


def _check_lengths(record: _Record, where: str, tagged: bool) -> None:
    if tagged and record.tags is None:
        raise DataError(f"{where}: no tags, expected one for each token")
    if record.tags is not None and len(record.tags) != len(record.tokens):
        raise DataError(f"{where}: {len(record.tags)} tags, expected {len(record.tokens)}, one for each token")
