"""What words mean at a place: how much each word of a corpus, standing there, raises a type on average.

    share of a word = mean over its occurrences at position c of  P[word, c] . (s * u)         (see `network.shares`)
    u               = U[:, k] - U[:, O]                                                        (H,)

In each window k is the tag of the type with the largest logit. For words before the center, only tags that may follow O
count: the entity begins with the center word. For words after it, only tags that O may follow count.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.forms import Forms
from windowner.inputs.gazetteer import split_mark
from windowner.inputs.mentions import ALONE, in_documents
from windowner.network.model import WindowNetwork
from windowner.network.projections import Projections
from windowner.network.shares import position_shares
from windowner.tagger.explained_word import precise
from windowner.tagger.model import Model

WINDOWS = 2048
"""Windows per step."""


class ContextWord(NamedTuple):
    """A word, the mean of its shares in nats, and how often it stands at the position. "" is the edge of a sentence."""

    word: str
    nats: float
    occurrences: int


def context_words(
    model: Model, sentences: Sequence[Sequence[str]], position: int, entity_type: str, documents: Indices | None = None
) -> list[ContextWord]:
    """Return the words of a corpus at a position, the one that raises the type most first.

    Parameters
    ----------
    model
        The model.
    sentences
        The tokens of each sentence.
    position
        The position in the window: 0 is the center word, -1 the word before it.
    entity_type
        The entity type.
    documents
        First sentence of each document, and the number of sentences at the end. None if each sentence comes alone.

    Raises
    ------
    ValueError
        If no window has this position, or the type is unknown.
    """
    radius, types = model.network.radius, model.tags.types
    if abs(position) > radius:
        raise ValueError(f"position is {position}, expected a number from {-radius} to {radius}")
    if entity_type not in types:
        raise ValueError(f"the type {entity_type!r} is unknown, expected one of {', '.join(types)}")
    forms = Forms(model.encoder)
    text = encode(sentences, forms, radius)
    if documents is not None and model.reads_documents:
        text = in_documents(text, forms, documents)
    shares = _shares(
        precise(model.network), text, forms.F, position, _tags(model, entity_type, position), model.decoder.outside
    )
    has_matches = model.gazetteer is not None
    written = ["", *(split_mark(form)[0] if has_matches else form for form in forms)]
    return _means(written, text.stream[text.centers + position], shares)


def _tags(model: Model, entity_type: str, position: int) -> Indices:
    """Return the tags of a type that count for words at a position."""
    between, outside = model.decoder.legality.transition, model.decoder.outside
    of_type = model.tags.type_ids == model.tags.types.index(entity_type)
    counts = of_type & (between[outside] if position < 0 else between[:, outside] if position > 0 else True)
    return np.flatnonzero(counts if counts.any() else of_type)


def _shares(network: WindowNetwork, text: EncodedText, F: Ids, position: int, tags: Indices, outside: int) -> Array:
    """Return the share of the word at the position of each window, (T,)."""
    logits = Projections(network, len(F)).logits(text, F)
    best = tags[logits[:, tags].argmax(axis=1)]
    shares = np.empty(len(text))
    for block, P, z1 in _at_position(network, text, F, network.radius + position):
        U = network.U.T
        u = U[best[block]] - U[outside]
        if network.document is not None and text.groups is not None:
            own = network.document.own.T
            is_alone = text.groups[block] == ALONE
            u = np.where(is_alone[:, None], u, own[best[block]] - own[outside])
        shares[block] = position_shares(network, P, z1, u)
    return shares


def _at_position(network: WindowNetwork, text: EncodedText, F: Ids, c: int) -> Iterator[tuple[slice, Array, Array]]:
    """Yield the places of some windows, what their words at position c add to z1, and z1, (windows, H) each."""
    distinct = Distinct(len(F))
    for first in range(0, len(text), WINDOWS):
        block = slice(first, min(first + WINDOWS, len(text)))
        batch = make_batch(text.windows(block.start, block.stop), F, distinct)
        P = network.project(network.embed(batch.F)).reshape(-1, len(network.b1))
        yield block, P[batch.S.columns[:, c]], batch.S.plus_product(network.b1, P)


def _means(written: Sequence[str], forms: Ids, shares: Array) -> list[ContextWord]:
    """Return the mean share of each word, the largest first, given the form and the share of each window."""
    words = list(dict.fromkeys(written))
    numbers = dict(zip(words, range(len(words)), strict=True))
    of_window = np.array([numbers[word] for word in written])[forms]
    counts = np.bincount(of_window, minlength=len(words))
    sums = np.bincount(of_window, shares, minlength=len(words))
    found = [
        ContextWord(word, float(total / count), int(count))
        for word, total, count in zip(words, sums, counts, strict=True)
        if count
    ]
    return sorted(found, key=lambda each: -each.nats)
