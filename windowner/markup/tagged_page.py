"""A page of tagged texts, whose texts are written one after the other between its head and its foot."""

from collections.abc import Iterable, Sequence

from windowner.markup.filling import fill
from windowner.markup.marks import Mark, cut, hues

_TEXTS = "<!-- texts -->"
"""Where the texts stand. What comes from data holds no such comment, because it is escaped."""


def page_frame(name: str, types: Sequence[str]) -> tuple[str, str]:
    """Return the head of a page, with a legend of the types, and its foot.

    Raises
    ------
    ConfigError
        jinja2 is not installed.
    """
    head, _, foot = fill("tagged.html", {"name": name, "hues": hues(types)}).partition(_TEXTS)
    return head, foot


def text_html(text: str, marks: Iterable[Mark]) -> str:
    """Return a text as a paragraph of the page; "" for a text of white space."""
    return str(fill("text.html", {"pieces": cut(text, marks)})) if text.strip() else ""
