"""The check of tokens against the tokenizer of raw text: a tagger meets in raw text only what the tokenizer makes.

Each sentence is written as people write it, and tokenized again. Where the tokens differ, the smallest stretch between
two common borders is reported:

    in Paris, we do n't        tokens of the file
    in Paris, we don't         text
    in | Paris , | we | do n't     the stretches; those of `Paris,` differ
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from windowner.checks.findings import Finding, Place, quote
from windowner.checks.labelled import Labelled
from windowner.text.detokenizing import Detokenizer
from windowner.text.document import Offsets
from windowner.text.tokenizers import Tokenizer

Difference = tuple[tuple[str, ...], tuple[str, ...]]
"""Tokens of the file, and those of the tokenizer for the same text."""


def tokenization(data: Labelled) -> Iterator[Finding]:
    """Find tokens that the tokenizer of raw text makes differently; the most frequent come first."""
    tokenizer = data.tokenizer
    places: dict[Difference, list[Place]] = defaultdict(list)
    detokenizer = Detokenizer.of(data.splits[0].corpus.tokens)
    for split in data.splits:
        if split.corpus.tokenizer:
            continue  # raw text, whose tokens are the tokenizer's
        for number, tokens in enumerate(split.corpus.tokens):
            if any(token.strip() != token or not token for token in tokens):
                continue  # other checks report empty tokens and white space
            text, offsets = detokenizer.join(tokens)
            for start, difference in _compare(tokenizer, text, offsets):
                places[difference].append(split.place(number, start))
    for (words, others), found in sorted(places.items(), key=lambda item: -len(item[1])):
        yield Finding(f"{_join(words)}; the tokenizer makes {_join(others)}", found)


def _compare(tokenizer: Tokenizer, text: str, offsets: Offsets) -> Iterator[tuple[int, Difference]]:
    """Yield where tokens differ from those of the tokenizer: the number of the first one, and the difference."""
    made = [token for sentence in tokenizer.tokenize(text) for token in sentence]
    if made == offsets:
        return
    borders = {start for start, _ in made} & {start for start, _ in offsets}
    others = _group(made, borders)
    first = 0
    for border, own in _group(offsets, borders).items():
        if own != others.get(border):
            yield first, (_words(text, own), _words(text, others.get(border, [])))
        first += len(own)


def _group(offsets: Offsets, borders: set[int]) -> dict[int, Offsets]:
    """Return tokens by the last border before them; those before the first border have -1."""
    groups: dict[int, Offsets] = {}
    border = -1
    for token in offsets:
        border = token[0] if token[0] in borders else border
        groups.setdefault(border, []).append(token)
    return groups


def _words(text: str, offsets: Offsets) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in offsets)


def _join(tokens: Sequence[str]) -> str:
    return " ".join(quote([token]) for token in tokens)
