"""A suspect: a place where labelled text may be wrong, and what speaks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from windowner.labels.regions import Region
from windowner.text.token_spans import TokenSpan


class Elsewhere(NamedTuple):
    """How often the same words stand elsewhere: in all, labelled as here, and labelled as suggested."""

    total: int
    as_gold: int
    as_suggested: int


@dataclass(frozen=True)
class Suspect:
    """A likely label error.

    Parameters
    ----------
    region
        Where it is, with the entities that are labelled, and those that are suggested.
    file, number
        The file, and the number of the sentence in the file, from 0.
    line
        Line of the region's first token.
    tokens
        The tokens of the sentence.
    entities
        All labelled entities of the sentence.
    p_gold, p_suggested
        Probability of the labels and of the suggestion.
    elsewhere
        The same words in other places.
    score
        What suspects are sorted by.
    """

    region: Region
    file: str
    number: int
    line: int
    tokens: Sequence[str]
    entities: Sequence[TokenSpan]
    p_gold: float
    p_suggested: float
    elsewhere: Elsewhere
    score: float

    @property
    def kind(self) -> str:
        """What is wrong if the suggestion is right."""
        return self.region.kind

    @property
    def words(self) -> str:
        """The words of the region."""
        return " ".join(self.tokens[self.region.start : self.region.end])

    @property
    def corrected(self) -> list[TokenSpan]:
        """The entities of the sentence if the suggestion is accepted."""
        kept = [span for span in self.entities if span not in self.region.gold]
        return sorted([*kept, *self.region.suggested])
