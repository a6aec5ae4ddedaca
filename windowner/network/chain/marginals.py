"""Probabilities of tags and of spans of tags, where a tag sequence y has the probability exp s(y) / Z.

    P(y_t = i)                = a_t[i] b_t[i] / sum_k a_t[k] b_t[k]              a marginal
    P(y_t+1 = j | y_t = i)    = A[i, j] e_t+1[j] b_t+1[j] / b_t[i]               a conditional
    P(y_s ... y_e)            = P(y_s) P(y_s+1 | y_s) ... P(y_e | y_e-1)         a span of words s to e

`messages` defines a, b, e and A. The last formula is exact: given its left neighbour, a tag does not depend on the tags
further left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain
from windowner.network.chain.sentence_loss import neighbours

CHUNK_WORDS = 8192
"""Words per chunk, about. Chunks hold whole sentences, and bound the memory."""


@dataclass(frozen=True)
class TagProbabilities:
    """Logarithms of the probabilities of chosen tags, (N,) each.

    Parameters
    ----------
    marginal
        log P(y_t).
    conditional
        log P(y_t | y_t-1). For the first word of a sentence it is log P(y_t).
    """

    marginal: Array
    conditional: Array

    def span_probabilities(self, starts: Indices, ends: Indices) -> Array:
        """Return the joint probability of all tags of each span of words, from `starts` to `ends` (exclusive)."""
        # The floor avoids minus infinity, whose differences would be NaN. exp(-1000) is 0 too.
        sums = np.concatenate([[0.0], np.cumsum(np.maximum(self.conditional, -1e3, dtype=np.float64))])
        p: Array = np.exp(self.marginal[starts] + (sums[ends] - sums[starts + 1]))
        return p


def tag_probabilities(z: Array, tags: Indices, offsets: Indices, chain: Chain) -> TagProbabilities:
    """Return the probabilities of chosen tags.

    Parameters
    ----------
    z
        Logits, (N, K).
    tags
        Tag number of each word, (N,).
    offsets
        First word of each sentence, and N at the end, (sentences + 1,).
    chain
        Scores of neighbouring tags. If all are 0, the marginals are the softmax of the logits.
    """
    marginal, conditional = np.empty(len(tags)), np.empty(len(tags))
    for words, chunk_offsets in _chunks(offsets):
        marginal[words], conditional[words] = _chunk_probabilities(z[words], tags[words], chunk_offsets, chain)
    return TagProbabilities(marginal, conditional)


def log_marginals(z: Array, offsets: Indices, chain: Chain) -> Array:
    """Return log P(y_t = k) of every word t and tag k, (N, K), in the precision of the logits z, (N, K).

    A probability below the smallest normal float64 is replaced by this number.
    """
    log_p = np.empty_like(z)
    for words, chunk_offsets in _chunks(offsets):
        messages = send_messages(z[words], Steps.from_offsets(chunk_offsets), chain)
        p = messages.a * messages.b
        p /= (p @ np.ones(p.shape[1]))[:, None]
        log_p[words] = np.log(np.maximum(p, np.finfo(np.float64).tiny))
    return log_p


def _chunks(offsets: Indices) -> Iterator[tuple[slice, Indices]]:
    """Yield chunks of whole sentences: the words of each chunk, and the offsets of its sentences."""
    starts = np.searchsorted(offsets, np.arange(0, offsets[-1], CHUNK_WORDS))
    edges = np.unique([0, *starts, len(offsets) - 1])
    for first, last in pairwise(edges):
        yield slice(offsets[first], offsets[last]), offsets[first : last + 1] - offsets[first]


def _chunk_probabilities(z: Array, tags: Indices, offsets: Indices, chain: Chain) -> tuple[Array, Array]:
    """Return the log marginals and log conditionals of the tags of one chunk."""
    steps = Steps.from_offsets(offsets)
    messages = send_messages(z, steps, chain)
    weights = messages.a * messages.b
    left, right = neighbours(steps, len(tags))
    next_weights = messages.A[tags[left]] * messages.eb[right]  # of every tag of the right word, given the left tag
    with np.errstate(divide="ignore"):  # a probability may be 0 in float64
        marginal = np.log(weights[np.arange(len(tags)), tags] / weights.sum(axis=1))
        conditional = marginal.copy()
        conditional[right] = np.log(next_weights[np.arange(len(right)), tags[right]] / next_weights.sum(axis=1))
    return marginal, conditional
