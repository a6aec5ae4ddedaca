"""Tokenizers: from text to sentences of tokens, each token with its place in the text.

`text[start:end]` is the token, always. What stands between white space, a piece, is split once and remembered: how it
is split depends on the piece alone. Where a sentence ends depends on two neighbouring pieces.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from windowner.text.document import Offsets
from windowner.text.pieces import split_european, split_nothing, split_words
from windowner.text.sentence_ends import is_sentence_end

REMEMBERED = 200_000
"""This many pieces are remembered by a tokenizer. When they are more, all are forgotten."""

PARAGRAPH = re.compile(r"\s*?(?:\r\n|[\n\r\x85\u2028])\s*?(?:\r\n|[\n\r\x85\u2028])\s*|\u2029\s*")


class TokenizedSentence(NamedTuple):
    """The tokens of a sentence, and where each one stands in the text."""

    tokens: list[str]
    offsets: Offsets


class Tokenizer:
    """Splits text into sentences of tokens. One tokenizer may be used from many threads.

    Parameters
    ----------
    name
        Its name in configs and model files.
    split
        Returns the tokens of a piece, as places in it.
    finds_sentences
        Whether text is cut into sentences; otherwise a text is one sentence.
    """

    def __init__(self, name: str, split: Callable[[str], Offsets], finds_sentences: bool = True):
        self.name = name
        self.finds_sentences = finds_sentences
        self._split = split
        self._pieces: dict[str, tuple[list[str], Offsets]] = {}

    def tokenize(self, text: str) -> list[Offsets]:
        """Return the sentences of a text, as first character of each token and character behind its last one."""
        return [sentence.offsets for sentence in self.sentences(text)]

    def sentences(self, text: str) -> list[TokenizedSentence]:
        """Return the sentences of a text that have tokens: their tokens, and where each one stands."""
        if not self.finds_sentences:
            return list(self._cut(text, 0, len(text)))
        found: list[TokenizedSentence] = []
        start = 0
        for gap in PARAGRAPH.finditer(text):
            found += self._cut(text, start, gap.start())
            start = gap.end()
        return [*found, *self._cut(text, start, len(text))]

    def _cut(self, text: str, start: int, end: int) -> Iterator[TokenizedSentence]:
        """Yield the sentences of a paragraph."""
        tokens: list[str] = []
        offsets: Offsets = []
        before = ""
        for piece in text[start:end].split():
            if tokens and self.finds_sentences and is_sentence_end(before, piece):
                yield TokenizedSentence(tokens, offsets)
                tokens, offsets = [], []
            place = text.index(piece, start)
            start = place + len(piece)
            before = piece
            words, places = self._pieces.get(piece) or self._remember(piece)
            tokens += words
            offsets += [(place + first, place + last) for first, last in places]
        if tokens:
            yield TokenizedSentence(tokens, offsets)

    def _remember(self, piece: str) -> tuple[list[str], Offsets]:
        places = self._split(piece)
        split = [piece[first:last] for first, last in places], places
        if len(self._pieces) >= REMEMBERED:
            self._pieces = {}
        self._pieces[piece] = split
        return split


TOKENIZERS = {
    tokenizer.name: tokenizer
    for tokenizer in (
        Tokenizer("european", split_european),
        Tokenizer("unicode", split_words),
        Tokenizer("white-space", split_nothing, finds_sentences=False),
    )
}
"""All tokenizers by name."""


def find_tokenizer(name: str) -> Tokenizer:
    """Return the tokenizer of that name.

    Raises
    ------
    ValueError
        If no tokenizer has the name.
    """
    if name not in TOKENIZERS:
        raise ValueError(f"unknown tokenizer {name!r}, expected one of {', '.join(TOKENIZERS)}")
    return TOKENIZERS[name]
