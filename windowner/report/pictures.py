"""The figures of scores in a report, each from plain numbers."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from windowner.report.figures import Palette, Picture
from windowner.scoring.reliability import Bin


class Line(NamedTuple):
    """A training: the number of its setting, its values an epoch, and whether it is named in the legend."""

    setting: int
    values: Sequence[float]
    label: str = ""


def epochs(name: str, caption: str, label: str, lines: Sequence[Line], best: int | None = None) -> Picture:
    """Draw values an epoch, a line a training; `best` is the epoch that was kept."""

    def draw(axes: Any, palette: Palette) -> None:
        for line in lines:
            epoch = np.arange(1, len(line.values) + 1)
            axes.plot(epoch, line.values, color=palette.of(line.setting), label=line.label or None, alpha=_fade(lines))
        if best is not None:
            value = lines[0].values[best - 1]
            axes.plot([best], [value], "o", color=palette.of(lines[0].setting), markersize=7)
            axes.annotate(f"kept: {value:.3g}", (best, value), (0, 9), textcoords="offset points", ha="center")
            axes.margins(y=0.15)
        axes.set(xlabel="epoch", title=label)
        _whole_numbers(axes)
        legend(axes)

    return Picture(name, caption, draw)


def _fade(lines: Sequence[Line]) -> float:
    """Return how opaque a line is among so many others."""
    return 1.0 if len(lines) <= 3 else 0.65


def _whole_numbers(axes: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))


def legend(axes: Any, **options: Any) -> None:
    """Draw a legend, if anything has a label."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**options)


class Series(NamedTuple):
    """A setting's scores: its number and label, and for each x the mean and the ends of its band."""

    setting: int
    label: str
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def learning_curves(
    name: str, caption: str, series: Sequence[Series], x_label: str, title: str, crossings: Sequence[float] = ()
) -> Picture:
    """Draw mean scores with bands against the amount of training data, and mark where they cross."""

    def draw(axes: Any, palette: Palette) -> None:
        for number, place in enumerate(crossings):
            axes.axvline(place, color=palette.muted, linewidth=1, linestyle=(0, (3, 3)))
            at = {"xy": (place, 0.0), "xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
            axes.annotate(f"cross: {place:,.0f}", xytext=(4, 5 + 12 * (number % 2)), color=palette.muted, size=9, **at)
        for one in series:
            color = palette.of(one.setting)
            marker = "os^Dvp"[one.setting % 6]
            axes.plot(one.x, one.mean, marker=marker, markersize=5.5, color=color, label=one.label)
            if len(one.x) > 1:
                axes.fill_between(one.x, one.low, one.high, color=color, alpha=0.16, linewidth=0)
            else:
                axes.vlines(one.x, one.low, one.high, color=color)
        ticks = sorted({x for one in series for x in one.x})
        axes.set(xlabel=x_label, title=title)
        if len(ticks) > 1:
            axes.set_xscale("log")
        axes.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
        axes.minorticks_off()
        legend(axes, loc="best")

    return Picture(name, caption, draw)


class Interval(NamedTuple):
    """A value with its interval, and the number of the setting whose colour it has."""

    label: str
    value: float
    low: float
    high: float
    setting: int


class Winner(NamedTuple):
    """Who is better on one side of zero: in words, and the number of the setting if it is a single one."""

    label: str
    setting: int | None


def differences(
    name: str, caption: str, intervals: Sequence[Interval], title: str, better: tuple[Winner, Winner]
) -> Picture:
    """Draw differences with their intervals around zero; `better` says who wins left and right of it."""

    def draw(axes: Any, palette: Palette) -> None:
        places = np.arange(len(intervals))[::-1]
        reach = 1.15 * max([1e-9, *(max(abs(one.low), abs(one.high)) for one in intervals)])
        for place, one in zip(places.tolist(), intervals, strict=True):
            sure = one.low > 0 or one.high < 0
            color = palette.of(one.setting) if sure else palette.muted
            axes.plot([one.low, one.high], [place, place], color=color, linewidth=3.5)
            axes.plot([one.value], [place], "o", color=color, markersize=9)
            written = f"{one.value:+.1f}".replace("-", "−")
            over_zero = {"facecolor": palette.paper, "edgecolor": "none", "pad": 1}
            style = {"ha": "center", "va": "bottom", "color": color, "weight": "bold", "bbox": over_zero, "zorder": 3}
            axes.text(one.value, place + 0.18, written, **style)
        axes.axvline(0, color=palette.ink, linewidth=1, zorder=1)
        axes.set(xlim=(-reach, reach), ylim=(-0.6, len(intervals) - 0.15), xlabel=title)
        axes.set_yticks(places, [one.label for one in intervals])
        axes.grid(visible=False)
        left, right = better
        ends = ((0.0, "left", f"← {left.label} better", left), (1.0, "right", f"{right.label} better →", right))
        for place, side, text, winner in ends:
            color = palette.ink if winner.setting is None else palette.of(winner.setting)
            axes.text(place, 1.02, text, transform=axes.transAxes, ha=side, va="bottom", color=color, weight="bold")

    return Picture(name, caption, draw, height=1.5 + 0.52 * len(intervals))


def dots(name: str, caption: str, intervals: Sequence[Interval], title: str) -> Picture:
    """Draw values with their intervals, one below the other."""

    def draw(axes: Any, palette: Palette) -> None:
        places = np.arange(len(intervals))[::-1]
        for place, one in zip(places.tolist(), intervals, strict=True):
            color = palette.of(one.setting)
            axes.plot([one.low, one.high], [place, place], color=color, linewidth=3.5)
            axes.plot([one.value], [place], "o", color=color, markersize=9)
            axes.annotate(
                f"{one.value:.1f}", (one.value, place), (0, 7), textcoords="offset points",
                ha="center", color=color, weight="bold",
            )  # fmt: skip
        axes.set(xlabel=title, ylim=(-0.5, len(intervals) - 0.3))
        axes.set_yticks(places, [one.label for one in intervals])
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.margins(x=0.12)

    return Picture(name, caption, draw, height=1.1 + 0.5 * len(intervals))


class Bars(NamedTuple):
    """A setting's scores of some groups, with their spread."""

    label: str
    values: Sequence[float]
    spread: Sequence[float]


def bars(name: str, caption: str, groups: Sequence[str], settings: Sequence[Bars], title: str) -> Picture:
    """Draw bars side by side, a group of them for each of `groups`."""

    def draw(axes: Any, palette: Palette) -> None:
        width = 0.8 / len(settings)
        for number, one in enumerate(settings):
            x = np.arange(len(groups)) + (number - (len(settings) - 1) / 2) * width
            color = palette.of(number)
            axes.bar(x, one.values, width * 0.92, color=color, label=one.label)
            if any(one.spread):
                axes.errorbar(x, one.values, one.spread, fmt="none", ecolor=palette.ink, elinewidth=1.1, capsize=2)
            for place, value, spread in zip(x.tolist(), one.values, one.spread, strict=True):
                at = value + spread
                axes.annotate(f"{value:.0f}", (place, at), (0, 3), textcoords="offset points", ha="center", size=9)
        axes.set(title=title)
        axes.set_xticks(np.arange(len(groups)), groups)
        axes.tick_params(axis="x", length=0)
        axes.margins(y=0.22)
        if len(settings) > 1:
            legend(axes, loc="upper right", ncols=3)

    return Picture(name, caption, draw)


def reliability_plot(name: str, caption: str, bins: Sequence[Bin]) -> Picture:
    """Draw the share of entities that is right against the probability that they were given."""

    def draw(axes: Any, palette: Palette) -> None:
        axes.plot([0, 1], [0, 1], color=palette.muted, linewidth=1, linestyle=(0, (3, 3)))
        p, right = [one.probability for one in bins], [one.correct for one in bins]
        largest = max((one.entities for one in bins), default=1)
        axes.plot(p, right, color=palette.of(0), alpha=0.5)
        axes.scatter(p, right, s=[20 + 160 * one.entities / largest for one in bins], color=palette.of(0))
        axes.set(
            xlim=(0, 1.03), ylim=(0, 1.03), xlabel="probability that the tagger gives", title="share that is right"
        )

    return Picture(name, caption, draw)
