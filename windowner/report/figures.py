"""Figures in a page's colours: each is drawn once for the page and once for the files beside it.

The page has a light and a dark scheme, so its figures hold CSS variables instead of colours. Each variable is drawn as
a stand-in colour that occurs nowhere else, and the SVG's stand-ins are then replaced by variables.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windowner.errors import ConfigError, DataError
from windowner.files import write_whole, written_whole
from windowner.report.fonts import choose_fonts, silent_about_glyphs
from windowner.report.picture_text import for_xml, shorten_texts

SERIES = 6  # colours for settings; a seventh setting has the first colour again


@dataclass(frozen=True)
class Palette:
    """Colours of a figure: main text, secondary text, grid lines, background, and settings."""

    ink: str
    muted: str
    line: str
    paper: str
    series: tuple[str, ...]

    def color(self, number: int) -> str:
        """Return the colour of the setting with this number."""
        return self.series[number % len(self.series)]


# The hues of Okabe and Ito, which colour-blind people can distinguish, darkened to a contrast of 4.5 with white.
LIGHT = Palette(
    "#1c1f23", "#5c636d", "#d9dce1", "#ffffff", ("#0b63a8", "#b54708", "#00755e", "#8b4a86", "#6b6100", "#3c4a5a")
)
VARIABLES = ("ink", "muted", "line", "paper", *(f"series-{number}" for number in range(SERIES)))
STAND_INS = tuple(f"#0102{number:02x}" for number in range(len(VARIABLES)))
PAGE = Palette(STAND_INS[0], STAND_INS[1], STAND_INS[2], STAND_INS[3], series=STAND_INS[4:])


@dataclass(frozen=True)
class Picture:
    """A figure: the name of its file, a caption, the function that draws it on axes, and its size in inches."""

    name: str
    caption: str
    draw: Callable[[Any, Palette], None]
    width: float = 4.2
    height: float = 2.9

    def figure(self, palette: Palette) -> Any:
        """Return the matplotlib figure."""
        figure_class = load_matplotlib()
        with style(palette):
            figure = figure_class(figsize=(self.width, self.height), layout="constrained")
            figure.patch.set_alpha(0)
            axes = figure.subplots()
            axes.patch.set_alpha(0)
            self.draw(axes, palette)
            shorten_texts(figure)
            choose_fonts(figure)
        return figure

    def svg(self) -> str:
        """Return SVG for a page."""
        return for_page(_svg(self.figure(PAGE), PAGE), self.name)

    def save(self, folder: Path) -> list[Path]:
        """Write SVG and PNG files with a white background, and return their paths."""
        figure = self._on_white()
        return [_write(figure, folder / f"{self.name}{suffix}") for suffix in (".svg", ".png")]

    def write(self, path: Path) -> Path:
        """Write one file with a white background, PNG if its name says so and else SVG, and return its path."""
        return _write(self._on_white(), path)

    def _on_white(self) -> Any:
        figure = self.figure(LIGHT)
        figure.patch.set(alpha=1, facecolor=LIGHT.paper)
        return figure


def load_matplotlib() -> Any:
    """Return matplotlib's class of figures.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise ConfigError('a report needs matplotlib and jinja2: pip install "windowner[report]"') from None
    return Figure


def style(palette: Palette) -> Any:
    """Return a context in which matplotlib draws in the style of the pages, with a palette's colours."""
    from matplotlib import rc_context

    return rc_context(
        {
            "axes.edgecolor": palette.line,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "axes.axisbelow": True,
            "axes.labelcolor": palette.muted,
            "axes.spines.left": False,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": palette.ink,
            "axes.titlelocation": "left",
            "axes.titlesize": 10,
            "font.size": 10,
            "grid.color": palette.line,
            "grid.linewidth": 0.8,
            "legend.frameon": False,
            "legend.labelcolor": palette.ink,
            "lines.linewidth": 1.8,
            "lines.solid_capstyle": "round",
            "svg.fonttype": "none",  # text stays text, for screen readers, search and copying
            "svg.hashsalt": "windowner",  # ids are the same each time
            "text.color": palette.ink,
            "text.parse_math": False,  # a $ in a word starts no formula
            "xtick.color": palette.line,
            "xtick.labelcolor": palette.muted,
            "xtick.major.size": 3,
            "ytick.labelcolor": palette.muted,
            "ytick.major.size": 0,
        }
    )


def _write(figure: Any, path: Path) -> Path:
    try:
        if path.suffix == ".png":
            with written_whole(path) as unfinished, silent_about_glyphs():
                figure.savefig(unfinished, format="png", dpi=160, metadata={"Software": None})
        else:
            write_whole(path, _svg(figure, LIGHT).encode())
    except OSError as error:
        raise DataError(f"{path.parent}: a picture cannot be written there: {error.strerror}") from None
    return path


def _svg(figure: Any, palette: Palette) -> str:
    stream = io.StringIO()
    with style(palette), silent_about_glyphs():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return for_xml(stream.getvalue())


def for_page(svg: str, name: str) -> str:
    """Return SVG for HTML: without the XML head, colours as CSS variables, ids that are unique on the page."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r"<[^>]*>", lambda tag: _tag_for_page(tag[0], name), svg)  # texts, which come from data, stay


def _tag_for_page(tag: str, name: str) -> str:
    tag = re.sub(r'\b(id=")([^"]+)', rf"\g<1>{name}-\2", tag)
    tag = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", tag)
    tag = re.sub(r"font: ([\d.]+)px [^;\"]+", r"font-size: \1px", tag)  # the page's own font
    for stand_in, variable in zip(STAND_INS, VARIABLES, strict=True):
        tag = tag.replace(stand_in, f"var(--{variable})")
    return tag


def legend(axes: Any, **options: Any) -> None:
    """Draw a legend if anything on the axes has a label."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**options)
