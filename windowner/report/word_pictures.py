"""Pictures of word vectors, each from plain numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import numpy as np

from windowner.arrays import Array
from windowner.report.figures import Palette, Picture, legend

DOTS = 1200  # drawn in a cloud; more overlap each other and make a page heavy
SEED = 0  # draws the words that get a dot
LETTER = 5.2  # width of a label's letter in points, roughly; a Chinese one takes two


class Arrow(NamedTuple):
    """A word on the plane: its place before and after training, which are equal if it did not move."""

    word: str
    before: tuple[float, float]
    after: tuple[float, float]


def movement(name: str, caption: str, counts: Array, distance: Array, named: Mapping[str, int]) -> Picture:
    """Draw how far words moved by their counts, with the median of equally frequent words; `named` are labelled."""
    shown = np.random.default_rng(SEED).permutation(len(counts))[:DOTS]

    def draw(axes: Any, palette: Palette) -> None:
        axes.scatter(counts[shown], distance[shown], s=7, color=palette.color(1), alpha=0.28, linewidth=0)
        x, middle = medians(counts, distance)
        axes.plot(x, middle, color=palette.ink, marker="o", markersize=4, label="median")
        points = np.stack([np.log(np.maximum(counts, 1)), distance], axis=1)
        scale = axes.figure.get_size_inches() * 72 / np.maximum(np.ptp(points, axis=0), 1e-9)
        arrows = [Arrow(word, tuple(points[place]), tuple(points[place])) for word, place in named.items()]
        for (word, place), (_, up) in zip(named.items(), place_labels(arrows, scale), strict=True):
            axes.plot([counts[place]], [distance[place]], "o", color=palette.color(1), markersize=4)
            axes.annotate(word, (counts[place], distance[place]), (5, 3 + up), textcoords="offset points", size=8.5)
        axes.set(xscale="log", xlabel="occurrences in the training text", title="distance moved / length of the vector")
        axes.set_ylim(bottom=0)
        _plain_ticks(axes)
        legend(axes, loc="upper right")

    return Picture(name, caption, draw)


def medians(counts: Array, values: Array) -> tuple[list[float], list[float]]:
    """Return the medians of words that occur 1, 2-3, 4-7, ... times, and the geometric mean count of each range."""
    octave = np.floor(np.log2(np.maximum(counts, 1))).astype(np.intp)
    present = np.unique(octave).tolist()
    middles = [float(np.exp(np.log(np.maximum(counts[octave == number], 1)).mean())) for number in present]
    return middles, [float(np.median(values[octave == number])) for number in present]


def _plain_ticks(axes: Any) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def plane(name: str, caption: str, moved: Sequence[Arrow], left: Sequence[Arrow], lines: Sequence[Any]) -> Picture:
    """Draw words on a plane: arrows from old to new places, and squares for words that did not move.

    Parameters
    ----------
    name, caption
        Name and caption of the picture.
    moved, left
        Words that moved, and words that did not.
    lines
        Pairs of points: a word's old place and its unseen neighbour.
    """

    def draw(axes: Any, palette: Palette) -> None:
        for line in lines:
            axes.plot(*zip(*line, strict=True), color=palette.muted, linewidth=0.8, linestyle=(0, (2, 2)))
        for arrow in moved:
            axes.annotate(
                "", arrow.after, arrow.before,
                arrowprops={"arrowstyle": "-|>", "color": palette.color(1), "shrinkA": 0, "shrinkB": 0, "lw": 1.5},
            )  # fmt: skip
            axes.plot(*arrow.before, "o", color=palette.color(1), markersize=3.5)
        for arrow in left:
            axes.plot(*arrow.after, "s", color=palette.color(0), markersize=5)
        _frame(axes, np.array([point for arrow in [*moved, *left] for point in (arrow.before, arrow.after)]))
        colors = [*(palette.color(1) for _ in moved), *(palette.color(0) for _ in left)]
        places = place_labels([*moved, *left], _points_per_unit(axes))
        for arrow, color, (right, up) in zip([*moved, *left], colors, places, strict=True):
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
    """Return for each label whether it is on the right of its point, and how many points above, so that none overlap.

    A label is on the side to which its arrow points. If two labels overlap, the later one moves.

    Parameters
    ----------
    arrows
        The labelled words.
    scale
        The size of a unit of each axis, in points.
    """
    taken: list[tuple[float, float, float]] = []  # left end, right end, height
    places = []
    for arrow in arrows:
        x, y = (np.array(arrow.after) * scale).tolist()
        right = arrow.after[0] >= arrow.before[0]
        width = LETTER * sum(1 + (east_asian_width(char) in "WF") for char in arrow.word) + 8
        start = x if right else x - width
        tries = (0.0, 9.0, -9.0, 18.0, -18.0, 27.0, -27.0)
        free = (up for up in tries if all(start > b or start + width < a or abs(y + up - h) > 10 for a, b, h in taken))
        up = next(free, 0.0)
        taken.append((start, start + width, y + up))
        places.append((right, up))
    return places
