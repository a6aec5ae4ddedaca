"""From entities in tokens to entities in the characters of a text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import add, itemgetter

import numpy as np

from windowner.tagger.prediction import TokenSpan
from windowner.text.document import Span
from windowner.text.tokenizers import TokenizedText


def character_spans(texts: Sequence[TokenizedText], found: Sequence[TokenSpan]) -> list[list[Span]]:
    """Return the entities of each text by their characters.

    Parameters
    ----------
    texts
        The texts that were tagged, with their tokens.
    found
        Their entities in order, by the numbers of their tokens, all texts end to end.
    """
    spans: list[list[Span]] = [[] for _ in texts]
    borders = np.cumsum([0, *map(count_tokens, texts)])
    owners = (np.searchsorted(borders, [span[0] for span in found], side="right") - 1).tolist()
    for owner, group in groupby(zip(owners, found, strict=True), itemgetter(0)):
        # Places are found for texts with entities alone, up to the last one.
        entities, first = [span for _, span in group], int(borders[owner])
        starts = texts[owner].starts(entities[-1][1] - first)
        ends = list(map(add, starts, map(len, chain.from_iterable(texts[owner].sentences))))
        spans[owner] = [
            Span(starts[start - first], ends[end - 1 - first], label, probability)
            for start, end, label, probability in entities
        ]
    return spans


def checked_texts(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts; refuse what is none."""
    if isinstance(texts, str):
        raise ValueError("texts is a string, expected several strings, such as a list; or call tag_text")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text {number} is of the type {type(text).__name__}, expected a string")
        yield text


def count_tokens(text: TokenizedText) -> int:
    """Return the number of tokens of a text."""
    return sum(map(len, text.sentences))
