"""The figures of a report, each from plain numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from windowner.report.figures import Palette, Picture
from windowner.scoring.reliability import Bin

Array = NDArray[Any]

DOTS = 1200  # of a cloud: more cannot be told apart, and make a page heavy
SEED = 0  # of which ones are drawn
LETTER = 5.2  # points that a letter of a label takes, about


class Line(NamedTuple):
    """A training: the number of its setting, its values an epoch, and whether it is named in the legend."""

    setting: int
    values: Sequence[float]
    label: str = ""


class Arrow(NamedTuple):
    """A word on the plane, where it was and where it is; both the same for a word that did not move."""

    word: str
    before: tuple[float, float]
    after: tuple[float, float]


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
        _legend(axes)

    return Picture(name, caption, draw)


def _fade(lines: Sequence[Line]) -> float:
    """Return how opaque a line is among so many others."""
    return 1.0 if len(lines) <= 3 else 0.65


def _whole_numbers(axes: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))


def _legend(axes: Any, **options: Any) -> None:
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
        _legend(axes, loc="best")

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
            _legend(axes, loc="upper right", ncols=3)

    return Picture(name, caption, draw)


def movement(name: str, caption: str, counts: Array, distance: Array, named: Mapping[str, int]) -> Picture:
    """Draw how far words moved against how often they were seen, with the median by how often; some are `named`."""
    shown = np.random.default_rng(SEED).permutation(len(counts))[:DOTS]

    def draw(axes: Any, palette: Palette) -> None:
        axes.scatter(counts[shown], distance[shown], s=7, color=palette.of(1), alpha=0.28, linewidth=0)
        x, middle = medians(counts, distance)
        axes.plot(x, middle, color=palette.ink, marker="o", markersize=4, label="median")
        points = np.stack([np.log(np.maximum(counts, 1)), distance], axis=1)
        scale = axes.figure.get_size_inches() * 72 / np.maximum(np.ptp(points, axis=0), 1e-9)
        arrows = [Arrow(word, tuple(points[place]), tuple(points[place])) for word, place in named.items()]
        for (word, place), (_, up) in zip(named.items(), place_labels(arrows, scale), strict=True):
            axes.plot([counts[place]], [distance[place]], "o", color=palette.of(1), markersize=4)
            axes.annotate(word, (counts[place], distance[place]), (5, 3 + up), textcoords="offset points", size=8.5)
        axes.set(xscale="log", xlabel="times seen in training", title="moved, as a share of the vector's length")
        axes.set_ylim(bottom=0)
        _plain_ticks(axes)
        _legend(axes, loc="upper right")

    return Picture(name, caption, draw)


def medians(counts: Array, values: Array) -> tuple[list[float], list[float]]:
    """Return the median of values of words seen 1, 2-3, 4-7, ... times, at the middle of each such range."""
    octave = np.floor(np.log2(np.maximum(counts, 1))).astype(np.intp)
    present = np.unique(octave).tolist()
    middles = [float(np.exp(np.log(np.maximum(counts[octave == one], 1)).mean())) for one in present]
    return middles, [float(np.median(values[octave == one])) for one in present]


def _plain_ticks(axes: Any) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def plane(name: str, caption: str, moved: Sequence[Arrow], left: Sequence[Arrow], lines: Sequence[Any]) -> Picture:
    """Draw words on a plane: arrows from where they were to where they are, and words that stayed.

    Parameters
    ----------
    name, caption
        Of the picture.
    moved, left
        Words that moved, and words that stayed.
    lines
        Pairs of points, between a word's old place and its unseen neighbour.
    """

    def draw(axes: Any, palette: Palette) -> None:
        for one, other in lines:
            axes.plot(*zip(one, other, strict=True), color=palette.muted, linewidth=0.8, linestyle=(0, (2, 2)))
        for arrow in moved:
            axes.annotate(
                "", arrow.after, arrow.before,
                arrowprops={"arrowstyle": "-|>", "color": palette.of(1), "shrinkA": 0, "shrinkB": 0, "lw": 1.5},
            )  # fmt: skip
            axes.plot(*arrow.before, "o", color=palette.of(1), markersize=3.5)
        for arrow in left:
            axes.plot(*arrow.after, "s", color=palette.of(0), markersize=5)
        _frame(axes, np.array([point for arrow in [*moved, *left] for point in (arrow.before, arrow.after)]))
        colors = [*(palette.of(1) for _ in moved), *(palette.of(0) for _ in left)]
        rooms = place_labels([*moved, *left], _points_per_unit(axes))
        for arrow, color, (right, up) in zip([*moved, *left], colors, rooms, strict=True):
            axes.annotate(
                arrow.word, arrow.after, (6 if right else -6, up), textcoords="offset points",
                color=color, size=9, va="center", ha="left" if right else "right",
            )  # fmt: skip
        axes.set_xticks([])
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)

    return Picture(name, caption, draw, width=5.0, height=4.2)


def _frame(axes: Any, points: Array) -> None:
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum(high - low, 1e-9) * (0.12, 0.06)
    axes.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))


def _points_per_unit(axes: Any) -> Array:
    scale: Array = axes.figure.get_size_inches() * 72 / (np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim()))
    return scale


def place_labels(arrows: Sequence[Arrow], scale: Array) -> list[tuple[bool, float]]:
    """Return for each label whether it stands right of its point, and how many points above, so that none overlap.

    A label stands where its arrow points; of labels in each other's way, later ones give way. `scale` is the points
    that a unit of each axis takes.
    """
    taken: list[tuple[float, float, float]] = []  # left end, right end, height
    rooms = []
    for arrow in arrows:
        x, y = (np.array(arrow.after) * scale).tolist()
        right = arrow.after[0] >= arrow.before[0]
        width = LETTER * len(arrow.word) + 8
        start = x if right else x - width
        tries = (0.0, 9.0, -9.0, 18.0, -18.0, 27.0, -27.0)
        free = (up for up in tries if all(start > b or start + width < a or abs(y + up - h) > 10 for a, b, h in taken))
        up = next(free, 0.0)
        taken.append((start, start + width, y + up))
        rooms.append((right, up))
    return rooms


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
