"""What was changed while spans and tokens were made to fit each other."""

from dataclasses import dataclass, field


@dataclass
class AlignmentCounts:
    """What was changed when spans became tags, counted over all documents that it is passed to.

    Parameters
    ----------
    split
        Tokens that a span split.
    expanded
        Spans that grew to whole tokens.
    misaligned
        Spans that were dropped because they cut a token.
    overlapping
        Spans that were dropped because they overlap a longer one.
    blank
        Spans that were dropped because they hold no token: white space alone.
    joined
        Sentence ends inside of spans.
    overlaps
        The dropped overlapping spans, as messages with their lines.
    """

    split: int = 0
    expanded: int = 0
    misaligned: int = 0
    overlapping: int = 0
    blank: int = 0
    joined: int = 0
    overlaps: list[str] = field(default_factory=list)

    def by_kind(self) -> dict[str, int]:
        """Return how many changes there were, by their description."""
        return {
            "tokens are split where a span begins or ends": self.split,
            "spans have grown to whole tokens": self.expanded,
            "spans that cut a token are left out": self.misaligned,
            "spans of white space are left out": self.blank,
            "sentence ends inside of a span are left out": self.joined,
            "spans that overlap a longer one are left out": self.overlapping,
        }

    def describe(self) -> list[str]:
        """Return what was changed, one line for each kind; [] if nothing was."""
        return [f"{kind}: {number:,}" for kind, number in self.by_kind().items() if number]
