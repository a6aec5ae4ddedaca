r"""How a piece of text, which holds no white space, is split into tokens: one function per tokenizer.

    european            Penn Treebank   do|n't   O'Neil   's   AT&T   e.g.   $|3.5   well-known   l'|eau   @user   :-)
    european-hyphens    the same, split at hyphens and slashes     well|-|known, as in biomedical and legal corpora
    unicode             words as Unicode (UAX #29) cuts them, with one Han ideograph per word
    white-space         the piece

Every visible character is in a token. Zero-width spaces and byte order marks, which separate words, are in none.
"""

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from windowner.text.abbreviations import written_forms
from windowner.text.document import Offsets

if TYPE_CHECKING:
    from regex import Pattern

_CHARACTER = r"[\p{L}\p{M}\p{N}_\u00AD\u200C\u200D]"  # of a word; a soft hyphen and a joiner are inside of words
_CLITIC = r"['’](?i:s|re|ve|ll|d|m)\b"
_ELISION = r"(?i:[cdjlmnst]|qu|dell|nell|all|sull|dall|un)['’](?=\p{L}{2})"
_SIGNS = ",:;!?)"  # behind a word they are tokens
_INSIDE, _INSIDE_OF_PARTS = r"['’&/·.\p{Pd}]", r"['’&·.]"  # between the letters of a word; without hyphens and slashes
_SEPARATORS = r"[\u200B\uFEFF]"


@cache
def _compile_european(inside: str) -> "Pattern[str]":
    """Return the expression of all tokens; `inside` are characters that may stand between the letters of a word.

    It takes 0.04 CPU seconds to import and to compile, so this is done at the first piece that needs it.
    """
    import regex

    return regex.compile(
        rf"""
          (?:https?://|www\.)\S*[^\s\p{{P}}]/?
        | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | [@\#]\w+
        | &\w+;
        | <3+ | [:;=8]['-]?[)(\]\[DPpOo/\\|3*$@]+(?!\w) | \^[_.-]*\^
        | (?:\p{{L}}{{1,4}}\.){{2,}}(?!\w)
        | (?:{"|".join(written_forms())})\.(?!\w)
        | \p{{Lu}}\.(?!\w)
        | {_ELISION}
        | \p{{L}}+(?=n['’]t\b) | n['’]t\b
        | {_CLITIC}
        | (?: {_CHARACTER}
            | (?<={_CHARACTER}) (?!{_CLITIC}) (?!(?<=\p{{Ll}})\.\p{{Lu}}) {inside} (?={_CHARACTER})
            | (?<=\d)[,:/](?=\d)
          )+
        | \.{{3,}} | --+ | \*+ | =+
        | {_SEPARATORS}
        | \X
        """,
        regex.VERBOSE,
    )


@cache
def _compile_word_edges() -> "Pattern[str]":
    """Return the expression of the edges of words."""
    import regex

    return regex.compile(r"\b", regex.WORD)


def split_european(piece: str) -> Offsets:
    """Return the tokens of a piece as the Penn Treebank, and so most English corpora, has them."""
    return _plain(piece) or _visible(piece, [match.span() for match in _compile_european(_INSIDE).finditer(piece)])


def split_hyphens(piece: str) -> Offsets:
    """Return the tokens of a piece as `split_european` does, and split at hyphens and slashes as well."""
    return _plain(piece) or _visible(
        piece, [match.span() for match in _compile_european(_INSIDE_OF_PARTS).finditer(piece)]
    )


def split_words(piece: str) -> Offsets:
    """Return the words of a piece, in any script, as Unicode cuts them."""
    edges = sorted({0, len(piece), *(match.start() for match in _compile_word_edges().finditer(piece))})
    return _visible(piece, list(pairwise(edges)))


def split_nothing(piece: str) -> Offsets:
    """Return the piece as one token."""
    return [(0, len(piece))]


def _plain(piece: str) -> Offsets:
    """Return the tokens of letters alone, or of letters and one sign: of most distinct pieces; [] for others."""
    if piece.isalpha():
        return [(0, len(piece))]
    end = len(piece) - 1
    return [(0, end), (end, end + 1)] if piece[-1] in _SIGNS and piece[:-1].isalpha() else []


def _visible(piece: str, places: Offsets) -> Offsets:
    """Return the places that hold more than separators."""
    if "\u200b" not in piece and "\ufeff" not in piece:
        return places
    return [(start, end) for start, end in places if piece[start:end].strip("\u200b\ufeff")]
