"""What a form carries of its sentence: its matches in gazetteers, and how the whole sentence is cased.

    SOCCER - JAPAN WIN .         upper        every capital is one of a word in capitals
    Rain Ends Drought in Spain   title        at least two words with a capital for each one without
    It rained in Spain .         mixed
    it rained in spain           lower
    1 - 2                        none

In a headline a capital says little, in a tweet without capitals nothing. A form, its matches and the casing of its
sentence are encoded together, as a form of their own, so that all that the network sees is still a function of forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from windowner.inputs.features import CASING, Feature
from windowner.inputs.gazetteer import MARK, Gazetteer

CASING_MARK = "\1"  # before the casing, behind the form and its matches
CASINGS = ["lower", "mixed", "none", "title", "upper"]


class Told(NamedTuple):
    """The parts of a marked form, in the order in which `Feature.of` counts them."""

    written: str
    matches: str
    casing: str


@dataclass(frozen=True)
class Context:
    """Marks tokens with what their sentence tells of them.

    Parameters
    ----------
    gazetteer
        Names that are matched, or None.
    casing
        Whether tokens are marked with the casing of their sentence.
    """

    gazetteer: Gazetteer | None = None
    casing: bool = False

    def mark(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the sentence, its tokens followed by `MARK` and their matches, and `CASING_MARK` and the casing."""
        marked = tokens if self.gazetteer is None else self.gazetteer.mark(tokens)
        if not self.casing:
            return marked
        end = CASING_MARK + casing(tokens)
        return [token + end for token in marked]


def told(form: str) -> Told:
    """Take a marked form apart; what is missing is empty."""
    form, _, of_sentence = form.partition(CASING_MARK)
    written, _, matches = form.partition(MARK)
    return Told(written, matches, of_sentence)


def casing(tokens: Sequence[str]) -> str:
    """Return how a sentence is cased, one of `CASINGS`."""
    lower = sum(map(str.islower, tokens))
    capital = sum(token[:1].isupper() for token in tokens)
    if not capital:
        return "lower" if lower else "none"
    if not lower and capital == sum(map(str.isupper, tokens)):
        return "upper"
    return "title" if 2 * lower <= capital else "mixed"


def casing_feature(size: int) -> list[Feature]:
    """Return the casing of the sentence as a feature; none if it has no dimensions."""
    return [Feature("casing", size, str, CASING)] if size else []
