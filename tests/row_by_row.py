"""A column file read and written row by row: what `row_blocks` does for many rows at once."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from windowner.formats.columns import column_text
from windowner.formats.options import ReadOptions
from windowner.formats.rows import RowParser
from windowner.text.sentence import Sentence


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self.size = size

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self.size)


def read_row_by_row(stream: BinaryIO, name: str, options: ReadOptions) -> Iterator[Sentence]:
    """Read the sentences, marks and comments of a column file."""
    parser = RowParser(name, options)
    run: list[str] = []
    text = stream.read().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    for line, row in enumerate([*text.split("\n"), ""], start=1):
        is_mark = row.startswith("-DOCSTART-")
        if row.strip(" \t\r\f\v") and not is_mark:
            run.append(row)
            continue
        yield from parser.sentences(run, line - len(run))
        run = []
        if is_mark:
            yield parser.mark([row], line)


def write_row_by_row(sentences: Sequence[Sentence], tags: Iterator[str], scores: Iterator[float] | None) -> str:
    """Return the text of sentences, whose tokens take the next tags."""
    text = ""
    for sentence in sentences:
        new = [next(tags) for _ in sentence.tokens]
        text += column_text(sentence, new, None if scores is None else [next(scores) for _ in sentence.tokens])
    return text
