"""A page: templates filled in, everything that comes from outside escaped, in one file that opens from disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from windowner.errors import ConfigError, DataError
from windowner.report.figures import Picture

REPORT_NAME = "report.html"


def render(template: str, values: Mapping[str, Any]) -> str:
    """Fill in a template of the folder `templates`.

    Raises
    ------
    ConfigError
        The report extra is not installed.
    """
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ModuleNotFoundError:
        raise ConfigError('a report needs matplotlib and jinja2: pip install "windowner[report]"') from None

    environment = Environment(
        loader=PackageLoader("windowner.report"),
        autoescape=True,  # words and file names may hold anything
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def picture(drawn: Picture) -> Markup:
        """Return a figure as it stands in the page; matplotlib has escaped its text."""
        return Markup(drawn.svg())

    def source(name: str) -> Markup:
        """Return a file of ours as it stands: the style and the script."""
        loader: Any = environment.loader
        return Markup(loader.get_source(environment, name)[0])

    environment.filters.update(picture=picture, percent=percent, number=number)
    environment.globals["source"] = source
    return environment.get_template(template).render(values)


def percent(share: float, places: int = 1) -> str:
    """Write a share as a percentage, without its sign."""
    return f"{100 * share:.{places}f}"


def number(value: float) -> str:
    """Write a number with its thousands apart."""
    return f"{value:,.0f}"


def write_page(text: str, path: Path) -> Path:
    """Write a page; what cannot be written as UTF-8, such as half of a surrogate pair, is replaced."""
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror}") from None
    return path
