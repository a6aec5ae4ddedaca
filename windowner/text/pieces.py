"""How a piece of text, which holds no white space, is split into tokens: one function per tokenizer."""

import regex

from windowner.text.document import Offsets

_WORD = regex.compile(r"\w+(?:['’.,_-]\w+)*|[^\w\s]")


def split_european(piece: str) -> Offsets:
    """Return the tokens of a piece as the Penn Treebank, and so most English corpora, has them."""
    return [match.span() for match in _WORD.finditer(piece)]


def split_words(piece: str) -> Offsets:
    """Return the Unicode words of a piece, and every other character for itself."""
    return [match.span() for match in _WORD.finditer(piece)]


def split_nothing(piece: str) -> Offsets:
    """Return the piece as one token."""
    return [(0, len(piece))]
