"""SVG for a page: colours, ids and fonts become those of the page, and texts stay what they are."""

from xml.etree import ElementTree

import pytest

pytest.importorskip("matplotlib")

from windowner.report.figures import STAND_INS, Picture

TEXTS = [
    "font: 10px x",
    'id="a"',
    'xlink:href="#a"',
    "url(#a)",
    STAND_INS[0],
    "<metadata>x</metadata>",
    "a > b < c & 'd'",
    "]]><!-- -->",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_data_stays(text):
    """A word, or a type, may look like a part of the picture's own markup."""
    picture = Picture("name", "caption", lambda axes, palette: axes.set_title(text, color=palette.ink))
    svg = picture.svg()
    root = ElementTree.fromstring(svg)
    assert text in [element.text for element in root.iter() if element.text]
    assert "var(--ink)" in svg
    assert "font: " not in svg.replace(text, "")
    assert all(element.get("id", "name-").startswith("name-") for element in root.iter())
