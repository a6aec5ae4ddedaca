"""Text cut into chunks that fit in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

SENTENCES = 2048  # held in memory at a time when tagging,
TOKENS = 100_000  # or fewer sentences, with this many tokens,
LOGITS = 50_000_000  # or fewer sentences, with this many logits,
CHARACTERS = 500_000  # or fewer texts, with this many characters

Item = TypeVar("Item")


def chunks(sentences: Iterable[Item], length: Callable[[Item], int], most: int | None = None) -> Iterator[list[Item]]:
    """Cut sentences into lists that fit in memory: of about `most` tokens, and of `SENTENCES` at most.

    `most` is `TOKENS` by default.
    """
    most = TOKENS if most is None else most
    chunk: list[Item] = []
    tokens = 0
    for sentence in sentences:
        chunk.append(sentence)
        tokens += length(sentence)
        if tokens >= most or len(chunk) == SENTENCES:
            yield chunk
            chunk, tokens = [], 0
    if chunk:
        yield chunk


def most_tokens(tags: int) -> int:
    """Return the tokens that are held in memory at a time by a tagger with this many tags."""
    return min(TOKENS, max(1, LOGITS // tags))


def sentence_length(sentence: Sequence[str]) -> int:
    """Return the number of a sentence's tokens; refuse what has none."""
    try:
        return len(sentence)
    except TypeError:
        kind = type(sentence).__name__
        raise ValueError(f"a sentence is of the type {kind}, expected a list of tokens") from None
