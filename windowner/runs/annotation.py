"""What of the labelled text is annotated, and what is expected of the rest.

A word may have no annotation: its tag says so, or `data.unlabelled_as` does for all words outside of entities. Training
text may have such words. Dev and test must say somewhere what is no entity. Otherwise a tagger that calls every word an
entity would have a perfect score.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from windowner.arrays import Ids
from windowner.errors import DataError
from windowner.inputs.labels import NO_TAG, EntityRatio
from windowner.tagger.model import Model
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.sentence import Corpus
from windowner.text.spans import NO_TYPE, encode_tags
from windowner.text.wording import count_of
from windowner.training.observer import Observer

MARGIN = 0.05
"""Largest distance from the expected ratio that costs nothing, as a share of this ratio."""

STRENGTH = 1.0
"""Weight of a distance from the expected ratio in the loss."""


def annotated_as(name: str, corpus: Corpus, unlabelled_as: str) -> Corpus:
    """Return the text of a split. In train, words outside of entities are what `data.unlabelled_as` says."""
    return forget_outside(corpus) if name == "train" and unlabelled_as == "unknown" else corpus


def forget_outside(corpus: Corpus) -> Corpus:
    """Return a corpus whose words outside of entities are not annotated. Tag probabilities stay as they are."""
    sentences = [
        sentence._replace(tags=[NOT_ANNOTATED if tag == "O" else tag for tag in sentence.tags or []])
        if sentence.probabilities is None
        else sentence
        for sentence in corpus.sentences
    ]
    return replace(corpus, sentences=sentences)


def says_outside(corpus: Corpus) -> bool:
    """Return whether any word is annotated as O."""
    return any("O" in tags for tags in corpus.tags)


def find_prior(model: Model, corpora: Mapping[str, Corpus], tags: Ids | None, observer: Observer) -> EntityRatio | None:
    """Return what is expected of the training words that are not annotated; None if nothing is.

    Parameters
    ----------
    model
        Knows the config and the tags.
    corpora
        The labelled text: train and dev.
    tags
        Tag number of each training word, (T,).
    observer
        Hears of the prior.

    Raises
    ------
    DataError
        If no training word is O, and nothing is expected.
    """
    train, dev = corpora["train"], corpora["dev"]
    untagged = 0 if tags is None else int(np.count_nonzero(tags == NO_TAG))
    expected = model.config.data.entity_ratio
    if tags is None or not untagged:
        if expected not in ("auto", "off"):
            observer.note("data.entity_ratio has no effect, because every training word is annotated")
        return None
    if expected == "auto":
        guessed = model.config.data.unlabelled_as == "unknown" or not says_outside(train)
        expected = entity_share(dev) if guessed else "off"
    said = f"{count_of(untagged, 'training word')} of {len(tags):,} are not annotated"
    if expected == "off":
        if not says_outside(train):
            raise DataError(
                f"{train.path}: {said} and none is O, expected words that are no entity, or a prior; leave "
                'data.entity_ratio at "auto"'
            )
        observer.note(said)
        return None
    outside = model.tags.names.index("O")
    known = int(np.count_nonzero((tags >= 0) & (tags != outside)))
    ratio = min(1.0, max(0.0, (expected * len(tags) - known) / untagged))
    observer.note(f"{said}; {ratio:.1%} of them are expected to be part of entities ({expected:.1%} of all words)")
    return EntityRatio(outside, ratio, MARGIN * ratio, STRENGTH)


def entity_share(corpus: Corpus) -> float:
    """Return the share of entity words among the annotated words."""
    encoded = encode_tags(corpus.tags)
    annotated = ~encoded.not_annotated
    return float(np.mean(encoded.type_ids[annotated] != NO_TYPE)) if annotated.any() else 0.0
