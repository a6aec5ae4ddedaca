"""Whether a network reads characters.

Characters help where word vectors say little of a form, and where spelling says what a name is. So
`features.characters = "auto"` looks at two things:

    vectors     without pretrained vectors, the tables know training words alone
    lower       the share of the training text's distinct entity words, of letters alone, that are in lower case

Names of people, places and organisations are capitalised. Where names are written in lower case, as those of diseases
are, endings such as -itis and -oma tell them from other words. The share is 73 % on ncbi-disease, 17 % on btc, 13 % on
wnut17 and 3 % on wikigold. Training reports what was chosen, and why. `windowner compare characters` measures what
characters are worth.
"""

from collections.abc import Iterator
from dataclasses import replace

from windowner.config.config import Config
from windowner.text.sentence import Corpus
from windowner.training.observer import Observer

FILTERS = 30
"""Filters of `auto`."""

LEAST = 0.5
"""The share of lower-case entity words from which `auto` is on."""


def choose_characters(config: Config, train: Corpus, observer: Observer) -> Config:
    """Return the config with `features.characters = "auto"` resolved, and report why."""
    if config.features.characters != "auto":
        return config
    if not config.vectors.source:
        filters, reason = FILTERS, "no pretrained vectors"
    else:
        share = lower_share(train)
        filters = FILTERS if share >= LEAST else 0
        reason = f"{share:.0%} of the entity words are in lower case; on from {LEAST:.0%}"
    observer.note(f'features.characters = "auto": {filters or "off"} ({reason})')
    return replace(config, features=replace(config.features, characters=filters))


def lower_share(corpus: Corpus) -> float:
    """Return the share of distinct entity words, of letters alone, that are in lower case; see the module."""
    words = {word for word in _entity_words(corpus) if word.isalpha()}
    return sum(map(str.islower, words)) / max(1, len(words))


def _entity_words(corpus: Corpus) -> Iterator[str]:
    for tokens, tags in zip(corpus.tokens, corpus.tags, strict=True):
        yield from (token for token, tag in zip(tokens, tags, strict=True) if tag != "O")
