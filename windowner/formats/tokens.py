"""Lines of tokens: one sentence per line, its tokens separated by ASCII white space. The format holds no tags."""

from collections.abc import Iterator
from typing import BinaryIO

from windowner.formats.lines import read_lines, split_white
from windowner.formats.options import ReadOptions
from windowner.text.sentence import Sentence

_DEFAULTS = ReadOptions(tag_column=None)


def read_token_lines(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read one sentence per line; a blank line is a sentence without tokens.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        Number of the first line.

    Raises
    ------
    DataError
        If the text is not UTF-8.
    """
    for line, text in read_lines(stream, name, options.first_line):
        yield Sentence(split_white(text), None, line, [])
