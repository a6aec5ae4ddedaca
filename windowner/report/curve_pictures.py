"""Pictures of curves: values by epoch, scores by amount of data, calibration, losses by learning rate."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from windowner.arrays import Float64
from windowner.report.figures import Palette, Picture, legend
from windowner.scoring.reliability import Bin

MARKERS = "os^Dvp"


class Line(NamedTuple):
    """A training: the number of its colour, one value per epoch, and its label in the legend, if it has one."""

    color: int
    values: Sequence[float]
    label: str = ""


def epochs(name: str, caption: str, title: str, lines: Sequence[Line], best: int | None = None) -> Picture:
    """Draw values by epoch, one line per training. `best` is the epoch that was kept."""

    def draw(axes: Any, palette: Palette) -> None:
        for line in lines:
            epoch = np.arange(1, len(line.values) + 1)
            color = palette.color(line.color)
            axes.plot(epoch, line.values, color=color, label=line.label or None, alpha=_opacity(lines))
        if best is not None:
            value = lines[0].values[best - 1]
            axes.plot([best], [value], "o", color=palette.color(lines[0].color), markersize=7)
            axes.annotate(f"kept: {value:.3g}", (best, value), (0, 9), textcoords="offset points", ha="center")
            axes.margins(y=0.15)
        axes.set(xlabel="epoch", title=title)
        _whole_numbers(axes)
        legend(axes)

    return Picture(name, caption, draw)


def _opacity(lines: Sequence[Line]) -> float:
    """Return the opacity of lines: many lines are transparent, so that all can be seen."""
    return 1.0 if len(lines) <= 3 else 0.65


def _whole_numbers(axes: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))


class Series(NamedTuple):
    """A setting's scores: the number of its colour, its label, and for each x the mean and the ends of its band."""

    color: int
    label: str
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def learning_curves(
    name: str, caption: str, title: str, series: Sequence[Series], crossings: Sequence[float] = ()
) -> Picture:
    """Draw mean scores with bands by training words, and mark where the means cross."""

    def draw(axes: Any, palette: Palette) -> None:
        for number, place in enumerate(crossings):
            axes.axvline(place, color=palette.muted, linewidth=1, linestyle=(0, (3, 3)))
            at = {"xy": (place, 0.0), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
            axes.annotate(f"cross: {place:,.0f}", xytext=(4, 5 + 12 * (number % 2)), color=palette.muted, size=9, **at)
        for curve in series:
            color = palette.color(curve.color)
            marker = MARKERS[curve.color % len(MARKERS)]
            axes.plot(curve.x, curve.mean, marker=marker, markersize=5.5, color=color, label=curve.label)
            if len(curve.x) > 1:
                axes.fill_between(curve.x, curve.low, curve.high, color=color, alpha=0.16, linewidth=0)
            else:
                axes.vlines(curve.x, curve.low, curve.high, color=color)
        ticks = sorted({x for curve in series for x in curve.x})
        axes.set(xlabel="training words", title=title)
        if len(ticks) > 1:
            axes.set_xscale("log")
        axes.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
        axes.minorticks_off()
        legend(axes, loc="best")

    return Picture(name, caption, draw)


class Tradeoff(NamedTuple):
    """The precision-recall curve of a type: number of its colour, label, and the point at its cutoff if it has one."""

    color: int
    label: str
    recall: Sequence[float]
    precision: Sequence[float]
    chosen: tuple[float, float] | None = None


def tradeoffs(name: str, caption: str, curves: Sequence[Tradeoff]) -> Picture:
    """Draw precision by recall, one curve per type, with a dot at each cutoff."""

    def draw(axes: Any, palette: Palette) -> None:
        for curve in curves:
            color = palette.color(curve.color)
            axes.plot(curve.recall, curve.precision, color=color, label=curve.label)
            if curve.chosen is not None:
                axes.plot(*[[value] for value in curve.chosen], "o", color=color, markersize=7)
        axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="recall", title="precision")
        legend(axes, loc="best")

    return Picture(name, caption, draw)


def reliability_plot(name: str, caption: str, bins: Sequence[Bin]) -> Picture:
    """Draw the share of entities that are right by the probability that the tagger gives them."""

    def draw(axes: Any, palette: Palette) -> None:
        axes.plot([0, 1], [0, 1], color=palette.muted, linewidth=1, linestyle=(0, (3, 3)))
        p, right, sizes = ([getattr(b, part) for b in bins] for part in ("probability", "correct", "entities"))
        largest = max(sizes, default=1)
        axes.plot(p, right, color=palette.color(0), alpha=0.5)
        axes.scatter(p, right, s=[20 + 160 * size / largest for size in sizes], color=palette.color(0))
        axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="probability given by the tagger", title="share that is right")

    return Picture(name, caption, draw)


def rate_plot(rates: Float64, losses: Float64, smoothed: Float64, suggestion: float) -> Picture:
    """Draw the losses of a test of learning rates, (steps,) each, and the rate that is suggested."""

    def draw(axes: Any, palette: Palette) -> None:
        axes.plot(rates, losses, color=palette.line, linewidth=1, label="loss of a batch")
        axes.plot(rates, smoothed, color=palette.color(0), label="smoothed")
        axes.axvline(suggestion, color=palette.color(1), linestyle=(0, (3, 3)), label=f"suggested: {suggestion:.2g}")
        axes.set(xscale="log", xlabel="learning rate", title="loss", ylim=(0, 1.3 * max(smoothed)))
        legend(axes)

    return Picture("rates", "Loss of each batch by its learning rate.", draw, width=6.0, height=3.6)
