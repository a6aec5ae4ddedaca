"""Figures in a page's colours: drawn once for the page, once for the files beside it.

The page is read in the light and in the dark, so what is drawn for it holds CSS variables in place of colours. Each is
drawn in a stand-in colour that nothing else has, and replaced in the SVG. Only here does matplotlib appear.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windowner.errors import ConfigError, DataError

SERIES = 6  # colours for settings; more of them begin again


@dataclass(frozen=True)
class Palette:
    """Colours of a figure: text, what is less important, lines of the grid, the paper, and the settings."""

    ink: str
    muted: str
    line: str
    paper: str
    series: tuple[str, ...]

    def of(self, number: int) -> str:
        """Return the colour of a setting."""
        return self.series[number % len(self.series)]


# The hues of Okabe and Ito, darkened until each stands out 4.5 times from white: told apart by the colour-blind too.
LIGHT = Palette(
    "#1c1f23", "#5c636d", "#d9dce1", "#ffffff", ("#0b63a8", "#b54708", "#00755e", "#8b4a86", "#6b6100", "#3c4a5a")
)
VARIABLES = ("ink", "muted", "line", "paper", *(f"series-{number}" for number in range(SERIES)))
STAND_INS = tuple(f"#0102{number:02x}" for number in range(len(VARIABLES)))
PAGE = Palette(STAND_INS[0], STAND_INS[1], STAND_INS[2], STAND_INS[3], series=STAND_INS[4:])


@dataclass(frozen=True)
class Picture:
    """A figure: a name for its file, what it shows in a sentence, its size in inches, and how it is drawn on axes."""

    name: str
    caption: str
    draw: Callable[[Any, Palette], None]
    width: float = 4.2
    height: float = 2.9

    def figure(self, palette: Palette) -> Any:
        """Return it as a matplotlib figure."""
        figure_class = load_matplotlib()
        with style(palette):
            figure = figure_class(figsize=(self.width, self.height), layout="constrained")
            figure.patch.set_alpha(0)
            axes = figure.subplots()
            axes.patch.set_alpha(0)
            self.draw(axes, palette)
        return figure

    def svg(self) -> str:
        """Return it as SVG to stand in a page."""
        return for_page(_svg(self.figure(PAGE), PAGE), self.name)

    def save(self, folder: Path) -> list[Path]:
        """Write it as SVG and PNG on white paper; return the paths."""
        figure = self.figure(LIGHT)
        figure.patch.set(alpha=1, facecolor=LIGHT.paper)
        svg, png = folder / f"{self.name}.svg", folder / f"{self.name}.png"
        try:
            svg.write_text(_svg(figure, LIGHT), encoding="utf-8")
            figure.savefig(png, dpi=160, metadata={"Software": None})
        except OSError as error:
            raise DataError(f"{folder}: a picture cannot be written there: {error.strerror}") from None
        return [svg, png]


def load_matplotlib() -> Any:
    """Return the class of figures.

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
    """Return a context in which figures are drawn plainly, in a palette's colours."""
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
            "svg.fonttype": "none",  # text stays text: it can be read aloud, found and copied
            "svg.hashsalt": "windowner",  # the same file each time
            "text.color": palette.ink,
            "text.parse_math": False,  # words are text, whatever they hold
            "xtick.color": palette.line,
            "xtick.labelcolor": palette.muted,
            "xtick.major.size": 3,
            "ytick.labelcolor": palette.muted,
            "ytick.major.size": 0,
        }
    )


def _svg(figure: Any, palette: Palette) -> str:
    stream = io.StringIO()
    with style(palette):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def for_page(svg: str, name: str) -> str:
    """Return SVG that can stand in HTML: without a head, its colours as CSS variables, its ids its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\b(id=")([^"]+)', rf"\g<1>{name}-\2", svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]+", r"font-size: \1px", svg)  # the page's own font
    for stand_in, variable in zip(STAND_INS, VARIABLES, strict=True):
        svg = svg.replace(stand_in, f"var(--{variable})")
    return svg
