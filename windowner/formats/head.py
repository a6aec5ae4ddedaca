"""The first 64 KB of a file, as formats are recognised by: its suffix, its rows, its first JSON record."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from windowner.formats.changed import HEAD_SIZE
from windowner.formats.json_records import list_in
from windowner.formats.rows import COMMENT, split_rows

SAMPLE_LINES = 3000
_OBJECT = re.compile(r"""\s*(?:\[\s*)?\{\s*(?:(["'])[^"'\n]*\1\s*:|\n|$)""")
_KEY = re.compile(r'"(\w+)"\s*:')


@dataclass(frozen=True)
class Head:
    """The beginning of a file.

    Parameters
    ----------
    text
        The first 64 KB or more, or the whole file if it is shorter.
    suffix
        How the file's name ends, such as `.conll`.
    """

    text: str
    suffix: str = ""

    @classmethod
    def of(cls, content: bytes, suffix: str = "", *, is_whole: bool | None = None) -> "Head":
        """Return the head of a file whose first bytes are these; a last line that is cut off is left out.

        `is_whole` says whether they are the whole file. By default, fewer than `HEAD_SIZE` bytes are.
        """
        if not (len(content) < HEAD_SIZE if is_whole is None else is_whole):
            content = content[: content.rfind(b"\n") + 1] or content
        return cls(content.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n"), suffix)

    @cached_property
    def lines(self) -> list[str]:
        """The first lines."""
        return self.text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells of the first rows, without blank lines, comments and document marks."""
        plain = [line for line in self.lines if line.strip(" \t\r\f\v") and not line.startswith("-DOCSTART-")]
        return split_rows([line for line in plain if not line.startswith(COMMENT)])

    @cached_property
    def tabbed(self) -> bool:
        """Whether the first row holds a tab."""
        return any("\t" in line for line in self.lines[:20] if line and not line.startswith((COMMENT, "-DOCSTART-")))

    @cached_property
    def record(self) -> Any:
        """The first JSON record of JSON Lines or of an array; of one that is longer, its keys; None for other text."""
        text = self.text.lstrip()
        in_array = text.startswith("[") and text[1:].lstrip().startswith(("{", "["))
        if in_array:
            text = text[1:].lstrip()
        if not text.startswith(('{"', "{ ", "{\n", "{\r", "[")):
            return None
        try:
            record, _ = json.JSONDecoder().raw_decode(text)
        except RecursionError:
            return None
        except ValueError:
            keys = dict.fromkeys(_KEY.findall(self.text))
            return keys if keys and text.startswith("{") and (in_array or len(self.text) > 1 << 15) else None
        if held := list_in(record):
            record = held[0]
        return record if isinstance(record, dict | list) else None

    @property
    def is_json(self) -> bool:
        """Whether the beginning is an object of JSON, or a list of lists or of objects, damaged or not."""
        of_lists = isinstance(self.record, list) and self.text.lstrip()[1:].lstrip().startswith(("[", "{"))
        return bool(self.keys) or of_lists or _OBJECT.match(self.text) is not None

    @property
    def keys(self) -> set[str]:
        """The keys of the first record; empty if it is no object."""
        return set(self.record) if isinstance(self.record, dict) else set()

    def column(self, place: int) -> list[str]:
        """Return the cells of a column, of the rows that have it."""
        return [row[place] for row in self.rows if -len(row) <= place < len(row)]
