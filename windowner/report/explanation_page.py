"""An explanation as a page that opens from disk, and as a picture."""

from pathlib import Path
from typing import Any

from windowner.report.figures import Palette, Picture
from windowner.report.page import write_page
from windowner.tagger.explanation import Explanation, Share, position_name, share_name

FEATURES = 30
"""Shares of features on a page."""


def write_explanation_page(found: Explanation, path: Path) -> Path:
    """Write the page of an explanation, and return its path.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The page cannot be written.
    """
    return write_page("explanation.html", {"found": found, "most": FEATURES}, path)


def write_explanation_picture(found: Explanation, path: Path) -> Path:
    """Write the picture of an explanation as SVG or PNG, as the suffix says, and return its path.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    DataError
        The picture cannot be written.
    """
    return explanation_picture(found).write(path)


def explanation_picture(found: Explanation) -> Picture:
    """Return a bar for each word, in the order of the sentence, and for each other share."""
    shares = found.by_word

    def draw(axes: Any, palette: Palette) -> None:
        places = range(len(shares))
        widths = [share.nats for share in shares]
        axes.barh(places, widths, color=[palette.color(0 if nats > 0 else 1) for nats in widths], height=0.65)
        axes.axvline(0, color=palette.ink, linewidth=0.8)
        axes.set_yticks(places, [_label(share) for share in shares])
        axes.invert_yaxis()
        axes.grid(visible=False)
        axes.margins(x=0.18)
        for place, nats in enumerate(widths):
            axes.annotate(
                f"{nats:+.2f}".replace("-", "\N{MINUS SIGN}"), (nats, place), (4 if nats >= 0 else -4, 0),
                textcoords="offset points", va="center", ha="left" if nats >= 0 else "right", size=8.5,
            )  # fmt: skip
        axes.set(title=f"{found.tag} against {found.against}: {found.difference:+.2f} nats")

    sentence = " ".join(found.sentence)
    caption = f"What adds to {found.tag} against {found.against} of the word {found.sentence[found.word]}: {sentence}"
    return Picture("explanation", caption, draw, width=5.0, height=0.9 + 0.28 * len(shares))


def _label(share: Share) -> str:
    place = f"  {position_name(share.position)}" if share.kind == "word" else ""
    return share_name(share) + place
