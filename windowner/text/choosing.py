"""Which tokenizer fits: the tokens of a corpus, measured, or a text, by its letters."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from windowner.text.detokenizing import Detokenizer
from windowner.text.tokenizers import TOKENIZERS, Tokenizer

AUTO = "auto"
DEFAULT = "european"
"""The tokenizer of model files that name none."""

SAMPLE = 500
"""This many sentences are compared, drawn evenly from the corpus."""
_EUROPEAN = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")
_LETTERS = 10_000
"""A text is judged by this many of its first characters."""


class Agreement(NamedTuple):
    """A tokenizer, and the share of tokens, as F1 from 0 to 1, that it has in common with a corpus."""

    tokenizer: str
    f1: float


def compare_tokenizers(sentences: Sequence[Sequence[str]]) -> list[Agreement]:
    """Return how well each tokenizer agrees with the tokens of a corpus, detokenized: the best one first.

    Of equals, the one that stands first in `TOKENIZERS` is first.
    """
    step = max(1, len(sentences) // SAMPLE)
    detokenizer = Detokenizer.of(sentences)
    joined = [detokenizer.join(tokens) for tokens in sentences[::step]]
    found = [Agreement(name, token_f1(tokenizer, joined)) for name, tokenizer in TOKENIZERS.items()]
    return sorted(found, key=lambda agreement: -agreement.f1)


def token_f1(tokenizer: Tokenizer, texts: Iterable[tuple[str, Sequence[tuple[int, int]]]]) -> float:
    """Return the F1, from 0 to 1, of a tokenizer's tokens; `texts` are texts with the right tokens."""
    common = total = 0
    for text, gold in texts:
        tokens = {token for offsets in tokenizer.tokenize(text) for token in offsets}
        common += len(tokens.intersection(gold))
        total += len(tokens) + len(gold)
    return 2 * common / total if total else 0.0


def tokenizer_for_text(text: str) -> str:
    """Return the name of the tokenizer for a text: european if most of its letters are, else unicode."""
    letters = [character for character in text[:_LETTERS] if character.isalpha()]
    european = sum(unicodedata.name(letter, "").startswith(_EUROPEAN) for letter in letters)
    return DEFAULT if 2 * european >= len(letters) else "unicode"
