"""Punctuation at the ends of tokens and entities."""

from unicodedata import category

PARTNERS = {"(": ")", "[": "]", "{": "}", "“": "”", "„": "“", "‘": "’", "«": "»", '"': '"', "'": "'"}
PARTNER_OF = {**{closing: opening for opening, closing in PARTNERS.items()}, **PARTNERS}
SEPARATORS = frozenset(',;:!?()[]{}“”„«»"')
"""Punctuation that is not part of a word. A full stop, a hyphen or an apostrophe may be."""


def is_punctuation(token: str) -> bool:
    """Return whether a token is punctuation and nothing else."""
    return all(category(char).startswith("P") for char in token)


def is_separator(char: str) -> bool:
    """Return whether a character is punctuation that is not part of a word."""
    return char in SEPARATORS


def has_partner(char: str, text: str) -> bool:
    """Return whether a text holds the other half of a bracket or a quotation mark."""
    return char in PARTNER_OF and PARTNER_OF[char] in text
