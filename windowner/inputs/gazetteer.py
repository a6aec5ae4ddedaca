"""Gazetteers: lists of names by type, and the names that occur in a sentence.

    New York	LOC          We    saw    New     York    Times    journalists
    New York Times	ORG                   LOC B   LOC E
                                          ORG B   ORG I   ORG E

Each type is matched by itself, from left to right. At each token the longest name is taken, and the next name of that
type begins after it. A token has one position in each type: B, I, E or S, or none. Matches depend on the sentence. So a
written form and its matches together are one form: `New` without matches is one form, and `New` with the matches B-LOC
and B-ORG is another. The names are kept in a tree of tokens. A token that begins no name costs one look-up.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from windowner.errors import DataError
from windowner.formats.opening import open_input

MARK = "\0"  # between a written form and its matches

Entry = tuple[tuple[str, ...], str]
"""Tokens and type of a name."""


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
        """Return the forms of a sentence: its tokens, where a token in a name is followed by `MARK` and its matches."""
        ends = dict.fromkeys(self.types, 0)  # where the last name of each type ends
        found: dict[int, list[str]] = {}
        for start, token in enumerate(tokens):
            if token in self._root:
                for type, end in self._longest(tokens, start).items():
                    if ends[type] <= start:
                        ends[type] = end
                        for place, position in zip(range(start, end), positions(end - start), strict=True):
                            found.setdefault(place, []).append(f"{position}-{type}")
        if not found:
            return tokens
        marked = list(tokens)
        for place, matches in found.items():
            marked[place] += MARK + ",".join(sorted(matches))
        return marked

    def _longest(self, tokens: Sequence[str], start: int) -> dict[str, int]:
        """Return the end of the longest name that begins at a token, for each type that has one."""
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
        """Return the lines of a gazetteer file with these names. The model file holds them."""
        return [f"{' '.join(tokens)}\t{type}" for tokens, type in self.entries]


def positions(length: int) -> str:
    """Return the positions of the tokens of a name: `S`, `BE`, `BIE`, ..."""
    return "S" if length == 1 else f"B{'I' * (length - 2)}E"


def split_mark(form: str) -> tuple[str, str]:
    """Return the written form and the matches of a form. The matches are empty if it has none."""
    written, _, matches = form.partition(MARK)
    return written, matches


def parse_entries(lines: Iterable[str], name: str) -> Iterator[Entry]:
    """Yield the name and the type of each line that is not empty. A tab separates them.

    Parameters
    ----------
    lines
        The lines.
    name
        Name of their file, for messages.

    Raises
    ------
    DataError
        If a line has no tab, no name or no type, or if the type contains white space or a comma.
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
    """Return the names in a file, which may be gzipped."""
    with open_input(path) as stream:
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: byte 0x{error.object[error.start]:02x}, expected UTF-8") from None
    return list(parse_entries(text.splitlines(), str(path)))
