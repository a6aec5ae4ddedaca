"""Text that stands on one line, and does nothing to a terminal."""

import unicodedata

_ENDS_LINE = ("\u2028", "\u2029")
_OVERRIDES_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def one_line(text: str) -> str:
    r"""Escape what would break a line, colour the terminal, or turn the writing direction.

    File names and tokens may hold line ends and escape sequences; they are shown as `\n` and `\x1b`.
    """
    return "".join(_escape(char) if _needs_escape(char) else char for char in text)


def _needs_escape(char: str) -> bool:
    if char.isprintable():  # the usual case
        return False
    control = unicodedata.category(char) in ("Cc", "Cs")
    return control or char in _ENDS_LINE or unicodedata.bidirectional(char) in _OVERRIDES_DIRECTION


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()
