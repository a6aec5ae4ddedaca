"""Fonts for words of any script: matplotlib's own font lacks Chinese, Japanese, Korean, Hindi and others.

The installed fonts are searched only when a figure has a character that its own font lacks. Without a font that has it,
an SVG still holds it as text, which the browser draws; a PNG shows a box.
"""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

OWN = "DejaVu Sans"
"""The font that comes with matplotlib."""

PLACEHOLDER = "Last Resort"
"""Beginning of the name of a font of matplotlib that has a box for every character."""


def choose_fonts(figure: Any) -> None:
    """Give the texts of a figure fonts that have all of their characters, as far as such fonts are installed."""
    from matplotlib.text import Text

    axes = figure.get_axes()
    labels = chain.from_iterable([*each.get_xticklabels(), *each.get_yticklabels()] for each in axes)
    texts = [*figure.findobj(Text), *labels]
    characters = frozenset(chain.from_iterable(text.get_text() for text in texts))
    if characters.issubset(map(chr, range(0x250))):  # Latin, the usual case
        return
    fonts = find_fonts(characters)
    if fonts:
        for text in texts:
            text.set_fontfamily([OWN, *fonts])


@cache
def find_fonts(characters: frozenset[str]) -> tuple[str, ...]:
    """Return the names of installed fonts that together have the characters that matplotlib's own font lacks.

    The font that has most of them comes first.
    """
    from matplotlib.font_manager import findfont

    missing = set(map(ord, filter(str.isprintable, characters))) - _characters_of(findfont(OWN))
    covered = {name: missing & _characters_of(path) for name, path in _installed()} if missing else {}
    fonts = []
    while missing and covered:
        best = max(covered, key=lambda name: len(covered[name] & missing))
        if not covered[best] & missing:
            break
        fonts.append(best)
        missing -= covered.pop(best)
    return tuple(fonts)


@contextmanager
def silent_about_glyphs() -> Iterator[None]:
    """Return a context in which matplotlib does not warn of characters that no font has."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        yield


def _installed() -> Iterable[tuple[str, str]]:
    """Return names and paths of the installed upright fonts of normal weight, one path per name."""
    from matplotlib.font_manager import fontManager

    upright = (entry for entry in fontManager.ttflist if entry.style == "normal" and entry.weight in (400, "normal"))
    return sorted({entry.name: entry.fname for entry in upright if not entry.name.startswith(PLACEHOLDER)}.items())


def _characters_of(path: str) -> set[int]:
    """Return the characters that a font has; none if it cannot be read."""
    from matplotlib.font_manager import get_font

    try:
        return set(get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return set()
