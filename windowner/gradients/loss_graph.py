"""The loss of logits as a graph of gates, sentence by sentence and word by word.

    by word         J = 1/N sum_n w_n (log sum_k exp z_nk - sum_k q_nk z_nk)                 known words only
    by sentence     J = 1/N sum over sentences of w (log Z - T)

log Z is computed in log space. T is the score of what is known (`network.chain.sentence_loss`):

    a_1 = start + z_1                        a_t[j] = log sum_i exp(a_t-1[i] + transition[i, j]) + z_t[j]
    log Z = log sum_k exp(a_T[k] + end[k])

log Z_known is the log Z of logits that are -inf for the other tags of known words. The expected entity ratio of a
sentence is computed from left to right, so that its gradient needs no recursion from right to left:

    F_1 = v_1     F_t[j] = v_t[j] + sum_i softmax_i(a_t-1[i] + transition[i, j]) F_t-1[i]
    E f = sum_k softmax_k(a_T[k] + end[k]) F_T[k]
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

import numpy as np

from windowner.arrays import Array, Indices
from windowner.graph.nodes import Node, source
from windowner.inputs.batches import Batch
from windowner.inputs.labels import NO_TAG, EntityRatio, SoftLabels

Scores = Mapping[str, Node]
"""The scores of the chain, by name. Empty without a chain."""


def label_loss(z: Node, y: Node, batch: Batch, chain: Scores) -> Node:
    """Return the loss of logits z, (N, K), given what is known of the tags."""
    if chain:
        losses = [_sentence_loss(z, y.value, words, batch.soft, chain) for words in _sentences(batch)]
        return sum(losses[1:], losses[0]) / float(len(batch))
    known = np.flatnonzero(y.value != NO_TAG)
    if batch.soft is None and len(known) == len(batch):
        return z.cross_entropy(y)
    z = z.gather(known)
    if batch.soft is None:
        return z.cross_entropy(y.value[known]) * (len(known) / len(batch))
    q, w = batch.soft.shares[known].astype(np.float64), batch.soft.weights[known].astype(np.float64)
    of_words: Node = z.logsumexp(axis=1) - (z * q).sum(axis=1)
    J: Node = (of_words * w).sum() / float(len(batch))
    return J


def ratio_loss(heads: Sequence[Node], y: Array, batch: Batch, chain: Scores, prior: EntityRatio) -> Node:
    """Return the loss of the expected entity ratio. The ratio is the mean of those of all heads' logits."""
    untagged = np.flatnonzero(y == NO_TAG)
    if not len(untagged):
        return source(0.0)
    shares = []
    for z, words in product(heads, _sentences(batch)):
        v = np.where(y[words] == NO_TAG, 1 / (len(untagged) * len(heads)), 0.0)
        shares.append(_expected_share(z, words, v, prior.outside, chain))
    distance = sum(shares[1:], shares[0]) - prior.ratio
    return (distance.max(-distance) - prior.margin).max(0.0) * prior.strength


def _sentences(batch: Batch) -> list[Indices]:
    """Return the windows of each sentence that has any."""
    return [np.arange(first, last) for first, last in pairwise(batch.offsets.tolist()) if first < last]


def _sentence_loss(z: Node, y: Array, words: Indices, soft: SoftLabels | None, chain: Scores) -> Node:
    """Return w (log Z - T) of one sentence."""
    known = y[words] != NO_TAG
    loss = _log_Z(z, words, chain) - _target(z, y, words, None if soft is None or not known.all() else soft, chain)
    return loss if soft is None else loss * float(soft.weights[words[0]])


def _target(z: Node, y: Array, words: Indices, soft: SoftLabels | None, chain: Scores) -> Node:
    """Return T of one sentence: s(y), log Z_known, or with soft labels the mean of s under q."""
    K = len(chain["start"].value)
    if soft is None and (y[words] != NO_TAG).all():
        q = np.eye(K)[y[words]]
        return z.reshape(shape=(-1,)).gather(words * K + y[words]).sum() + _chain_score(q, chain)
    if soft is not None:
        q = soft.shares[words].astype(np.float64)
        return (z.gather(words) * q).sum() + _chain_score(q, chain)
    agrees = (y[words] == NO_TAG)[:, None] | (np.arange(K) == y[words][:, None])
    return _log_Z(z, words, chain, np.where(agrees, 0.0, -np.inf))


def _chain_score(q: Array, chain: Scores) -> Node:
    """Return the part of s that the chain's scores have, where the words have the tags with the probabilities q."""
    ends = (chain["start"] * q[0]).sum() + (chain["end"] * q[-1]).sum()
    score: Node = ends + (chain["transition"] * (q[:-1].T @ q[1:])).sum()
    return score


def _log_Z(z: Node, words: Indices, chain: Scores, added: Array | None = None) -> Node:
    """Return log Z of one sentence. `added` is added to its logits."""
    a = _first(z, words, chain, added)
    for t in range(1, len(words)):
        a = _paths(a, chain).logsumexp(axis=0) + _row(z, words, t, added)
    return (a + chain["end"]).logsumexp()


def _expected_share(z: Node, words: Indices, v: Array, outside: int, chain: Scores) -> Node:
    """Return E f of one sentence, where each of its words that is not O counts v."""
    if not chain:  # words are independent
        p = z.gather(words).softmax(axis=1)
        p_outside = p.transpose().gather(np.array([outside])).reshape(shape=(-1,))
        return ((1.0 - p_outside) * v).sum()
    inside = np.arange(len(chain["start"].value)) != outside
    a, F = _first(z, words, chain, None), source(v[0] * inside)
    for t in range(1, len(words)):
        paths = _paths(a, chain)
        F = (paths.softmax(axis=0) * F.reshape(shape=(-1, 1))).sum(axis=0) + v[t] * inside
        a = paths.logsumexp(axis=0) + _row(z, words, t, None)
    return ((a + chain["end"]).softmax() * F).sum()


def _first(z: Node, words: Indices, chain: Scores, added: Array | None) -> Node:
    """Return a of a sentence's first word, (K,)."""
    return chain["start"] + _row(z, words, 0, added)


def _paths(a: Node, chain: Scores) -> Node:
    """Return the log weights of going from tag i to tag j, (K, K)."""
    return a.reshape(shape=(-1, 1)) + chain["transition"]


def _row(z: Node, words: Indices, t: int, added: Array | None) -> Node:
    """Return the logits of word t, (K,)."""
    row = z.gather(words[t : t + 1]).reshape(shape=(-1,))
    return row if added is None else row + added[t]
