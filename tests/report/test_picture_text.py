"""Texts of pictures that come from data."""

from xml.etree import ElementTree

import pytest

from windowner.report.figures import Picture
from windowner.report.picture_text import OTHER, TICK, for_xml, shortened

DRAW = {
    "tick": lambda axes, label: axes.set_yticks([0, 1], [label, "b"]),
    "point": lambda axes, label: axes.annotate(label, (1, 1)),
    "title": lambda axes, label: axes.set(title=label),
    "legend": lambda axes, label: axes.legend([label]),
}


@pytest.mark.parametrize("place", DRAW)
@pytest.mark.parametrize("label", ["\x1b[31m", "\0", "\ud800", "\uffff", "x" * 1000])
def test_a_label_of_any_text_leaves_a_picture(label, place, tmp_path):
    """Control characters made the SVG unreadable; a long label left no room for the axes, which is a warning."""

    def draw(axes, palette):
        axes.barh([0, 1], [1, 2])
        DRAW[place](axes, label)

    picture, _ = Picture("p", "", draw).save(tmp_path)
    texts = [element.text for element in ElementTree.parse(picture).iter() if element.text]
    assert shortened(label, TICK if place == "tick" else OTHER) in texts


def test_short_texts_stay():
    assert for_xml("a\tb\né人🙂") == "a\tb\né人🙂"
    assert shortened("xxx", 3) == "xxx"
    assert shortened("xxxx", 3) == "xx…"
