"""A file that was written is read again before it gets its name: what its format cannot hold is an error.

A token `-DOCSTART-` in columns, a label with a space in brat, a `|` in CoNLL-U: each would be read as something else.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from windowner.errors import DataError, UnholdableError
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.formats.span_records import UNTYPED, label_of
from windowner.formats.table import BRAT, Format
from windowner.text.document import Document
from windowner.text.schemes import IOB2, join_tag, split_tag
from windowner.text.sentence import Sentence
from windowner.text.tag_writing import convert

Item = TypeVar("Item", Sentence, Document)


class Written:
    """What is written to one file: a hash of each sentence or document, and its line in the source.

    Parameters
    ----------
    format
        Format of the file.
    """

    def __init__(self, format: Format) -> None:
        self._format = format
        self._lines = array("q")
        self._hashes = array("q")

    def passing(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, and remember them."""
        for item in items:
            if _has_content(item):
                self._lines.append(item.line)
                self._hashes.append(hash(self._content(item)))
            yield item

    def check(self, path: Path) -> None:
        """Read a file or a folder, and compare it with what was written.

        Raises
        ------
        DataError
            If something else is read.
        """
        name = self._format.name
        if name == BRAT and not self._hashes:
            return  # a folder without files, which is not recognised as brat
        hashes, found = array("q"), "nothing"
        expected = set(self._hashes)
        try:
            for item in read_items(path, name, "", ReadOptions()):
                if not _has_content(item):
                    continue
                hashes.append(hash(self._content(item)))
                if self._is_other(hashes, expected):
                    found = repr(item.text if isinstance(item, Document) else " ".join(item.tokens))[:80]
                    break
        except DataError as error:
            reason = str(error).replace(str(path), "what was written")
            found = f"{name} cannot hold this text: {reason}"
            raise UnholdableError(f"{found}; choose another format, such as jsonl") from None
        if self._are_equal(hashes):
            return
        place = min(len(hashes) - (found != "nothing"), len(self._lines) - 1)
        raise UnholdableError(
            f"{name} cannot hold the text: {found} would be read; choose another format, such as jsonl",
            None if name == BRAT else self._lines[place],
        )

    def _is_other(self, hashes: "array[int]", expected: set[int]) -> bool:
        """Return whether the item that was read last is not the one that was written."""
        if self._format.name == BRAT:  # files are read in the order of their names
            return hashes[-1] not in expected
        return len(hashes) > len(self._hashes) or hashes[-1] != self._hashes[len(hashes) - 1]

    def _are_equal(self, hashes: "array[int]") -> bool:
        if self._format.name == BRAT:
            return sorted(hashes) == sorted(self._hashes)
        return hashes == self._hashes

    def _content(self, item: Sentence | Document) -> tuple[object, ...]:
        """Return what must be read as it was written."""
        if isinstance(item, Document):
            # Where a text has no other line ends, "\r" is read as one.
            text = item.text.replace("\r", "\n") if self._format.name == BRAT else item.text
            return text, *sorted((span.start, span.end, label_of(span)) for span in item.spans or ())
        tags = item.tags or []
        if self._format.name == "brackets":
            tags = [_typed(tag) for tag in convert([tags], IOB2)[0]]
        return tuple(item.tokens), tuple(tags)


def _has_content(item: Sentence | Document) -> bool:
    return isinstance(item, Document) or bool(item.tokens)


def _typed(tag: str) -> str:
    prefix, entity_type = split_tag(tag)
    return tag if prefix == "O" else join_tag(prefix, entity_type or UNTYPED)
