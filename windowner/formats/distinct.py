r"""Distinct pieces of text, such as rows of a column file: each one is looked at once, and is a number from then on.

Text repeats itself. So a piece that was met before costs one dictionary access, and what is known of it is found by its
number.

    pieces             "the\tO"  "UN\tB-ORG"  ""     "the\tO"
    numbers            0         1            2      0
    kinds[numbers]     TOKEN     TOKEN        BLANK  TOKEN
    tokens             "the"     "UN"         ""                    one per distinct piece
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from windowner.arrays import Array, Bools, Ids

Kinds = NDArray[np.int8]

BLANK, MARK, COMMENT, TOKEN, OTHER = range(5)
"""What a piece is: the end of a sentence; a mark that begins a document, and ends a sentence too; a comment; a token;
something that is refused, or that its neighbours decide about."""

OUTSIDE = np.array(
    [["", ""], [" O\n\n", "\tO\n\n"], ["\n", "\n"], [" O\n", "\tO\n"], ["", ""]],
    dtype=object,
)
"""How a row ends that is outside of entities: by what it is, and by whether a tab separates its new column."""

MOST = 1 << 17
"""When more distinct pieces than this are known, all are forgotten."""


class Known(NamedTuple):
    """What is known of a distinct piece.

    Parameters
    ----------
    kind
        `BLANK`, `MARK`, `COMMENT`, `TOKEN` or `OTHER`.
    token, tag
        Its token and its tag, if it is a token.
    written
        How it is written before a new column.
    tabbed
        Whether a tab separates a new column from it. Otherwise a space does.
    """

    kind: int
    token: str = ""
    tag: str = ""
    written: str = ""
    tabbed: bool = True


class DistinctPieces(dict[str, int], ABC):
    """The number of each distinct piece met so far, and by these numbers, what is known of the pieces.

    A new piece gets its number when it is first looked up. New pieces are looked at together.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Kinds = np.empty(0, dtype=np.int8)
        self.tabbed: Bools = np.empty(0, dtype=np.bool_)
        self.written: Array = np.empty(0, dtype=object)
        self.tokens: list[str] = []
        self.tags: list[str] = []
        self._outside: Array = np.empty(0, dtype=object)
        self._new: list[str] = []  # pieces of which nothing is known yet

    def __missing__(self, piece: str) -> int:
        self[piece] = number = len(self)
        self._new.append(piece)
        return number

    @property
    def outside(self) -> Array:
        """Each distinct piece as a row that is outside of entities, with its new column and its line ends."""
        new = slice(len(self._outside), len(self.kinds))
        if new.start < new.stop:
            ends = OUTSIDE[self.kinds[new], self.tabbed[new].astype(np.intp)]
            self._outside = np.concatenate([self._outside, self.written[new] + ends])
        return self._outside

    @abstractmethod
    def look_at(self, pieces: Sequence[str]) -> Iterable[Known]:
        """Return what is known of new pieces."""

    def numbers(self, pieces: Sequence[str]) -> Ids:
        """Return the numbers of pieces, (len(pieces),)."""
        numbers = np.fromiter(map(self.__getitem__, pieces), dtype=np.int32, count=len(pieces))
        if self._new:
            kinds, tokens, tags, written, tabbed = zip(*self.look_at(self._new), strict=True)
            self.kinds = np.concatenate([self.kinds, np.array(kinds, dtype=np.int8)])
            self.tabbed = np.concatenate([self.tabbed, np.array(tabbed)])
            self.written = np.concatenate([self.written, np.array(written, dtype=object)])
            self.tokens += tokens
            self.tags += tags
            self._new = []
        return numbers


Pieces = TypeVar("Pieces", bound=DistinctPieces)


class Memory:
    """Distinct pieces that are remembered from one file, or shard of a file, to the next."""

    def __init__(self) -> None:
        self._settings: Hashable = None
        self._known: DistinctPieces | None = None

    def recall(self, settings: Hashable, begin: Callable[[], Pieces]) -> Pieces:
        """Return the pieces that were met with the same settings, or begin anew if there are none, or too many."""
        known = self._known
        if known is None or self._settings != settings or len(known) > MOST:
            known = begin()
            self._settings, self._known = settings, known
        return cast(Pieces, known)
