"""The loss of logits as a graph of gates, sentence by sentence and word by word.

    by word         J = 1/N sum_n w_n (log sum_k exp z_nk - sum_k q_nk z_nk)             of known words
                      + 1/N sum_n w_n (log sum_k exp z_nk - log sum_k in Q exp z_nk)     of those of a set Q
    by sentence     J = 1/N sum over sentences of w (log Z - target)

log Z is computed in log space. The target is the score of what is known (`network.chain.sentence_loss`):

    a_1 = start + z_1                        a_t[j] = log sum_i exp(a_t-1[i] + transition[i, j]) + z_t[j]
    log Z = log sum_k exp(a_T[k] + end[k])

log Z_known is the log Z of logits that are -inf for the tags that contradict what is known of a word. The expected
entity ratio of a sentence is computed from left to right, so that its gradient needs no recursion from right to left:

    F_1 = v_1     F_t[j] = v_t[j] + sum_i softmax_i(a_t-1[i] + transition[i, j]) F_t-1[i]
    E f = sum_k softmax_k(a_T[k] + end[k]) F_T[k]
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

import numpy as np

from windowner.arrays import Array, Bools, Indices
from windowner.graph.nodes import Node, source
from windowner.inputs.batches import Batch
from windowner.inputs.labels import NO_TAG, EntityRatio, SoftLabels

Scores = Mapping[str, Node]
"""The scores of the chain, by name. Empty without a chain."""


def label_loss(z: Node, y: Node, batch: Batch, chain: Scores, agrees: Bools) -> Node:
    """Return the loss of logits z, (N, K), given what is known of the tags. `agrees` is that of `agreeing_tags`."""
    if chain:
        losses = [_sentence_loss(z, y.value, words, batch.soft, chain, agrees) for words in _sentences(batch)]
        return sum(losses[1:], losses[0]) / float(len(batch))
    if batch.soft is None and (y.value >= 0).all():
        return z.cross_entropy(y)
    known, unsure = np.flatnonzero(y.value >= 0), np.flatnonzero(y.value < 0)
    w = np.ones(len(batch)) if batch.soft is None else batch.soft.weights.astype(np.float64)
    J = source(0.0)
    if len(known):
        q = (agrees[y.value[known]] if batch.soft is None else batch.soft.shares[known]).astype(np.float64)
        logits = z.gather(known)
        J = J + ((logits.logsumexp(axis=1) - (logits * q).sum(axis=1)) * w[known]).sum()
    if len(unsure):
        logits = z.gather(unsure)
        within = logits + _log(agrees[y.value[unsure]])
        J = J + ((logits.logsumexp(axis=1) - within.logsumexp(axis=1)) * w[unsure]).sum()
    return J / float(len(batch))


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


def _sentence_loss(z: Node, y: Array, words: Indices, soft: SoftLabels | None, chain: Scores, agrees: Bools) -> Node:
    """Return w (log Z - target) of one sentence."""
    if (y[words] < 0).any():
        target = _log_Z(z, words, chain, _log(agrees[y[words]]))
    else:
        target = _known_score(z, y, words, soft, chain)
    loss = _log_Z(z, words, chain) - target
    return loss if soft is None else loss * float(soft.weights[words[0]])


def _known_score(z: Node, y: Array, words: Indices, soft: SoftLabels | None, chain: Scores) -> Node:
    """Return the target of a sentence whose tags are known: s(y), or with soft labels the mean of s under q."""
    K = len(chain["start"].value)
    if soft is None:
        q = np.eye(K)[y[words]]
        return z.reshape(shape=(-1,)).gather(words * K + y[words]).sum() + _chain_score(q, chain)
    q = soft.shares[words].astype(np.float64)
    return (z.gather(words) * q).sum() + _chain_score(q, chain)


def _log(agrees: Bools) -> Array:
    """Return 0 for tags that agree with what is known, and -inf for others."""
    return np.where(agrees, 0.0, -np.inf)


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
