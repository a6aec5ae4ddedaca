"""The order of the training text in one epoch, for a network that reads documents.

Such a network needs several mentions of a word in one batch. It also needs sentences of many documents in one batch: a
batch of one document has one topic, and its gradient says little about other documents. So each document's sentences
are put in random order and cut into fragments of about `FRAGMENT` tokens, and the fragments of all documents are put in
random order.

    sentences     a1 a2 a3 a4 a5 | b1 b2 b3           two documents
    shuffled      a4 a1 | a3 a5 a2 | b2 b3 b1         their fragments
    an epoch      b2 b3 b1 | a4 a1 | a3 a5 a2
"""

import numpy as np

from windowner.arrays import Indices

FRAGMENT = 50
"""Tokens of a fragment, about. It consists of whole sentences."""


def fragment_order(
    rng: np.random.Generator, lengths: Indices, documents: Indices, size: int
) -> tuple[Indices, Indices]:
    """Return fragments of documents in random order: their sentences, and the edges of the fragments.

    Parameters
    ----------
    rng
        Draws the order.
    lengths
        Number of tokens of each sentence, (sentences,).
    documents
        First sentence of each document, and the number of sentences at the end, (documents + 1,).
    size
        Tokens per fragment, about.

    Returns
    -------
    tuple
        Numbers of the sentences, (sentences,), and the places in them where a fragment begins, with the end.
    """
    document = np.repeat(np.arange(len(documents) - 1), np.diff(documents))
    shuffled = np.lexsort((rng.random(len(lengths)), document))  # document by document
    ends = np.cumsum(lengths[shuffled])
    edges = np.append(0, ends)[documents]  # tokens up to each document
    tokens = np.diff(edges)
    counts = np.maximum(1, np.round(tokens / size)).astype(np.intp)  # fragments of each document
    middles = ends - lengths[shuffled] / 2 - edges[document]  # of the sentences, in tokens of their document
    fragments = (np.cumsum(counts) - counts)[document] + (middles * (counts / tokens)[document]).astype(np.intp)
    places = rng.permutation(counts.sum())[fragments]  # of each sentence's fragment in the epoch
    order = np.argsort(places, kind="stable")
    starts = np.flatnonzero(np.diff(places[order], prepend=-1))
    return shuffled[order], np.append(starts, len(order))
