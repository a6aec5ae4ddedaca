"""Decoding: from logits to the best legal tag sequence of each sentence.

A sequence is legal if its start, its transitions and its end are allowed by the scheme of the tags. There are two ways
to choose among the legal sequences y of a sentence of T words:

    viterbi      argmax_y  start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]
    posterior    argmax_y  sum_t log P(y_t)

Viterbi decoding takes the sequence with the best score. Without a chain, start, transition and end are 0. Logits may be
used in place of log p, because they differ by a constant for each word. Without a chain, a sentence needs no search if
the best tags of its words are a legal sequence.

Posterior decoding needs a chain. P(y_t) is the marginal among all legal sequences (`marginals`). So all sequences that
contain a tag decide about it, and not the best sequence alone. The search has log P in the place of z, and no chain.

In both cases a threshold in nats is subtracted from the scores of O, which are z or log P (`runs.threshold`). Dividing
P of O by exp(threshold) is the same. So logarithms are taken for the sentences alone that need a search. There the sums
are in float64, because a sentence may have tens of thousands of words.

The search is the Viterbi algorithm. s_t[j] is the best score of a path that ends in tag j at word t:

    s_1[j] = start[j] + z_1[j]          s_t[j] = z_t[j] + max_i (s_t-1[i] + transition[i, j])
    y_T    = argmax_j (s_T[j] + end[j])      y_t-1 = argmax_i (s_t-1[i] + transition[i, y_t])

Sources: Viterbi, IEEE Transactions on Information Theory 13, 1967; for posterior decoding Durbin, Eddy, Krogh and
Mitchison, "Biological sequence analysis", 1998, section 3.2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array, Bools, Indices, distinct
from windowner.network.chain.marginals import log_probabilities, marginals
from windowner.network.chain.messages import Steps
from windowner.network.chain.scores import Chain
from windowner.text.legal import LegalTransitions

PATHS = 250_000
"""Paths per block of the search, about, which bounds its memory."""

BARRIER = -30.0
"""Added to the score of an illegal start, transition or end. exp(-30) is about 1e-13."""


@dataclass(frozen=True)
class Decoder:
    """A function from logits to tags.

    Parameters
    ----------
    legality
        The tag sequences that are legal.
    chain
        Learned scores of neighbouring tags. None with the word-level loss.
    posterior
        Whether to use posterior decoding if there is a chain.
    outside
        Number of the tag O.
    threshold
        Subtracted from O's score before decoding, in nats. Positive means more entities.
    """

    legality: LegalTransitions
    chain: Chain | None = None
    posterior: bool = True
    outside: int = 0
    threshold: float = 0.0

    def __call__(self, z: Array, offsets: Indices) -> Indices:
        """Return the tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
        return next(self.with_thresholds(z, offsets, [self.threshold]))

    def with_thresholds(self, z: Array, offsets: Indices, thresholds: Iterable[float]) -> Iterator[Indices]:
        """Yield the tags for each of several thresholds."""
        if not self.posterior or self.chain is None:
            for threshold in thresholds:
                yield decode(self.subtract_threshold(z, threshold), offsets, self.legality, self.chain)
            return
        p = marginals(z, offsets, self.legal_chain())
        of_outside = p[:, self.outside].copy()
        for threshold in thresholds:
            np.multiply(of_outside, np.exp(-threshold), out=p[:, self.outside])
            yield decode_marginals(p, offsets, self.legality)

    def subtract_threshold(self, z: Array, threshold: float | None = None) -> Array:
        """Return scores z, (N, K), with a threshold subtracted from the scores of O. It defaults to the decoder's."""
        threshold = self.threshold if threshold is None else threshold
        if threshold:
            z = z.copy()
            z[:, self.outside] -= threshold
        return z

    def legal_chain(self, temperature: float = 1.0) -> Chain:
        """Return the chain divided by a temperature, with `BARRIER` added where a sequence is illegal."""
        return legal_chain(self.legality, self.chain, temperature)


def decode(z: Array, offsets: Indices, legality: LegalTransitions, chain: Chain | None = None) -> Indices:
    """Return the tags of the best legal sequences, (N,), for logits z, (N, K), of sentences at `offsets`."""
    tags: Indices = z.argmax(axis=1)
    sentences = illegal_sentences(tags, offsets, legality) if chain is None else np.flatnonzero(np.diff(offsets))
    if len(sentences):
        steps = Steps.from_sentences(offsets[sentences], np.diff(offsets)[sentences])
        tags[steps.words] = viterbi(steps.in_order(z), steps.sizes, legal_scores(legality, z.dtype, chain))
    return tags


def decode_marginals(p: Array, offsets: Indices, legality: LegalTransitions, allowed: Bools | None = None) -> Indices:
    """Return the tags of the legal sequences with the largest product of p, (N, K): those of `decode` for log p.

    p is 0 where `allowed`, (N, K), rules a tag out (`constraints`).
    """
    tags: Indices = p.argmax(axis=1)
    sentences = illegal_sentences(tags, offsets, legality)
    if len(sentences):
        steps = Steps.from_sentences(offsets[sentences], np.diff(offsets)[sentences])
        log_p = log_probabilities(steps.in_order(p))
        if allowed is not None:
            log_p[~steps.in_order(allowed)] = -np.inf  # not the small number that stands in for log 0
        tags[steps.words] = viterbi(log_p, steps.sizes, legal_scores(legality, log_p.dtype))
    return tags


def legal_scores(
    legality: LegalTransitions, dtype: DTypeLike, chain: Chain | None = None, barrier: float = -np.inf
) -> Chain:
    """Return the scores of a chain (0 without one), with `barrier` added where a sequence is illegal."""
    start, transition, end = (np.where(legal, 0, barrier).astype(dtype) for legal in legality)
    scores = Chain(transition, start, end)
    return scores if chain is None else chain.plus(scores)


def legal_chain(legality: LegalTransitions, chain: Chain | None, temperature: float = 1.0) -> Chain:
    """Return a chain divided by a temperature, with `BARRIER` added where a sequence is illegal.

    Minus infinity would make the range of the scores infinite, which `messages` does not allow. Without a chain all
    legal scores are 0. If every sequence is legal too, the marginals are the softmax of the logits.
    """
    scaled = None if chain is None else chain.scaled(1 / temperature)
    return legal_scores(legality, np.float64, scaled, BARRIER)


def illegal_sentences(tags: Indices, offsets: Indices, legality: LegalTransitions) -> Indices:
    """Return the numbers of the sentences whose tag sequences are illegal."""
    filled = np.flatnonzero(np.diff(offsets))
    first, last = offsets[filled], offsets[filled + 1] - 1
    wrong = np.zeros(len(tags), dtype=bool)
    wrong[1:] = ~legality.transition[tags[:-1], tags[1:]]
    wrong[first] = ~legality.start[tags[first]]
    wrong[last] |= ~legality.end[tags[last]]
    return distinct(np.searchsorted(offsets, np.flatnonzero(wrong), side="right") - 1)


def viterbi(z: Array, sizes: list[int], chain: Chain) -> Indices:
    """Return the tags of the best sequences, (N,), for words in the order of `Steps`.

    All sentences take a step together. Sentences are the last axis, so that the sums and maxima of a step run along
    numbers that lie side by side in memory.

    Parameters
    ----------
    z
        Logits, (N, K), of all first words, then of all second words, and so on. The longest sentence comes first.
    sizes
        Number of sentences that have a word t, for each step t.
    chain
        Scores of neighbouring tags. They are minus infinity where a sequence is illegal.
    """
    starts = np.cumsum([0, *sizes]).tolist()
    s = np.array(z.T, order="C")  # (K, N), which becomes s_t[j]
    s[:, : sizes[0]] += chain.start[:, None]
    for t in range(1, len(sizes)):
        before = s[:, starts[t - 1] : starts[t - 1] + sizes[t]]
        s[:, starts[t] : starts[t + 1]] += _best_paths(before, chain.transition)
    return _trace_back(np.ascontiguousarray(s.T), sizes, starts, chain)


def _best_paths(s: Array, transition: Array) -> Array:
    """Return the best score of a path to each tag, (K, sentences), from scores s of the tags before, (K, sentences)."""
    K, sentences = s.shape
    size = max(1, PATHS // (K * sentences))
    blocks = (slice(first, first + size) for first in range(0, K, size))
    best = ((s[tags, None] + transition[tags, :, None]).max(axis=0) for tags in blocks)  # (from, to, sentences)
    return reduce(np.maximum, best)


def _trace_back(s: Array, sizes: list[int], starts: list[int], chain: Chain) -> Indices:
    """Return the tags of the best paths, given s_t[j], (N, K)."""
    sentences = np.arange(sizes[0])
    last = np.searchsorted(-np.array(sizes), -sentences) - 1  # step of each sentence's last word
    best = (s[np.array(starts)[last] + sentences] + chain.end).argmax(axis=1)
    transition_to = np.ascontiguousarray(chain.transition.T)  # (to, from)
    tags = np.empty(len(s), dtype=np.intp)
    for t in range(len(sizes) - 1, 0, -1):
        n = sizes[t]
        tags[starts[t] : starts[t + 1]] = best[:n]
        best[:n] = (s[starts[t - 1] : starts[t - 1] + n] + transition_to[best[:n]]).argmax(axis=1)
    tags[: sizes[0]] = best
    return tags
