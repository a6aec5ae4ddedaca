"""From tokens back to a text as people write it, so that tokenizers can be compared with the tokens of a corpus.

    Mr. Smith did n't say " yes " ( twice ) .       tokens
    Mr. Smith didn't say "yes" (twice).             text

The corpus shows whether hyphens and slashes between words are tokens of their own. If no token holds one, they were
split from their words, and are joined to them again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from windowner.text.document import Document, Offsets

_LEFT = re.compile(r"[,.;:!?%)\]}…”»]+|['’](?:s|re|ve|ll|d|m)|n['’]t|-R[RS]B-|''", re.IGNORECASE)
"""Tokens that are joined to the token before them."""
_RIGHT = re.compile(r"[(\[{$£€“«¿¡#@]+|-L[RS]B-|``")
"""Tokens that are joined to the token behind them."""
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|dell|nell|all|sull|dall|un)['’]", re.IGNORECASE)
_QUOTES = ('"', "'")
_JOINED_WORD = {mark: re.compile(rf"\w{mark}\w") for mark in "-/"}


@dataclass(frozen=True)
class Detokenizer:
    """Joins the tokens of one corpus.

    Parameters
    ----------
    joining
        Tokens that are joined to both neighbours: a hyphen, a slash.
    """

    joining: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sentences: Sequence[Sequence[str]]) -> "Detokenizer":
        """Return the detokenizer that fits the tokens of a corpus."""
        distinct = set(chain.from_iterable(sentences))
        split = (mark for mark in "-/" if mark in distinct and not any(map(_JOINED_WORD[mark].search, distinct)))
        return cls(frozenset(split))

    def join(self, tokens: Sequence[str]) -> tuple[str, Offsets]:
        """Return the text of a sentence, and the place of each token in it."""
        text = ""
        offsets: Offsets = []
        open_quotes: set[str] = set()
        glued = True  # to what stands before
        for token in tokens:
            closing = token in open_quotes
            left = closing or token in self.joining or _LEFT.fullmatch(token) is not None
            unspaced = text and token > "\u0e00" and _is_unspaced(token[0]) and _is_unspaced(text[-1])
            text += "" if glued or left or unspaced else " "
            offsets.append((len(text), len(text) + len(token)))
            text += token
            opening = token in _QUOTES and not closing
            open_quotes ^= {token} if token in _QUOTES else set()
            glued = opening or token in self.joining or bool(_RIGHT.fullmatch(token) or _ELISION.fullmatch(token))
        return text, offsets

    def document(self, sentences: Iterable[Sequence[str]]) -> Document:
        """Return sentences as one text, with their tokens in it."""
        texts: list[str] = []
        places: list[Offsets] = []
        start = 0
        for tokens in sentences:
            text, offsets = self.join(tokens)
            texts.append(text)
            places.append([(start + first, start + last) for first, last in offsets])
            start += len(text) + 1
        return Document(" ".join(texts), None, places)


@cache
def _is_unspaced(character: str) -> bool:
    """Return whether a character is of a script that writes no spaces between words, or of its punctuation."""
    import regex  # takes time to import, and few texts need it

    scripts = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3000-\u303F\uFF01-\uFF20]"
    return bool(regex.match(scripts, character))
