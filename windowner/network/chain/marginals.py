"""Probabilities of tags and of spans of tags, where a tag sequence y has the probability exp s(y) / Z.

    P(y_t = i)                = a_t[i] b_t[i] / sum_k a_t[k] b_t[k]              a marginal
    P(y_t+1 = j | y_t = i)    = A[i, j] e_t+1[j] b_t+1[j] / b_t[i]               a conditional
    P(y_s ... y_e)            = P(y_s) P(y_s+1 | y_s) ... P(y_e | y_e-1)         a span of words s to e

`messages` defines a, b, e and A. The last formula is exact: given its left neighbour, a tag does not depend on the tags
further left.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from windowner.arrays import Array, Indices, distinct
from windowner.inputs.encoding import ranges
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain

CHUNK = 70_000
"""Logits per chunk, about. Chunks hold whole sentences. Their messages are in the processor's cache.

A chunk has at least K words, so that the K x K numbers that each chunk computes are few beside its messages.
"""


def marginals(z: Array, offsets: Indices, chain: Chain) -> Array:
    """Return P(y_t = k) of every word t and tag k, (N, K), in the precision of the logits.

    Parameters
    ----------
    z
        Logits, (N, K).
    offsets
        First word of each sentence, and N at the end, (sentences + 1,).
    chain
        Scores of neighbouring tags. If all are 0, the marginals are the softmax of the logits.
    """
    marginals = np.empty_like(z)
    ones = np.ones(z.shape[1])
    for first, last in _chunks(offsets, z.shape[1]):
        words = slice(offsets[first], offsets[last])
        steps = Steps.from_offsets(offsets[first : last + 1] - offsets[first])
        messages = send_messages(steps.in_order(z[words]), steps, chain)
        p = np.multiply(messages.a, messages.b, out=messages.a)
        p /= (p @ ones)[:, None]
        marginals[words] = steps.in_text(p.astype(z.dtype, copy=False))
    return marginals


def log_marginals(z: Array, offsets: Indices, chain: Chain) -> Array:
    """Return the logarithms of `marginals`, (N, K), computed in float64.

    A probability below the smallest normal float64 is replaced by this number.
    """
    return log_probabilities(marginals(z.astype(np.float64), offsets, chain)).astype(z.dtype)


def log_probabilities(p: Array) -> Array:
    """Return log p in float64. A p below the smallest normal number of its precision is replaced by this number."""
    log_p: Array = np.log(np.maximum(p, np.finfo(p.dtype).tiny), dtype=np.float64)
    return log_p


def span_probabilities(
    z: Array, tags: Indices, spans: tuple[Indices, Indices], offsets: Indices, chain: Chain
) -> Array:
    """Return the joint probability of all tags of each span of words, (spans,).

    Parameters
    ----------
    z
        Logits, (N, K).
    tags
        Tag number of each word, (N,).
    spans
        First word of each span, and the word behind its last one. Spans are in the order of their first words. None
        reaches into another sentence.
    offsets
        First word of each sentence, and N at the end, (sentences + 1,).
    chain
        Scores of neighbouring tags.
    """
    starts, ends = spans
    p = np.empty(len(starts))
    sentences = distinct(np.searchsorted(offsets, starts, side="right") - 1)  # the others need no messages
    lengths = offsets[sentences + 1] - offsets[sentences]
    for first, last in _chunks(np.concatenate([[0], np.cumsum(lengths)]), z.shape[1]):
        steps = Steps.from_sentences(offsets[sentences[first:last]], lengths[first:last])
        edges = offsets[sentences[first]], offsets[sentences[last - 1] + 1]
        chosen = slice(*np.searchsorted(starts, edges))
        p[chosen] = _chunk_probabilities(z, tags, (starts[chosen], ends[chosen]), steps, chain)
    return p


def _chunks(offsets: Indices, K: int) -> Iterator[tuple[int, int]]:
    """Yield chunks of whole sentences: the first sentence, and the one behind the last."""
    words = max(CHUNK // K, K)
    starts = np.searchsorted(offsets, np.arange(0, offsets[-1], words))
    return pairwise(distinct(np.array([0, *starts, len(offsets) - 1])).tolist())


def _chunk_probabilities(z: Array, tags: Indices, spans: tuple[Indices, Indices], steps: Steps, chain: Chain) -> Array:
    """Return the probabilities of the spans in these sentences."""
    starts, ends = spans
    messages = send_messages(steps.in_order(z), steps, chain)
    origin = steps.words.min()
    places = np.empty(steps.words.max() + 1 - origin, dtype=np.intp)
    places[steps.words - origin] = np.arange(len(steps.words))
    first = places[starts - origin]
    p = _shares(messages.a[first] * messages.b[first], tags[starts])
    right = ranges(starts + 1, ends - starts - 1)  # the words of the spans that have a left neighbour there
    eb = messages.eb[places[right - origin] - steps.sentences]
    conditional = _shares(messages.A[tags[right - 1]] * eb, tags[right])
    owners = np.repeat(np.arange(len(starts)), ends - starts - 1)
    with np.errstate(divide="ignore"):  # a probability may be 0 in float64
        p *= np.exp(np.bincount(owners, np.log(conditional), minlength=len(starts)))
    return p


def _shares(weights: Array, tags: Indices) -> Array:
    """Return each row's weight of its tag, divided by the row's sum."""
    shares: Array = weights[np.arange(len(tags)), tags] / weights.sum(axis=1)
    return shares
