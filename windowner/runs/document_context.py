"""Whether a network reads documents, and where the documents of labelled text begin."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from windowner.arrays import Indices
from windowner.config.config import Config
from windowner.text.sentence import Corpus
from windowner.text.stretches import stretch_edges
from windowner.text.wording import count_of
from windowner.training.observer import Observer

LEAST = 10
"""Documents of several sentences that training text must mark, so that `model.document = "auto"` is `on`."""


def choose_documents(config: Config, train: Corpus, observer: Observer) -> Config:
    """Return the config with `model.document = "auto"` resolved by the documents that are marked, and report why."""
    if config.model.document != "auto":
        return config
    edges = np.array([*train.document_starts, len(train.sentences)])
    long = int((np.diff(edges) > 1).sum())
    chosen: Literal["on", "off"] = "on" if long >= LEAST else "off"
    marked = count_of(long, "document") + " of several sentences" if long else "no document of several sentences"
    observer.note(f'model.document = "auto": {chosen} ({marked} marked in train)')
    return replace(config, model=replace(config.model, document=chosen))


def document_edges(config: Config, sentences: Sequence[Sequence[str]], document_starts: Sequence[int]) -> Indices:
    """Return the first sentence of each document or stretch, and the number of sentences at the end."""
    return stretch_edges(list(map(len, sentences)), document_starts, config.model.stretch)
