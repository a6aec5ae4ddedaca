"""The lecture's colours, and pictures that are the same bytes whenever they are drawn."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from windowner.graph.show.drawing import GRADIENT, VALUE

__all__ = ["FAINT", "GRADIENT", "SERIES", "VALUE", "save", "sheet"]

FAINT = "#8a8f98"
SERIES = (VALUE, GRADIENT, "#2f7d4f", "#c98a1b", "#6b4a9c", "#3f3f3f", "#2a9aa8")


def sheet(width: float, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a white figure of a size in inches, and its axes side by side."""
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    panels = list(figure.subplots(1, columns, squeeze=False)[0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels


def save(figure: Figure, path: Path) -> None:
    """Write an SVG without a date or random names."""
    with mpl.rc_context({"svg.hashsalt": "windowner", "svg.fonttype": "path"}):
        figure.savefig(path, metadata={"Date": None})
