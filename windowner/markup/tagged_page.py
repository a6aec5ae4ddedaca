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


def texts_html(texts: Iterable[tuple[str, Iterable[Mark]]]) -> str:
    """Return texts with their marks as paragraphs of the page. Texts of white space are left out."""
    return str(fill("paragraphs.html", {"texts": [cut(text, marks) for text, marks in texts if text.strip()]}))
