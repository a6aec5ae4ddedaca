"""Pictures: every text is on them, none overlaps another, none is cut off."""

import struct
import subprocess
import sys
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from windowner.graph.expressions import differentiate
from windowner.graph.show.canvas import INK
from windowner.graph.show.drawing import Scale, array_figure, picture_bytes, scalar_figure
from windowner.graph.show.view import view_graph


@pytest.fixture
def long_view():
    text = "sigmoid(w0*x0 + w1*x1 + w2) ** 2 - 0.5*(w0**2 + w1**2)/x1 + exp(-x0)"
    _, values, gradients = differentiate(text, {"w0": 2, "x0": -1.25, "w1": -3, "x1": -2, "w2": -3.333})
    return view_graph(values, gradients)


@pytest.fixture
def square_view():
    _, values, gradients = differentiate("x * x", {"x": 123456.789})
    return view_graph(values, gradients)


@pytest.fixture
def number_view():
    _, values, gradients = differentiate("x", {"x": 1})
    return view_graph(values, gradients)


@pytest.mark.parametrize("name", ["lecture_view", "long_view", "square_view", "number_view", "window_view"])
def test_texts_do_not_overlap_and_are_not_cut_off(name, request):
    view = request.getfixturevalue(name)
    figure = scalar_figure(view) if view.is_scalar else array_figure(view)
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [(text.get_text(), text.get_window_extent(renderer)) for text in figure.axes[0].texts]
    for text, box in texts:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for (one, one_box), (other, other_box) in combinations(texts, 2):
        assert not one_box.overlaps(other_box), (one, other)


def test_the_lecture_picture_has_every_number(lecture_view):
    texts = [text.get_text() for text in scalar_figure(lecture_view).axes[0].texts]
    for product in ("2 = 2 · 1", "3 = 3 · 1", "0 = 3 · 0", "2 = 1 · 2", "3 = 1 · 3"):
        assert product in texts
    for title in ("x", "y", "z", "+", "max", "*"):
        assert title in texts
    assert "5 = 2 + 3" in texts
    assert texts.count("2 = 2 · 1") == 2


def test_the_window_picture_has_every_shape_and_operation(window_view):
    texts = [text.get_text() for text in array_figure(window_view).axes[0].texts]
    for text in ("9 × 4", "5 × 4", "1 × 20", "20 × 6", "1 × 6", "6 × 3", "1 × 3", "gather", "x: reshape", "h: tanh"):
        assert text in texts
    assert "mean |value|" in texts
    assert "mean |gradient|" in texts


def test_values_and_gradients_have_colours_of_their_own(lecture_view):
    colours = {text.get_text(): text.get_color() for text in scalar_figure(lecture_view).axes[0].texts}
    assert len({colours["6"], colours["5 = 2 + 3"], colours["max"]}) == 3
    assert colours["max"] == INK


def test_png(lecture_view):
    data = picture_bytes(lecture_view, ".png")
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert 900 <= width <= 1600
    assert 500 <= height <= 1200


@pytest.mark.parametrize(("name", "text"), [("lecture_view", "5 = 2 + 3"), ("window_view", "J: cross-entropy")])
def test_svg_holds_the_texts_and_is_the_same_each_time(name, text, request):
    view = request.getfixturevalue(name)
    svg = picture_bytes(view, ".svg").decode()
    assert svg == picture_bytes(view, ".SVG").decode()
    assert "<svg" in svg
    assert f"<!-- {text} -->" in svg


def test_other_endings_are_refused(lecture_view):
    with pytest.raises(ValueError, match=r"the suffix '\.pdf', expected \.svg or \.png"):
        picture_bytes(lecture_view, ".pdf")


def test_a_scale_is_logarithmic_between_the_extremes():
    scale = Scale("Blues", [None, 0.0, 1e-3, 1e-1, 1e-2])
    assert [scale.share(number) for number in (None, 0.0, 1e-3, 1e-1)] == [0, 0, 0, 1]
    assert scale.share(1e-2) == pytest.approx(0.5)
    assert Scale("Blues", [2.0]).share(2.0) == 0
    assert Scale("Blues", []).share(None) == 0


def test_only_pictures_need_matplotlib():
    modules = ", ".join(
        f"windowner.graph.{name}" for name in ("engine", "expressions", "numeric", "show.layout", "show.text")
    )
    subprocess.run([sys.executable, "-c", f"import sys, {modules}; sys.exit('matplotlib' in sys.modules)"], check=True)
