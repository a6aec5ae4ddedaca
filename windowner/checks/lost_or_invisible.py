"""Checks of characters: lost ones, and invisible ones.

Each distinct form is looked at once.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from unicodedata import category, name

from windowner.checks.findings import Finding
from windowner.checks.labelled import Labelled

REPLACEMENT = "\ufffd"
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
INVISIBLE = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff") | frozenset(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
"""Characters without a glyph. The zero-width joiners are left out: they belong to words of some scripts, and to emoji.
"""

# UTF-8 is often misread as Windows-1252, whose undefined bytes most programs read as Latin-1.
BYTE_OF = {bytes([byte]).decode("latin-1"): byte for byte in range(0x80, 0x100)}
BYTE_OF |= {char: byte for byte in range(0x80, 0x100) if (char := bytes([byte]).decode("cp1252", "ignore"))}
MISREAD = re.compile(f"[{re.escape(''.join(BYTE_OF))}]{{2,}}")
BESIDE_WORDS = frozenset("‘’‚“”„–—…•")
"""Characters that stand directly after a word in real text, as in `Fuß“`, whose last two letters look misread."""


def lost_characters(data: Labelled) -> Iterator[Finding]:
    """Find tokens in which characters were lost, misread or escaped."""
    return _describe_forms(data, _find_loss)


def invisible_characters(data: Labelled) -> Iterator[Finding]:
    """Find tokens with control characters, invisible characters or white space."""
    return _describe_forms(data, _find_invisible)


def _describe_forms(data: Labelled, describe: Callable[[str], str]) -> Iterator[Finding]:
    """Return a finding for each form of which `describe` says something."""
    described = {form: text for form in data.forms if (text := describe(form))}
    for form, places in data.places_of(described).items():
        yield Finding(described[form], places)


def _find_loss(form: str) -> str:
    if not form:
        return "an empty token"
    if "&" in form and any(unescape(entity) != entity for entity in ENTITY.findall(form)):
        return f'"{form}" holds an HTML entity'
    if form.isascii():
        return ""
    if REPLACEMENT in form:
        return f'"{form}" holds U+FFFD, a character that was lost'
    meant = _read_again(form)
    return f'"{form}" is UTF-8 that was read in another encoding; "{meant}" was meant' if meant else ""


def _read_again(form: str) -> str:
    """Return the text of which the form is a misreading; "" if it is none."""
    meant = MISREAD.sub(lambda match: _decode(match[0]), form)
    return meant if meant != form else ""


def _decode(misread: str) -> str:
    """Return what these characters stand for if they are misread UTF-8; otherwise the characters themselves."""
    try:
        meant = bytes(BYTE_OF[char] for char in misread).decode("utf-8")
    except UnicodeDecodeError:
        return misread
    usual = all(char < "\u0180" or "\u2000" <= char < "\u2100" for char in meant)
    return meant if usual or not BESIDE_WORDS.issuperset(misread[1:]) else misread


def _find_invisible(form: str) -> str:
    if form.isprintable() and not (form[:1] == " " or form[-1:] == " "):  # the usual case
        return ""
    if not form.strip():
        return f"a token of white space, {form!a}" if form else ""
    found = dict.fromkeys(char for char in form if _is_invisible(char))
    if " " in (form[0], form[-1]):
        found[" "] = None
    shown = "".join(_escape(char) if char in found and char != " " else char for char in form)
    return f'"{shown}" holds {", ".join(map(_char_name, found))}' if found else ""


def _is_invisible(char: str) -> bool:
    """Return whether a character has no business in a token. Spaces may be part of one, such as of `New York`."""
    return char in INVISIBLE or category(char) == "Cc" or (char.isspace() and char not in " \u00a0")


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _char_name(char: str) -> str:
    """Return the number of a character, and its name if it has one."""
    return f"U+{ord(char):04X} {name(char, '')}".rstrip()
