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
from dataclasses import dataclass, field
from pathlib import Path

from windowner.errors import DataError
from windowner.formats.limits import MOST_NAMES, check_count
from windowner.formats.lines import decode, read_whole
from windowner.formats.opening import open_input

MARK = "\0"
"""Stands between a written form and its matches, and behind a written form that holds this character itself."""

UNUSABLE = "\t,\0"
"""Characters that no type of names holds. They separate names from types, and matches from each other."""

Entry = tuple[tuple[str, ...], str]
"""Tokens and type of a name."""


@dataclass
class _Node:
    """A node of the tree: the types of the names that end here, and the nodes of the tokens that may follow."""

    types: list[str] = field(default_factory=list)
    children: dict[str, "_Node"] = field(default_factory=dict)


class Gazetteer:
    """Names by type.

    Parameters
    ----------
    entries
        Tokens and type of each name. No token holds a space.

    Raises
    ------
    ValueError
        If a type holds a character of `UNUSABLE`.
    """

    def __init__(self, entries: Iterable[Entry]):
        self.entries = sorted(set(entries))
        self.types = sorted({type for _, type in self.entries})
        if bad := next((type for type in self.types if set(type) & set(UNUSABLE)), None):
            raise ValueError(f"names of the type {bad!r}, expected a type without tab, comma and NUL")
        root = _Node()
        for tokens, type in self.entries:
            node = root
            for token in tokens:
                node = node.children.setdefault(token, _Node())
            node.types.append(type)
        self._first = root.children

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> "Gazetteer":
        """Return the gazetteer that has written these lines; see `lines`.

        Raises
        ------
        ValueError
            If a line has no name or no tab.
        """
        cut = [line.rpartition("\t") for line in lines]
        if bad := next((f"{tab}{type}" for name, tab, type in cut if not name), None):
            raise ValueError(f"gazetteer has the line {bad!r}, expected a name, a tab and its type")
        return cls((tuple(name.split(" ")), type) for name, _, type in cut)

    def mark(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the forms of a sentence: its tokens, where a token in a name is followed by `MARK` and its matches.

        A token that holds `MARK` itself is followed by it, too. So `split_mark` cuts at the last one.
        """
        ends = dict.fromkeys(self.types, 0)  # where the last name of each type ends
        found: dict[int, list[str]] = {}
        for start, token in enumerate(tokens):
            if MARK in token:
                found.setdefault(start, [])
            if token in self._first:
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
        nodes = self._first
        for end in range(start, len(tokens)):
            node = nodes.get(tokens[end])
            if node is None:
                break
            ends |= dict.fromkeys(node.types, end + 1)
            nodes = node.children
        return ends

    def lines(self) -> list[str]:
        """Return the lines of a gazetteer file with these names. The model file holds them."""
        return [f"{' '.join(tokens)}\t{type}" for tokens, type in self.entries]


def positions(length: int) -> str:
    """Return the positions of the tokens of a name: `S`, `BE`, `BIE`, ..."""
    return "S" if length == 1 else f"B{'I' * (length - 2)}E"


def split_mark(form: str) -> tuple[str, str]:
    """Return the written form and the matches of a form. The matches are empty if it has none."""
    written, mark, matches = form.rpartition(MARK)
    return (written, matches) if mark else (form, "")


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
        If a line has no tab, no name or no type, or if the type contains white space, a comma or NUL.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, tab, type = line.strip("\r\n").rpartition("\t")
        tokens, type = tuple(text.split()), type.strip()
        if not (tab and tokens and type) or len(type.split()) > 1 or set(type) & set(UNUSABLE):
            raise DataError(f"{name}:{number}: found {line.strip()[:60]!r}, expected a name, a tab and its type")
        yield tokens, type


def read_gazetteer_file(path: Path) -> list[Entry]:
    """Return the names in a file, which may be gzipped."""
    with open_input(path) as stream:
        text = decode(read_whole(stream, str(path)), str(path), 1).removeprefix("\ufeff")
    check_count(text.count("\n"), MOST_NAMES, "lines of names", str(path))
    return list(parse_entries(text.split("\n"), str(path)))
