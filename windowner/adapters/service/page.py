"""The page: one HTML file with its style and its script, and the policy that admits these two alone."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from windowner import markup

PARTS = Path(__file__).parent / "page"
SHARED = Path(markup.__file__).parent / "templates"
"""Holds the colours, fonts, tables and marks of all pages."""


class Page(NamedTuple):
    """The page, and its content security policy."""

    html: bytes
    policy: str


def read_page() -> Page:
    """Return the page, put together."""
    style = _read(SHARED / "style.css") + _read(SHARED / "marks.css") + _read(PARTS / "page.css")
    script = _read(PARTS / "page.js")
    html = _read(PARTS / "page.html").replace("/* style */", style).replace("/* script */", script)
    own = f"style-src '{_digest(style)}'; script-src '{_digest(script)}'; connect-src 'self'; img-src data:"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return Page(html.encode(), policy)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest(source: str) -> str:
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
