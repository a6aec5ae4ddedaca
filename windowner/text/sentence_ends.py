r"""Where a sentence ends: between two pieces, by what each of them allows.

    piece      opens     closes
    the        NEVER     NEVER       a sentence opens with no lower-case letter
    Paris      ANY       NEVER
    The        STARTER   NEVER       a word that seldom stands in capitals inside of a sentence
    Paris.     ANY       ANY         closes before every piece that may open
    Inc.       ANY       STARTER     closes before a starter alone
    Mr.        ANY       NEVER

A sentence ends where `closes & opens` is not 0.
"""

import re

from windowner.text.abbreviations import SHORT_FORMS, TITLES

NEVER, STARTER, ANY = 0, 1, 2

_OPENING = "\"'“”‘’«»„‚([{<¿¡*-–—•‹›「『《（"
_CLOSING = "\"'”’»)]}›」』》）*"
_TERMINAL = ".!?…。！？؟।"
_INNER_STOP = re.compile(r"\w\.\w")
STARTERS = frozenset(
    "A After All Also Although An And As At Because Before But By Despite During For From He Her His How However I "
    "If In It Its Many Most My No On One Our She Since So Some That The Their Then There These They This Those "
    "Though Through To Two Under Until We What When Where Which While Who Why With You Your Auch Aber Bei Das Der "
    "Die Doch Ein Eine Er Es Für Ich Ihr Im Mit Nach Sie Und Von Vor Was Wenn Wer Wie Wir Zu Il Elle Ils Elles Le "
    "La Les Un Une Des Dans Ce Cette En Et Pour Mais El Los Las Ella Una Por Para Pero Se Su В Во На И Но По С Он "
    "Она Они Это Как Мы Я Что Для Den Det De Han Hun Men Og Jeg Vi".split()
)
"""Words that seldom stand with a capital inside of a sentence."""


def opens(piece: str) -> int:
    """Return behind what a sentence may open with this piece: ANY end, a doubtful one too (with STARTER), or NEVER."""
    word = piece.lstrip(_OPENING)
    if not word:
        return ANY
    if word[0].islower() or word[0] in ",;:.!?…)]}%&/":
        return NEVER
    return ANY | STARTER if word in STARTERS else ANY


def closes(piece: str) -> int:
    """Return before what a sentence may close with this piece: ANY opening piece, a STARTER alone, NEVER."""
    closed = piece.rstrip(_CLOSING)
    word = closed.rstrip(_TERMINAL)
    if word == closed:
        return NEVER
    terminal = closed[len(word) :]
    word = word.lstrip(_OPENING)
    if terminal not in (".", "…", "..."):
        return ANY if word or terminal in "。！？" else STARTER
    if terminal != ".":
        return STARTER
    if word.lower() in TITLES:
        return NEVER
    doubtful = (
        not word
        or (len(word) == 1 and word.isalpha())
        or (word.isdecimal() and len(word) < 3)
        or word.lower() in SHORT_FORMS
        or (_INNER_STOP.search(f"{word}.") is not None and not any(map(str.isdecimal, word)))
    )
    return STARTER if doubtful else ANY
