r"""Raw text in blocks: the texts of many lines or records, without an object for each of them.

    {"id": 7, "text": "Paris is big."}         texts    "Paris is big."
                                               records  {"id": 7, "text": "Paris is big."}

Lines of JSON are decoded one by one, so that no record spans two lines. A block with a line that is no record of a text
is read record by record, and the error names the line.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

import msgspec

from windowner.formats.lines import read_blocks
from windowner.formats.texts import TEXT, texts_of_lines
from windowner.text.document import Document

_DECODER = msgspec.json.Decoder(dict[str, Any])


class TextBlock(NamedTuple):
    """Some texts.

    Parameters
    ----------
    texts
        The texts.
    records
        What the record of each text holds, with the text or without it; {} for a text that has no record. They belong
        to the block: whoever writes it may change them.
    """

    texts: list[str]
    records: list[dict[str, Any]]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "TextBlock":
        """Return documents as a block."""
        pairs = [(document.text, dict(document.extra)) for document in documents]
        return cls([text for text, _ in pairs], [record for _, record in pairs])


def read_text_blocks(stream: BinaryIO, name: str, format: str, first_line: int = 1) -> Iterator[TextBlock]:
    """Read what the format's reader in `TEXT_READERS` reads, for a format of `TEXT_BLOCKS`, in blocks.

    A block is what has arrived, so texts from a slow pipe are not kept waiting for later ones.

    Raises
    ------
    DataError
        If a text cannot be read.
    """
    line = first_line
    for text in read_blocks(stream, name, first_line):
        yield TEXT_BLOCKS[format](text, name, line)
        line += text.count("\n")


def _read_lines(text: str, name: str, line: int) -> TextBlock:
    """Return each line of a text as a text."""
    lines = text[:-1].split("\n")
    return TextBlock(lines, [{} for _ in lines])


def _read_records(text: str, name: str, line: int) -> TextBlock:
    """Return the text of each line's record."""
    lines = filter(bytes.strip, text.encode().split(b"\n"))  # those that are not blank
    try:
        records = list(map(_DECODER.decode, lines))
        texts = list(map(itemgetter(TEXT), records))
    except (msgspec.DecodeError, RecursionError, KeyError):
        texts = [None]
    if {str}.issuperset(map(type, texts)):
        return TextBlock(texts, records)
    return TextBlock.of(texts_of_lines(enumerate(text[:-1].split("\n"), line), name))


TEXT_BLOCKS: dict[str, Callable[[str, str, int], TextBlock]] = {"text": _read_lines, "records": _read_records}
"""Formats that are read in blocks, and what makes a block of whole lines, the file's name, and the first line."""
