"""Tokenizers: from text to sentences of tokens, each token with its place in the text.

`text[start:end]` is always the token. A piece is what stands between white space. Its tokens depend on the piece alone,
so each piece is split once and remembered. After that, it costs one access to a dictionary. Whether a sentence ends
between two pieces depends on these two alone. A sentence also ends with its paragraph, and at a line end behind a stop
that stands for itself. The places of tokens are found when they are needed: each token is searched for from the end of
the one before it.
"""

import re
from collections.abc import Callable
from itertools import chain, islice, pairwise
from operator import itemgetter
from typing import NamedTuple

from windowner.text.document import Offsets
from windowner.text.pieces import split_european, split_hyphens, split_nothing, split_words
from windowner.text.sentence import LONGEST_SENTENCE
from windowner.text.sentence_ends import NEVER, closes, opens

REMEMBERED = 200_000
"""This many pieces are remembered by a tokenizer. When there are more, all are forgotten."""
LONGEST = 60
"""Pieces of more characters, such as addresses on the web, are seldom met again and are not remembered."""

_LINE_END = r"(?>\r\n|[\n\r\x85\u2028])"  # one line end, not two
_PARAGRAPH = re.compile(rf"{_LINE_END}[^\S\n\r\x85\u2028]*{_LINE_END}|\u2029")
_FREE_STOP = re.compile(rf"[.!?…](?<=\s.)(?=[^\S\n\r\x85\u2028]*{_LINE_END}\s*(\S+))")
"""A stop that stands for itself at the end of a line, as in text that was tokenized; and the piece behind it."""


class TokenizedText(NamedTuple):
    """A text, and the tokens of its sentences, which stand in it in this order."""

    text: str
    sentences: list[list[str]]

    def starts(self, count: int | None = None) -> list[int]:
        """Return the place of the first character of the first `count` tokens, all sentences end to end."""
        index = self.text.index
        starts = []
        place = 0
        for token in islice(chain.from_iterable(self.sentences), count):
            place = index(token, place)
            starts.append(place)
            place += len(token)
        return starts


Piece = tuple[tuple[str, ...], int, int]
"""What is remembered of a piece: its tokens, and how it opens and closes sentences. The garbage collector, which would
go through all that is remembered time and again, leaves tuples of strings and numbers alone."""
_TOKENS, _CLOSES = itemgetter(0), itemgetter(2)


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
        tokenized = self.split(text)
        starts = iter(tokenized.starts())
        return [
            [(start, start + len(token)) for token, start in zip(sentence, starts, strict=False)]
            for sentence in tokenized.sentences
        ]

    def split(self, text: str) -> TokenizedText:
        """Return the tokens of a text's sentences, each of which has tokens."""
        cut = [self._cut(paragraph) for _, paragraph in self.paragraphs(text)]
        return TokenizedText(text, list(chain.from_iterable(cut)))

    def paragraphs(self, text: str) -> list[tuple[int, str]]:
        """Return the paragraphs of a text, each with its place, cut at free-standing stops at the end of a line.

        No sentence reaches into another one of them.
        """
        if not self._finds_sentences or text.isprintable():  # no line end is printable
            return [(0, text)]
        ends = [(0, 0), *(match.span() for match in _PARAGRAPH.finditer(text)), (len(text), len(text))]
        whole = [(start, text[start:end]) for (_, start), (end, _) in pairwise(ends)]
        return list(chain.from_iterable(_cut_at_free_stops(*paragraph) for paragraph in whole))

    def look_at(self, piece: str) -> tuple[Offsets, int, int]:
        """Return the places of a piece's tokens, and how it opens and closes sentences (`sentence_ends`)."""
        ends = (opens(piece), closes(piece)) if self._finds_sentences else (NEVER, NEVER)
        return self._split(piece), *ends

    def forget(self) -> None:
        """Forget all pieces."""
        self._pieces = {}

    def _cut(self, paragraph: str) -> list[list[str]]:
        """Return the sentences of a paragraph."""
        pieces = paragraph.split()
        known = list(map(self._pieces.get, pieces))
        if None in known:
            met = [piece or self._remember(text) for piece, text in zip(known, pieces, strict=True)]
        else:
            met = known  # type: ignore[assignment]  # None is not in it
        closing = [place for place, closes in enumerate(map(_CLOSES, met), start=1) if closes]
        ends = [place for place in closing if place < len(met) and met[place - 1][2] & met[place][1]]
        tokens = list(map(_TOKENS, met))
        sentences = [list(chain.from_iterable(tokens[start:end])) for start, end in pairwise([0, *ends, len(met)])]
        if max(map(len, sentences)) > LONGEST_SENTENCE:
            starts = [(each, start) for each in sentences for start in range(0, len(each), LONGEST_SENTENCE)]
            sentences = [each[start : start + LONGEST_SENTENCE] for each, start in starts]
        return sentences if all(sentences) else [sentence for sentence in sentences if sentence]

    def _remember(self, piece: str) -> Piece:
        """Return what is known of a piece that was not met yet."""
        places, opening, closing = self.look_at(piece)
        known = tuple([piece[start:end] for start, end in places]), opening, closing
        if len(self._pieces) >= REMEMBERED:
            self._pieces = {}
        if len(piece) <= LONGEST:
            self._pieces[piece] = known
        return known


def _cut_at_free_stops(place: int, paragraph: str) -> list[tuple[int, str]]:
    """Cut a paragraph behind each free-standing stop at the end of a line, if the next line may open a sentence.

    Inside of a line, such a stop closes a sentence before a starter alone.
    """
    if paragraph.isprintable():
        return [(place, paragraph)]
    ends = [match.end() for match in _FREE_STOP.finditer(paragraph) if opens(match[1])]
    return [(place + start, paragraph[start:end]) for start, end in pairwise([0, *ends, len(paragraph)])]


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
