"""Texts of pictures that come from data: of a length that leaves room for the axes, and of characters that XML has."""

import re
from typing import Any

TICK, OTHER = 30, 60
"""Characters of the label of a tick, and of any other text."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shorten_texts(figure: Any) -> None:
    """Show the texts of a figure as `shortened` does. Those that change, and wide legends, get no room of the axes."""
    from matplotlib.text import Text

    for axes in figure.get_axes():
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            ticks = [shortened(label, TICK) for label in labels]
            if ticks != labels:
                axis.set_ticks(axis.get_ticklocs(), ticks)
        legend = axes.get_legend()
        if legend and any(text.get_text() != shortened(text.get_text(), TICK) for text in legend.get_texts()):
            legend.set_in_layout(False)
    for text in figure.findobj(Text):
        shown = shortened(text.get_text(), OTHER)
        if shown != text.get_text():
            text.set_text(shown)
            text.set_in_layout(False)


def shortened(text: str, most: int) -> str:
    """Return a text, or its beginning, with characters that XML has."""
    text = for_xml(text)
    return text if len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def for_xml(text: str) -> str:
    """Replace the characters that no XML can hold, such as escape."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
