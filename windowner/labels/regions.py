"""Regions: runs of tokens in which two labellings of a sentence differ.

    gold         [Bank of] ORG      [England] LOC
    suggested    [Bank of            England] ORG       one region of three tokens

An entity that only one side has belongs to a region. Entities that overlap belong to the same one. So outside of the
regions both sides are the same, and each region may be decided by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from windowner.text.token_spans import TokenSpan

MISSED, SPURIOUS, TYPE, BOUNDARY, INCONSISTENT = "missed", "spurious", "type", "boundary", "inconsistent"
KINDS = (MISSED, SPURIOUS, TYPE, BOUNDARY, INCONSISTENT)


class Region(NamedTuple):
    """A run of tokens, with its entities on each side.

    Parameters
    ----------
    sentence
        Number of the sentence.
    start, end
        Its tokens in the sentence, `end` exclusive.
    gold, suggested
        The entities of each side, in order.
    agreed
        Whether the tagger says what gold says, and only the same words elsewhere say otherwise.
    """

    sentence: int
    start: int
    end: int
    gold: tuple[TokenSpan, ...]
    suggested: tuple[TokenSpan, ...]
    agreed: bool = False

    @property
    def kind(self) -> str:
        """What is wrong if the suggestion is right: a missed or spurious entity, its type, or its boundaries."""
        if self.agreed:
            return INCONSISTENT
        if not self.gold:
            return MISSED
        if not self.suggested:
            return SPURIOUS
        same = [span[:2] for span in self.gold] == [span[:2] for span in self.suggested]
        return TYPE if same else BOUNDARY


def differing_regions(sentence: int, gold: Sequence[TokenSpan], suggested: Sequence[TokenSpan]) -> list[Region]:
    """Return the regions of a sentence, in order. The entities of a side do not overlap each other."""
    only_gold, only_suggested = set(gold) - set(suggested), set(suggested) - set(gold)
    regions: list[Region] = []
    for span in sorted(only_gold | only_suggested):
        if regions and span.start < regions[-1].end:
            region = regions.pop()
        else:
            region = Region(sentence, span.start, span.end, (), ())
        gold_side = (*region.gold, span) if span in only_gold else region.gold
        other_side = (*region.suggested, span) if span in only_suggested else region.suggested
        regions.append(Region(sentence, region.start, max(region.end, span.end), gold_side, other_side))
    return regions
