"""A canvas for boxes, arrows and text. Coordinates are in points, and y increases downwards."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from windowner.graph.show.layers import Size
from windowner.graph.show.layout import Point

INK, LINE = "#222222", "#8a8f98"
FONT = 11.0
SPACING = 1.35
"""Height of a line of text, as a multiple of the font's size."""

POINTS_PER_INCH = 72


class Line(NamedTuple):
    """A line of text."""

    text: str
    color: str = INK
    size: float = FONT
    weight: str = "normal"

    @property
    def width(self) -> float:
        """The width of the text, in points."""
        font = FontProperties(size=self.size, weight=self.weight)
        return float(text_to_path.get_text_width_height_descent(self.text, font, ismath=False)[0])

    @property
    def height(self) -> float:
        """The height, with the space between lines, in points."""
        return SPACING * self.size


def extent(lines: Sequence[Line], padding: float = 0.0) -> Size:
    """Return the size of several lines of text, one below the other."""
    return max(line.width for line in lines) + 2 * padding, sum(line.height for line in lines) + padding


class Canvas:
    """A white canvas of a given size."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), facecolor="white")
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()

    def write(self, line: Line, point: Point, align: str = "center", background: str = "none") -> None:
        """Write a line of text. `align` names the part of the line that is at the point: center, left or right."""
        self.axes.text(
            *point,
            line.text,
            color=line.color,
            size=line.size,
            weight=line.weight,
            horizontalalignment=align,
            verticalalignment="center_baseline",
            parse_math=False,
            zorder=4,
            bbox={"facecolor": background, "edgecolor": "none", "pad": 1.5},
        )

    def write_lines(self, lines: Sequence[Line], center: Point) -> None:
        """Write lines of text, one below the other. Their common center is at a point."""
        y = center[1] - sum(line.height for line in lines) / 2
        for line in lines:
            self.write(line, (center[0], y + line.height / 2))
            y += line.height

    def box(self, center: Point, size: Size, fill: str = "white", edge: str = INK) -> None:
        """Draw a box with round corners."""
        corner = center[0] - size[0] / 2, center[1] - size[1] / 2
        style = "round,pad=0,rounding_size=6"
        self.axes.add_patch(FancyBboxPatch(corner, *size, boxstyle=style, fc=fill, ec=edge, lw=1.2, zorder=2))

    def cell(self, corner: Point, size: Size, fill: object) -> None:
        """Fill a rectangle, given its upper left corner."""
        self.axes.add_patch(Rectangle(corner, *size, fc=fill, ec="none", zorder=3))

    def arrow(self, route: Sequence[Point], down: bool = False) -> None:
        """Draw an edge along a route of a layout. The edge is straight inside the layers and curved between them."""
        corners, codes = [route[0]], [Path.MOVETO]
        for place, (start, end) in enumerate(pairwise(route)):
            if place % 2 == 0:
                corners.append(end)
                codes.append(Path.LINETO)
            else:
                corners += [*bend(start, end, down), end]
                codes += [Path.CURVE4] * 3
        path = Path(corners, codes)
        self.axes.add_patch(
            FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=9, color=LINE, lw=1.2, zorder=1)
        )


def bend(start: Point, end: Point, down: bool) -> tuple[Point, Point]:
    """Return the inner control points of a curve whose ends run in the direction of the layers."""
    if down:
        middle = (start[1] + end[1]) / 2
        return (start[0], middle), (end[0], middle)
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1])
