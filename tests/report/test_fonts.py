"""Words of any script in pictures. Warnings are errors in all tests."""

import pytest

from windowner.report.curve_pictures import Line, epochs
from windowner.report.figures import LIGHT, Picture
from windowner.report.fonts import OWN, PLACEHOLDER, _characters_of, _installed, find_fonts

matplotlib = pytest.importorskip("matplotlib")

NOWHERE = "\U0010fffd"  # a private character, which stands for those of a script that no installed font has


@pytest.fixture
def elsewhere():
    """A character that matplotlib's own font lacks, and another installed font has."""
    from matplotlib.font_manager import findfont

    fonts = dict(_installed())
    return chr(min(_characters_of(fonts["STIXGeneral"]) - _characters_of(findfont(OWN))))


def test_a_font_that_has_the_character_is_found(elsewhere):
    (font,) = find_fonts(frozenset("abc" + elsewhere))
    assert ord(elsewhere) in _characters_of(dict(_installed())[font])


def test_without_such_a_font_none_is_named():
    assert find_fonts(frozenset(f"a{NOWHERE}")) == ()
    assert find_fonts(frozenset("Łódź Москва")) == ()  # the own font has them


def test_a_font_that_has_boxes_for_all_characters_is_no_help():
    from matplotlib.font_manager import fontManager

    paths = {entry.name: entry.fname for entry in fontManager.ttflist if entry.name.startswith(PLACEHOLDER)}
    real = set().union(*(_characters_of(path) for _, path in _installed()))
    for path in paths.values():
        printable = (chr(code) for code in sorted(_characters_of(path) - real) if chr(code).isprintable())
        assert find_fonts(frozenset(next(printable))) == ()


def words(*texts):
    def draw(axes, palette):
        axes.set_xticks([0, 1], [texts[0], "a"])
        for text in texts[1:]:
            axes.annotate(text, (0, 0))

    return Picture("words", "Words.", draw)


def test_every_text_has_the_font(elsewhere):
    figure = words(elsewhere, "Rome", elsewhere).figure(LIGHT)
    (axes,) = figure.axes
    families = [text.get_fontfamily() for text in [*axes.get_xticklabels(), *axes.texts]]
    assert families == [[OWN, *find_fonts(frozenset(elsewhere))]] * 4


def test_latin_pictures_are_drawn_as_before():
    figure = epochs("f1", "F1.", "F1, %", [Line(0, [1.0, 2.0], "Łódź é")]).figure(LIGHT)
    assert {tuple(text.get_fontfamily()) for text in figure.axes[0].get_xticklabels()} == {("sans-serif",)}


def test_characters_that_no_font_has_are_text_in_the_svg_and_no_warning(tmp_path):
    svg, _ = words(NOWHERE, f"x{NOWHERE}").save(tmp_path)
    assert f"x{NOWHERE}" in svg.read_text(encoding="utf-8")
