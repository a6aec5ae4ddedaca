"""Templates filled in with jinja2. Everything that comes from data is escaped."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from windowner.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Environment

OWN = "windowner.markup"


class Html(str):
    """HTML, which a notebook shows as what it means."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def make_environment(*packages: str) -> "Environment":
    """Return the environment of the templates of some packages; the first one that has a name is used.

    Raises
    ------
    ConfigError
        jinja2 is not installed.
    """
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ModuleNotFoundError:
        raise ConfigError('HTML needs jinja2: pip install "windowner[report]"') from None

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,  # words and file names may hold markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def source(name: str) -> Markup:
        """Return a file of the folder `templates` unchanged: a style sheet or a script."""
        loader: Any = environment.loader
        return Markup(loader.get_source(environment, name)[0])

    environment.filters.update(percent=percent, number=number)
    environment.globals["source"] = source
    return environment


@cache
def own_environment() -> "Environment":
    """Return the environment of this room's templates, which is made once."""
    return make_environment(OWN)


def fill(template: str, values: Mapping[str, Any]) -> Html:
    """Return a filled-in template of this room.

    Raises
    ------
    ConfigError
        jinja2 is not installed.
    """
    return Html(own_environment().get_template(template).render(values))


def for_notebook(template: str, values: Mapping[str, Any]) -> str | None:
    """Return what a notebook shows of an object. None without jinja2: a notebook then shows the object's text."""
    try:
        return str(fill(template, values))
    except ConfigError:
        return None


def percent(share: float, places: int = 1) -> str:
    """Write a share as a percentage, without the percent sign."""
    return f"{100 * share:.{places}f}"


def number(value: float) -> str:
    """Write a number with commas between thousands."""
    return f"{value:,.0f}"
