"""A text cut at its marked stretches, such as entities. Every page and every notebook shows marked text from this.

    text     Angela Merkel visited Paris.
    pieces   [Angela Merkel PER] [ visited ] [Paris LOC] [.]

Marks may overlap, as the spans of an annotated text may. The text is then cut at each border.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

HUES = 6
"""Colours of types; a seventh type has the first colour again."""


class Mark(NamedTuple):
    """Marked characters of a text.

    Parameters
    ----------
    start, end
        The first character, and the one behind the last one.
    type
        Type of the entity.
    kind
        `entity`, or what a report says of it, such as `missed`.
    probability
        Its probability, if known.
    hue
        Number of its colour.
    """

    start: int
    end: int
    type: str
    kind: str = "entity"
    probability: float | None = None
    hue: int = 0

    @property
    def is_mistake(self) -> bool:
        """Whether a report says that the entity is wrong."""
        return self.kind not in ("entity", "correct")


class Piece(NamedTuple):
    """A stretch of a text: the marks that hold it, the innermost last, and those of them that end with it."""

    text: str
    marks: Sequence[Mark] = ()
    ending: Sequence[Mark] = ()


def cut(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Return the pieces of a text, in order. Joined, they are the text.

    Raises
    ------
    ValueError
        A mark is empty, or reaches beyond the text.
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    for mark in ordered:
        if not 0 <= mark.start < mark.end <= len(text):
            raise ValueError(f"an entity of the characters {mark.start} to {mark.end}, expected 0 to {len(text)}")
    borders = sorted({0, len(text), *(mark.start for mark in ordered), *(mark.end for mark in ordered)})
    pieces = []
    holding: list[Mark] = []
    following = 0  # the first mark that has not begun
    for start, end in pairwise(borders):
        holding = [mark for mark in holding if mark.end > start]
        while following < len(ordered) and ordered[following].start == start:
            holding.append(ordered[following])
            following += 1
        pieces.append(Piece(text[start:end], holding, [mark for mark in reversed(holding) if mark.end == end]))
    return pieces


def token_marks(tokens: Sequence[str], marks: Iterable[Mark]) -> tuple[str, list[Mark]]:
    """Return a sentence as a text with spaces between its tokens, and marks of tokens as marks of its characters.

    Raises
    ------
    ValueError
        A mark is empty, or reaches beyond the sentence.
    """
    starts = list(accumulate((len(token) + 1 for token in tokens), initial=0))
    moved = []
    for mark in marks:
        if not 0 <= mark.start < mark.end <= len(tokens):
            raise ValueError(f"an entity of the tokens {mark.start} to {mark.end}, expected 0 to {len(tokens)}")
        moved.append(mark._replace(start=starts[mark.start], end=starts[mark.end] - 1))
    return " ".join(tokens), moved


def hues(types: Iterable[str]) -> dict[str, int]:
    """Return the number of each type's colour."""
    return {name: number % HUES for number, name in enumerate(dict.fromkeys(types))}
