"""A graph as a picture, in SVG or PNG. Values are blue, and gradients are red.

A scalar graph runs from left to right and shows every number. On an edge, the value is above the equation
downstream = upstream * local. A graph of arrays runs from top to bottom. Its edges show shapes. Its nodes show the mean
of |value| and the mean of |gradient|, as numbers on a colour. The module needs matplotlib, from the extra `report`.
"""

import io
import math
from collections.abc import Iterable

import matplotlib as mpl
from matplotlib.figure import Figure

from windowner.graph.show.canvas import FONT, Canvas, Line, extent
from windowner.graph.show.layers import Size
from windowner.graph.show.layout import Layout, Point, lay_out
from windowner.graph.show.view import GraphView, NodeView, gradient_text, number_text, shape_text

SUFFIXES = (".svg", ".png")
VALUE, GRADIENT, FAINT = "#1f5a99", "#b3361b", "#eef1f4"
MARGIN, LEGEND = 16.0, 44.0
CELL = (56.0, 18.0)
SCALE_WIDTH, SCALE_GAP, SCALE_STEPS = 170.0, 24.0, 34
DOTS_PER_INCH = 200


def picture_bytes(view: GraphView, suffix: str) -> bytes:
    """Return the content of a picture of a graph. It has a white background, so that it can be read on dark pages too.

    Parameters
    ----------
    view : GraphView
        The graph with its numbers, from `view_graph`.
    suffix : str
        The ending of the file's name, `.svg` or `.png`.

    Raises
    ------
    ValueError
        If it is another one.
    """
    ending = suffix.lower()
    if ending not in SUFFIXES:
        raise ValueError(f"the suffix {suffix!r}, expected {' or '.join(SUFFIXES)}")
    figure = scalar_figure(view) if view.is_scalar else array_figure(view)
    content = io.BytesIO()
    # No date and no random ids, so that equal graphs give equal files.
    with mpl.rc_context({"svg.hashsalt": "windowner"}):
        metadata = {"Date": None} if ending == ".svg" else {}
        figure.savefig(content, format=ending[1:], dpi=DOTS_PER_INCH, metadata=metadata)
    return content.getvalue()


def scalar_figure(view: GraphView) -> Figure:
    """Return the picture of a scalar graph, from left to right."""
    nodes = [_number_lines(view, place) for place in range(len(view.nodes))]
    labels = [[Line(number_text(edge.value), VALUE), Line(edge.product_text, GRADIENT)] for edge in view.edges]
    legend = [
        Line("blue: values, forward", VALUE),
        Line("red: gradients, backward; on an edge downstream = upstream · local,", GRADIENT),
        Line("in a node the sum over its outward branches", GRADIENT),
    ]
    sizes = [extent(lines, padding=9) for lines in nodes]
    label_sizes = [extent(lines, padding=5) for lines in labels]
    layout = lay_out(sizes, _ends(view), label_sizes, layer_gap=22, item_gap=16)
    canvas, layout = _sheet(layout, extent(legend)[0])
    for lines, center, route in zip(labels, layout.labels, layout.routes, strict=True):
        canvas.arrow(route)
        canvas.write_lines(lines, center)
    for node, lines, center, size in zip(view.nodes, nodes, layout.nodes, sizes, strict=True):
        canvas.box(center, size, FAINT if node.is_source else "white")
        canvas.write_lines(lines, center)
    canvas.write_lines(legend, _legend_center(canvas))
    return canvas.figure


def array_figure(view: GraphView) -> Figure:
    """Return the picture of a graph of arrays, from top to bottom."""
    titles = [Line(node.title, weight="bold") for node in view.nodes]
    labels = [Line(shape_text(edge.shape), size=FONT - 1) for edge in view.edges]
    sizes = [(max(2 * CELL[0], title.width + 16), title.height + CELL[1] + 6) for title in titles]
    label_sizes = [(line.width + 8, line.height + 2) for line in labels]
    layout = lay_out(_flipped(sizes), _ends(view), _flipped(label_sizes), layer_gap=14, item_gap=22).turned()
    scales = (
        Scale("Blues", (node.value for node in view.nodes)),
        Scale("Oranges", (node.gradient for node in view.nodes)),
    )
    canvas, layout = _sheet(layout, 2 * SCALE_WIDTH + SCALE_GAP)
    for line, center, route in zip(labels, layout.labels, layout.routes, strict=True):
        canvas.arrow(route, down=True)
        canvas.write(line, center, background="white")
    for node, title, center, size in zip(view.nodes, titles, layout.nodes, sizes, strict=True):
        canvas.box(center, size, FAINT if node.is_source else "white")
        canvas.write(title, (center[0], center[1] - CELL[1] / 2))
        _cells(canvas, node, scales, center, size)
    _scale_legend(canvas, scales)
    return canvas.figure


class Scale:
    """A logarithmic colour scale from the smallest to the largest positive magnitude of a graph."""

    def __init__(self, colors: str, magnitudes: Iterable[float | None]) -> None:
        positive = [magnitude for magnitude in magnitudes if magnitude]
        self.low, self.high = min(positive, default=1.0), max(positive, default=1.0)
        self.colormap = mpl.colormaps[colors]

    def share(self, magnitude: float | None) -> float:
        """Return the place of a magnitude on the scale, from 0 to 1."""
        if not magnitude or self.low == self.high:
            return 0.0
        return math.log(magnitude / self.low) / math.log(self.high / self.low)

    def color(self, share: float) -> tuple[float, float, float, float]:
        """Return the colour at a place on the scale. It is light enough for dark text on it."""
        return self.colormap(0.08 + 0.5 * share)


def _number_lines(view: GraphView, place: int) -> list[Line]:
    """Return the text of a node of a scalar graph."""
    node = view.nodes[place]
    return [
        Line(node.title, size=FONT + 2, weight="bold"),
        Line(number_text(node.value), VALUE),
        Line(gradient_text(view, place), GRADIENT),
    ]


def _cells(canvas: Canvas, node: NodeView, scales: tuple[Scale, Scale], center: Point, size: Size) -> None:
    """Draw the two magnitudes of a node, each as a number on its colour."""
    width, height = size[0] / 2 - 3, CELL[1]
    y = center[1] + size[1] / 2 - height - 3
    for number, scale, x in zip((node.value, node.gradient), scales, (center[0] - width, center[0]), strict=True):
        canvas.cell((x, y), (width, height), FAINT if number is None else scale.color(scale.share(number)))
        canvas.write(Line(number_text(number, 3), size=FONT - 1), (x + width / 2, y + height / 2))


def _scale_legend(canvas: Canvas, scales: tuple[Scale, Scale]) -> None:
    """Draw the two colour scales with their smallest and largest magnitudes."""
    x, y = _legend_center(canvas)
    lefts = x - SCALE_GAP / 2 - SCALE_WIDTH, x + SCALE_GAP / 2
    for scale, left, what in zip(scales, lefts, ("mean |value|", "mean |gradient|"), strict=True):
        canvas.write(Line(what), (left + SCALE_WIDTH / 2, y - 12))
        for step in range(SCALE_STEPS):
            corner = left + step * SCALE_WIDTH / SCALE_STEPS, y
            canvas.cell(corner, (SCALE_WIDTH / SCALE_STEPS, CELL[1]), scale.color(step / (SCALE_STEPS - 1)))
        canvas.write(Line(number_text(scale.low, 3), size=FONT - 1), (left + 4, y + CELL[1] / 2), "left")
        canvas.write(
            Line(number_text(scale.high, 3), size=FONT - 1), (left + SCALE_WIDTH - 4, y + CELL[1] / 2), "right"
        )


def _sheet(layout: Layout, legend_width: float) -> tuple[Canvas, Layout]:
    """Return a canvas with room for a layout and a legend below it, and the layout in its place on the canvas."""
    width = max(layout.width, legend_width) + 2 * MARGIN
    canvas = Canvas(width, layout.height + LEGEND + 3 * MARGIN)
    return canvas, layout.moved((width - layout.width) / 2, MARGIN)


def _legend_center(canvas: Canvas) -> Point:
    return canvas.width / 2, canvas.height - MARGIN - LEGEND / 2


def _ends(view: GraphView) -> list[tuple[int, int]]:
    return [(edge.start, edge.end) for edge in view.edges]


def _flipped(sizes: Iterable[Size]) -> list[Size]:
    return [(height, width) for width, height in sizes]
