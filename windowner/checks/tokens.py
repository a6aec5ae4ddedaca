"""The check of tokens against the tokenizer of raw text: a tagger meets in raw text only what the tokenizer makes.

Each distinct form, and each distinct pair of a word and what an apostrophe begins (`do` `n't`, `Anna` `'s`), is
tokenized once.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from windowner.checks.findings import Finding, Place, quote
from windowner.checks.labelled import Labelled
from windowner.text.tokenizers import Tokenizer

APOSTROPHES = ("'", "’")


def tokenization(data: Labelled) -> Iterator[Finding]:
    """Find tokens that the tokenizer of raw text splits, and words with an apostrophe that it splits elsewhere."""
    yield from _split_tokens(data)
    yield from _other_contractions(data)


def _split_tokens(data: Labelled) -> Iterator[Finding]:
    """Find tokens that the tokenizer splits."""
    parts = {form: split(data.tokenizer, form) for form in data.forms if not form.startswith(APOSTROPHES)}
    others = {form: found for form, found in parts.items() if len(found) > 1 and len(form.split()) == 1}
    for form, places in sorted(data.places_of(others).items(), key=lambda item: -len(item[1])):
        yield Finding(f"{quote([form])} is one token; in raw text it is {_join(others[form])}", places)


def _other_contractions(data: Labelled) -> Iterator[Finding]:
    """Find words with an apostrophe that are split elsewhere than the tokenizer splits them."""
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for corpus_split in data.splits:
        for number, tokens in enumerate(corpus_split.corpus.tokens):
            for start, pair in enumerate(pairwise(tokens)):
                if pair[1].startswith(APOSTROPHES) and pair[1][1:].isalpha() and pair[0][-1:].isalpha():
                    places[pair].append(corpus_split.place(number, start))
    for (word, rest), found in sorted(places.items(), key=lambda item: -len(item[1])):
        parts = split(data.tokenizer, word + rest)
        if parts[-1] != rest:
            yield Finding(f"{quote([word])} {quote([rest])}; in raw text it is {_join(parts)}", found)


def split(tokenizer: Tokenizer, text: str) -> list[str]:
    """Return the tokens of a text."""
    return [text[start:end] for sentence in tokenizer.tokenize(text) for start, end in sentence]


def _join(tokens: list[str]) -> str:
    return " ".join(quote([token]) for token in tokens)
