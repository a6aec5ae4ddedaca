"""Whether a network reads documents, and where the documents of labelled text begin.

Other mentions of a word help where names come back in a document, as in news and abstracts. So `model.document =
"auto"` looks at the rare words of the training text, most of which are names or parts of them:

    recurrence   the share of rare words, counted once per sentence, that another sentence of the document holds, too
    rare         a word that occurs at least twice in the text, and in at most `RARE` of its tokens

Where no documents are marked, stretches are documents. With few documents, it is `off`. A training with `auto` reports
the recurrence: 44 % on wikigold, 38 % on factrueval, 33 % on ncbi-disease, 16 % on btc, 2 % on wnut17. `windowner
compare document-context` measures what documents are worth.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal

import numpy as np

from windowner.arrays import Indices
from windowner.config.config import Config
from windowner.text.sentence import Corpus
from windowner.text.stretches import stretch_edges
from windowner.text.wording import count_of
from windowner.training.observer import Observer

LEAST = 0.25
"""The recurrence from which `model.document = "auto"` is `on`."""

LEAST_DOCUMENTS = 20
"""Documents or stretches from which it may be `on`. In fewer, most words come back, whatever the text is."""

RARE = 2e-4


def choose_documents(config: Config, train: Corpus, observer: Observer) -> Config:
    """Return the config with `model.document = "auto"` resolved by the words that come back, and report why."""
    if config.model.document != "auto":
        return config
    edges = document_edges(config, train.tokens, train.document_starts)
    count, share = len(edges) - 1, recurrence(train.tokens, edges)
    chosen: Literal["on", "off"] = "on" if count >= LEAST_DOCUMENTS and share >= LEAST else "off"
    unit = "document" if train.document_starts else "stretch"
    observer.note(
        f'model.document = "auto": {chosen} ({count_of(count, unit)}, and {share:.0%} of the rare words come back in '
        f"theirs; `on` from {LEAST_DOCUMENTS}, and {LEAST:.0%})"
    )
    return replace(config, model=replace(config.model, document=chosen))


def recurrence(sentences: Sequence[Sequence[str]], documents: Indices) -> float:
    """Return the share of rare words that come back in their document; see the module.

    Parameters
    ----------
    sentences
        Tokens of each sentence.
    documents
        First sentence of each document, and the number of sentences at the end, (documents + 1,).
    """
    numbers: dict[str, int] = {}
    words = np.array([numbers.setdefault(token.lower(), len(numbers)) for token in chain.from_iterable(sentences)])
    counts = np.bincount(words)
    rare = ((counts > 1) & (counts <= max(2, RARE * len(words))))[words]
    sentence = np.repeat(np.arange(len(sentences)), list(map(len, sentences)))
    document = np.repeat(np.arange(len(documents) - 1), np.diff(documents))
    pairs = np.unique(sentence[rare] * len(counts) + words[rare])  # each word once per sentence
    in_sentence, word = np.divmod(pairs, len(counts))
    _, mentions = np.unique(document[in_sentence] * len(counts) + word, return_counts=True)
    return float(mentions[mentions > 1].sum() / max(1, len(pairs)))


def document_edges(config: Config, sentences: Sequence[Sequence[str]], document_starts: Sequence[int]) -> Indices:
    """Return the first sentence of each document or stretch, and the number of sentences at the end."""
    return stretch_edges(list(map(len, sentences)), document_starts, config.model.stretch)
