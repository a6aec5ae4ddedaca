"""Gazetteers: lists of names, and where a sentence holds one of them.

    New York	LOC          We    saw    New     York    Times    journalists
    New York Times	ORG                   LOC B   LOC E
                                          ORG B   ORG I   ORG E

Names of one type are found from left to right, the longest first. A token has a position B, I, E or S in each type, or
none. Because the match depends on the sentence, a form and its matches are encoded together, as a form of their own:
`New`, and `New` with the matches B-LOC and B-ORG. The names are kept in a tree of tokens, so that a token which begins
no name costs one look-up.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from windowner.errors import DataError
from windowner.formats.opening import open_input

MARK = "\0"  # between a form and its matches

Entry = tuple[tuple[str, ...], str]


class Gazetteer:
    """Names by type.

    Parameters
    ----------
    entries
        Tokens and type of each name.
    """

    def __init__(self, entries: Iterable[Entry]):
        self.entries = sorted(set(entries))
        self.types = sorted({type for _, type in self.entries})
        self._root: dict[str, Any] = {}
        for tokens, type in self.entries:
            node = self._root
            for token in tokens:
                node = node.setdefault(token, {})
            node.setdefault(MARK, []).append(type)

    def mark(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the sentence with each token that is part of a name followed by `MARK` and its matches."""
        free = dict.fromkeys(self.types, 0)  # where the last name of each type ends
        found: dict[int, list[str]] = {}
        for start, token in enumerate(tokens):
            if token in self._root:
                for type, end in self._longest(tokens, start).items():
                    if free[type] <= start:
                        free[type] = end
                        for place, position in zip(range(start, end), positions(end - start), strict=True):
                            found.setdefault(place, []).append(f"{position}-{type}")
        if not found:
            return tokens
        marked = list(tokens)
        for place, matches in found.items():
            marked[place] += MARK + ",".join(sorted(matches))
        return marked

    def _longest(self, tokens: Sequence[str], start: int) -> dict[str, int]:
        """Return the end of the longest name of each type that begins at a token."""
        ends: dict[str, int] = {}
        node = self._root
        for end in range(start, len(tokens)):
            child = node.get(tokens[end])
            if child is None:
                break
            node = child
            ends |= dict.fromkeys(node.get(MARK, ()), end + 1)
        return ends

    def lines(self) -> list[str]:
        """Return the entries as lines of a gazetteer file, for the model file."""
        return [f"{' '.join(tokens)}\t{type}" for tokens, type in self.entries]


def positions(length: int) -> str:
    """Return the positions of the tokens of a name: `S`, `BE`, `BIE`, ..."""
    return "S" if length == 1 else f"B{'I' * (length - 2)}E"


def split_mark(form: str) -> tuple[str, str]:
    """Split a marked form into the written form and its matches, which are empty if it has none."""
    written, _, matches = form.partition(MARK)
    return written, matches


def parse_entries(lines: Iterable[str], name: str) -> Iterator[Entry]:
    """Read a name and its type, separated by a tab, from each line that is not empty.

    Raises
    ------
    DataError
        A line has no tab, no name or no type: file, line, found, expected.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, tab, type = line.strip("\r\n").rpartition("\t")
        tokens, type = tuple(text.split()), type.strip()
        if not (tab and tokens and type) or len(type.split()) > 1 or "," in type:
            raise DataError(f"{name}:{number}: found {line.strip()!r}, expected a name, a tab and its type")
        yield tokens, type


def read_gazetteer_file(path: Path) -> list[Entry]:
    """Read a file of names, gzipped or not."""
    with open_input(path) as stream:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: byte 0x{error.object[error.start]:02x}, expected UTF-8") from None
    return list(parse_entries(text.splitlines(), str(path)))
