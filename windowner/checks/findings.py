"""A finding: something suspicious in labelled data, with the places where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

LONGEST = 60  # characters of a text that is quoted


class Place(NamedTuple):
    """A line of a file."""

    path: str
    line: int

    def __str__(self) -> str:
        """Return `file:line`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """Something suspicious.

    Parameters
    ----------
    found
        What was found, as text.
    places
        Where, at least one; the first is where to begin.
    """

    found: str
    places: Sequence[Place]

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.places)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        first = self.places[0]
        return {
            "found": self.found,
            "file": first.path,
            "line": first.line,
            "count": self.count,
            "places": [str(place) for place in self.places],
        }


def quote(words: Iterable[str]) -> str:
    """Return words in quotation marks; a long text is cut."""
    text = " ".join(words)
    return f'"{text}"' if len(text) <= LONGEST else f'"{text[:LONGEST]}..."'
