"""Texts of pictures that come from data."""

from xml.etree import ElementTree

import pytest

from windowner.report.figures import Picture
from windowner.report.picture_text import OTHER, TICK, for_xml, shortened


@pytest.mark.parametrize("label", ["\x1b[31m", "\0", "\ud800", "\uffff", "x" * 1000])
def test_a_label_of_any_text_leaves_a_picture(label, tmp_path):
    """Control characters made the SVG unreadable; a long label left no room for the axes, which is a warning."""

    def draw(axes, palette):
        axes.barh([0, 1], [1, 2], label=label)
        axes.set_yticks([0, 1], [label, "b"])
        axes.annotate(label, (1, 1))
        axes.legend()
        axes.set(title=label)

    for path in Picture("p", "", draw).save(tmp_path):
        if path.suffix == ".svg":
            texts = [element.text for element in ElementTree.parse(path).iter() if element.text]
            assert {shortened(label, TICK), shortened(label, OTHER)} <= set(texts)


def test_short_texts_stay():
    assert for_xml("a\tb\né人🙂") == "a\tb\né人🙂"
    assert shortened("xxx", 3) == "xxx"
    assert shortened("xxxx", 3) == "xx…"
