"""The bounds of what is read. They hold after unpacking, so that a small compressed file cannot fill the memory.

A file is read in constant memory, except for what cannot be cut: a line, a sentence, and formats that are read whole.
`text.sentence.LONGEST_SENTENCE` is the bound of a sentence in tokens.
"""

import numpy as np

from windowner.arrays import Bools
from windowner.errors import DataError
from windowner.text.sentence import LONGEST_SENTENCE

LONGEST_LINE = 1 << 27
"""Bytes of a line, and of a sentence over several lines."""

LARGEST_WHOLE = 1 << 30
"""Bytes of a file that is read whole: a JSON array, a text, brat, Parquet, DocBin, names, a zip that is no file."""

MOST_RECORDS = 1 << 25
"""Objects and lists of an array of JSON, which is read whole."""

MOST_NAMES = 1 << 22
"""Lines of a list of names, and of a file of rules."""


def check_sentence(tokens: int, where: str) -> None:
    """Refuse a sentence of too many tokens. `where` is its file and its line."""
    if tokens > LONGEST_SENTENCE:
        raise DataError(
            f"{where}: a sentence of more than {LONGEST_SENTENCE:,} tokens, expected fewer; does the file "
            "lack the ends of sentences?"
        )


def check_lengths(closes: Bools, name: str, line: int, rows: int | None = None) -> None:
    """Refuse a sentence of too many pieces.

    Parameters
    ----------
    closes
        Whether each piece ends a sentence, (pieces,).
    name
        Name of the file.
    line
        Number of the first line.
    rows
        Lines of a sentence with its end. None if each piece is a line.
    """
    ends = np.flatnonzero(closes)
    lengths = np.diff(ends, prepend=-1) - 1
    too_long = np.flatnonzero(lengths > LONGEST_SENTENCE)
    if len(too_long):
        number = int(too_long[0])
        before = int(ends[number] - lengths[number]) if rows is None else number * rows
        check_sentence(int(lengths[number]), f"{name}:{line + before}")


def check_open(rows: int, size: int, where: str) -> None:
    """Refuse a sentence that goes on if it has too many rows by now, or too many characters."""
    check_sentence(rows, where)
    check_line(size, where)


def check_line(size: int, where: str) -> None:
    """Refuse a line of too many bytes, or a sentence of rows that have too many together."""
    if size > LONGEST_LINE:
        raise DataError(f"{where}: more than {LONGEST_LINE:,} bytes without the end of a sentence, expected fewer")


def check_whole(size: int, name: str) -> None:
    """Refuse a file of too many bytes that has to be read whole."""
    if size > LARGEST_WHOLE:
        raise DataError(
            f"{name}: more than {LARGEST_WHOLE:,} bytes when unpacked, expected fewer in a file that is read whole; "
            "cut it, or write it as JSON Lines or columns"
        )


def check_count(count: int, most: int, what: str, name: str) -> None:
    """Refuse a file that holds too many of what each take memory."""
    if count > most:
        raise DataError(f"{name}: more than {most:,} {what}, expected fewer in a file that is read whole")
