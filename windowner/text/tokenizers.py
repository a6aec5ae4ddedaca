"""Tokenizers: from text to sentences of tokens, each token with its place in the text.

`text[start:end]` is the token, always. What stands between white space, a piece, is split once and remembered: its
tokens depend on the piece alone. A sentence ends between two pieces, told from what each one says for itself, and at
the end of a paragraph. Per piece there remain one access to a dictionary and a few additions.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from windowner.text.document import Offsets
from windowner.text.pieces import split_european, split_hyphens, split_nothing, split_words
from windowner.text.sentence_ends import NEVER, closes, opens

REMEMBERED = 200_000
"""This many pieces are remembered by a tokenizer. When there are more, all are forgotten."""
LONGEST = 60
"""Pieces of more characters, such as addresses on the web, are seldom met again and are not remembered."""

_LINE_END = r"(?:\r\n|[\n\r\x85\u2028])"
_PARAGRAPH = re.compile(rf"\s*{_LINE_END}[^\S\n\r\x85\u2028]*{_LINE_END}\s*|\s*\u2029\s*")


@dataclass(frozen=True)
class TokenizedSentence:
    """The tokens of a sentence, and the place of each one's first character in the text."""

    tokens: list[str]
    starts: list[int]

    @property
    def offsets(self) -> Offsets:
        """First character of each token, and the character behind its last one."""
        return [(start, start + len(token)) for token, start in zip(self.tokens, self.starts, strict=True)]


class Piece(NamedTuple):
    """What is remembered of a piece: its tokens, their places in it, and how it opens and closes sentences."""

    tokens: list[str]
    starts: list[int]
    opens: int
    closes: int


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
        self._split = split
        self._finds_sentences = finds_sentences
        self._pieces: dict[str, Piece] = {}

    def tokenize(self, text: str) -> list[Offsets]:
        """Return the sentences of a text: first character of each token, and the character behind its last one."""
        return [sentence.offsets for sentence in self.sentences(text)]

    def sentences(self, text: str) -> list[TokenizedSentence]:
        """Return the sentences of a text, with the tokens themselves; every sentence has tokens."""
        if not self._finds_sentences:
            return list(self._cut(text, 0, len(text)))
        found: list[TokenizedSentence] = []
        start = 0
        for gap in _PARAGRAPH.finditer(text):
            found += self._cut(text, start, gap.start())
            start = gap.end()
        return [*found, *self._cut(text, start, len(text))]

    def _cut(self, text: str, start: int, end: int) -> Iterator[TokenizedSentence]:
        """Yield the sentences of the paragraph from `start` to `end`."""
        remembered = self._pieces.get
        tokens: list[str] = []
        starts: list[int] = []
        closing = NEVER
        for piece in text[start:end].split():
            words, places, opening, next_closing = remembered(piece) or self._remember(piece)
            if closing & opening and tokens:
                yield TokenizedSentence(tokens, starts)
                tokens, starts = [], []
            closing = next_closing
            start = text.index(piece, start)
            tokens += words
            if len(places) == 1:
                starts.append(start + places[0])
            else:
                starts += [start + place for place in places]
            start += len(piece)
        if tokens:
            yield TokenizedSentence(tokens, starts)

    def _remember(self, piece: str) -> Piece:
        """Return what is known of a piece that was not met yet."""
        places = self._split(piece)
        tokens = [piece[start:end] for start, end in places]
        ends = (opens(piece), closes(piece)) if self._finds_sentences else (NEVER, NEVER)
        known = Piece(tokens, [start for start, _ in places], *ends)
        if len(self._pieces) >= REMEMBERED:
            self._pieces = {}
        if len(piece) <= LONGEST:
            self._pieces[piece] = known
        return known


TOKENIZERS = {
    tokenizer.name: tokenizer
    for tokenizer in (
        Tokenizer("european", split_european),
        Tokenizer("european-hyphens", split_hyphens),
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
