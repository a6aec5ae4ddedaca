"""Pictures of values with a spread: intervals on a line, and bars."""

from collections.abc import Sequence
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from windowner.report.figures import Palette, Picture, legend


class Interval(NamedTuple):
    """A value with its label and interval, and the number of its colour."""

    label: str
    value: float
    low: float
    high: float
    color: int


class Side(NamedTuple):
    """One side of zero: the label of what is better there, and the number of its colour if it has one."""

    label: str
    color: int | None


def differences(
    name: str, caption: str, title: str, intervals: Sequence[Interval], sides: tuple[Side, Side]
) -> Picture:
    """Draw differences with their intervals around zero. `sides` says what is better on the left and on the right."""

    def draw(axes: Any, palette: Palette) -> None:
        places = np.arange(len(intervals))[::-1]
        reach = 1.15 * max([1e-9, *(max(abs(interval.low), abs(interval.high)) for interval in intervals)])
        for place, interval in zip(places.tolist(), intervals, strict=True):
            excludes_zero = interval.low > 0 or interval.high < 0
            color = palette.color(interval.color) if excludes_zero else palette.muted
            _draw_interval(axes, interval, place, color)
            written = f"{interval.value:+.1f}".replace("-", "−")
            over_zero = {"facecolor": palette.paper, "edgecolor": "none", "pad": 1}
            style = {"ha": "center", "va": "bottom", "color": color, "weight": "bold", "bbox": over_zero, "zorder": 3}
            axes.text(interval.value, place + 0.18, written, **style)
        axes.axvline(0, color=palette.ink, linewidth=1, zorder=1)
        axes.set(xlim=(-reach, reach), ylim=(-0.6, len(intervals) - 0.15), xlabel=title)
        axes.set_yticks(places, [interval.label for interval in intervals])
        axes.grid(visible=False)
        _name_sides(axes, palette, sides)

    return Picture(name, caption, draw, height=1.5 + 0.52 * len(intervals))


def _name_sides(axes: Any, palette: Palette, sides: tuple[Side, Side]) -> None:
    """Write above the axes what is better on each side of zero."""
    left, right = sides
    ends = ((0.0, "left", f"← {left.label} better", left), (1.0, "right", f"{right.label} better →", right))
    for place, alignment, text, side in ends:
        color = palette.ink if side.color is None else palette.color(side.color)
        axes.text(place, 1.02, text, transform=axes.transAxes, ha=alignment, va="bottom", color=color, weight="bold")


def _draw_interval(axes: Any, interval: Interval, place: float, color: str) -> None:
    axes.plot([interval.low, interval.high], [place, place], color=color, linewidth=3.5)
    axes.plot([interval.value], [place], "o", color=color, markersize=9)


def dots(name: str, caption: str, title: str, intervals: Sequence[Interval]) -> Picture:
    """Draw values with their intervals, one below the other."""

    def draw(axes: Any, palette: Palette) -> None:
        places = np.arange(len(intervals))[::-1]
        for place, interval in zip(places.tolist(), intervals, strict=True):
            color = palette.color(interval.color)
            _draw_interval(axes, interval, place, color)
            axes.annotate(
                f"{interval.value:.1f}", (interval.value, place), (0, 7), textcoords="offset points",
                ha="center", color=color, weight="bold",
            )  # fmt: skip
        axes.set(xlabel=title, ylim=(-0.5, len(intervals) - 0.3))
        axes.set_yticks(places, [interval.label for interval in intervals])
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.margins(x=0.12)

    return Picture(name, caption, draw, height=1.1 + 0.5 * len(intervals))


class Bars(NamedTuple):
    """Bars of one colour: a label, one value per group, and the spread of each value. There is no bar for NaN."""

    label: str
    values: Sequence[float]
    spread: Sequence[float]


def bars(name: str, caption: str, title: str, groups: Sequence[str], series: Sequence[Bars]) -> Picture:
    """Draw bars side by side: for each of `groups` one bar of each series."""

    def draw(axes: Any, palette: Palette) -> None:
        width = 0.8 / len(series)
        for number, same in enumerate(series):
            x = np.arange(len(groups)) + (number - (len(series) - 1) / 2) * width
            axes.bar(x, same.values, width * 0.92, color=palette.color(number), label=same.label)
            if any(same.spread):
                axes.errorbar(x, same.values, same.spread, fmt="none", ecolor=palette.ink, elinewidth=1.1, capsize=2)
            for place, value, spread in zip(x.tolist(), same.values, same.spread, strict=True):
                top = value + spread
                if isnan(value):
                    continue
                axes.annotate(f"{value:.0f}", (place, top), (0, 3), textcoords="offset points", ha="center", size=9)
        axes.set(title=title)
        axes.set_xticks(np.arange(len(groups)), groups)
        axes.tick_params(axis="x", length=0)
        axes.margins(y=0.22)
        if len(series) > 1:
            legend(axes, loc="upper right", ncols=3)

    return Picture(name, caption, draw)
