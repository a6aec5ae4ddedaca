"""Vectors in word2vec's binary format: a header line `V D`, then V times a word, a space and D little-endian float32.

gensim's `load_word2vec_format` is not used. It accepts NaN and bytes after the last row. When a limit is given it
refuses an intact file in which a word occurs twice. It does not report where a truncated file ends.

Only a space ends a word, so a word cannot hold a space. Some tools write such words nevertheless, which shifts all
following numbers by some bytes. Two certain signs of that are refused: a NUL, tab or newline within the next word, and
bytes after the last row.

Words that are not UTF-8 are kept, with U+FFFD in place of the bad bytes. The original C tool cuts long words in the
middle of a character; no text matches them.
"""

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from windowner.errors import VectorsError
from windowner.formats.limits import LONGEST_LINE
from windowner.text.wording import count_of
from windowner.vectors.fasttext import MAGIC
from windowner.vectors.reading import Reading, check_finite, empty_rows, open_vectors, parse_header

CHUNK = 1 << 20  # bytes read at once
ADVICE = "the file is damaged, or the word before holds a space; only the text format can hold such a word"
BETWEEN_WORDS = re.compile(rb"[\0\t\n\r]")  # in no word that the C tool writes
NUMBER = 4  # bytes
LONGEST_WORD = 1 << 14  # bytes; without a space in this many, the file is damaged


def read_binary(path: Path, limit: int | None = None) -> Reading:
    """Read the first `limit` rows (None: all) of a word2vec `.bin`, gzipped or not.

    Raises
    ------
    VectorsError
        With row and byte, when the file ends too early or too late, or holds a number that is not finite.
    """
    words: list[str] = []
    with open_vectors(path) as stream:
        promised, dimension = _read_header(path, stream)
        array = empty_rows(path, promised if limit is None else min(promised, limit), dimension)
        rows = _Rows(path, stream, promised, NUMBER * dimension)
        for row in range(len(array)):
            word, numbers = rows.read()
            words.append(word.decode(errors="replace"))
            array[row] = np.frombuffer(numbers, dtype="<f4")
        if len(array) == promised:
            rows.check_end()
    check_finite(array, lambda row: f"{path}: row {row + 1} of {promised} ({words[row]!r})")
    return Reading(words, array, (path,))


def _read_header(path: Path, stream: BinaryIO) -> tuple[int, int]:
    line = stream.readline(100)
    if not line:
        raise VectorsError(f"{path}: the file is empty, expected word2vec's binary format")
    if line.startswith(MAGIC):
        raise VectorsError(f"{path}: this is a fastText model, which is mapped into memory; unpack it with gunzip")
    header = parse_header(line)
    if header is None or 0 in header:
        raise VectorsError(f"{path}:1: found {line[:40]!r}, expected a header of two integers, rows and dimension")
    if NUMBER * header[1] > LONGEST_LINE:
        raise VectorsError(f"{path}:1: found a dimension of {header[1]:,}, expected at most {LONGEST_LINE // NUMBER:,}")
    return header


class _Rows:
    """Reads row by row; messages name the row and the byte in the unpacked file."""

    def __init__(self, path: Path, stream: BinaryIO, promised: int, width: int) -> None:
        self.path, self.stream, self.promised = path, stream, promised
        self.width = width  # bytes of the numbers of a row
        self.row = 0
        self.offset = stream.tell()  # of the buffer, in the file
        self.buffer = b""
        self.start = 0  # of the next row, in the buffer

    def read(self) -> tuple[bytes, bytes]:
        """Return the word and the numbers of the next row, as bytes."""
        while (space := self.buffer.find(b" ", self.start)) < 0 or space + self.width >= len(self.buffer):
            self._refill()
        end = space + 1 + self.width
        # The C tool ends each row with a newline, which then precedes the next word.
        word, numbers = self.buffer[self.start : space].lstrip(b"\n"), self.buffer[space + 1 : end]
        if BETWEEN_WORDS.search(word):
            raise VectorsError(f"{self._place()}: found {word[:40]!r}, expected a word; {ADVICE}")
        self.start = end
        self.row += 1
        return word, numbers

    def check_end(self) -> None:
        """Refuse bytes after the last row: there are more rows, or the rows before were read wrongly."""
        if (self.buffer[self.start :] + self.stream.read(CHUNK)).strip(b"\n"):
            raise VectorsError(f"{self._place()}: found more bytes, expected the end of the file; {ADVICE}")

    def _refill(self) -> None:
        self.buffer, self.offset, self.start = self.buffer[self.start :], self.offset + self.start, 0
        if len(self.buffer) > LONGEST_WORD and b" " not in self.buffer:
            raise VectorsError(f"{self._place()}: found no space within {LONGEST_WORD:,} bytes, expected a word")
        more = self.stream.read(max(CHUNK, self.width))
        if not more:
            raise VectorsError(
                f"{self._place()}: found {count_of(len(self.buffer), 'byte')}, expected a word and {self.width} bytes"
            )
        self.buffer += more

    def _place(self) -> str:
        return f"{self.path}: row {self.row + 1} of {self.promised}, byte {self.offset + self.start}"
