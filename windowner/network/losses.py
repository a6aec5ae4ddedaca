"""The word-level loss: the mean cross-entropy of the softmax over the N windows of a batch.

    p_nk = exp(z_nk) / sum_k' exp(z_nk')            (N, K)
    J    = -1/N sum_n w_n sum_k q_nk log p_nk       a number
    dz   = dJ/dz = w_n (p - q) / N                  (N, K)

q_nk is 1 for the tag of window n and 0 for the others. With soft labels, q_n holds their probabilities. w_n is the
weight of the sentence, 1 by default. Of a window whose tag is one of a set Q, the probability of Q counts:

    J_n  = w_n (log sum_k exp(z_nk) - log sum_k in Q exp(z_nk)) / N
    dz   = w_n (p - p given Q) / N                  p given Q is p / (sum of p over Q) in Q, and else 0

If Q holds all tags, the word is not annotated: its loss and its gradient are 0.

The gradient follows from log p_k = z_k - log sum_k' exp(z_k'). Its derivative is d log p_k / dz_j = [j = k] - p_j, and
sum_k q_k = 1. The largest logit of each row is subtracted first. This leaves p as it is, and exp cannot
overflow.
"""

import numpy as np

from windowner.arrays import Array, Bools, Ids
from windowner.inputs.labels import NO_TAG, SoftLabels, agreeing_tags


def cross_entropy(z: Array, y: Ids, soft: SoftLabels | None = None, sets: Bools | None = None) -> tuple[float, Array]:
    """Return the loss J and its gradient dz, (N, K).

    Parameters
    ----------
    z
        Logits, (N, K).
    y
        Tag numbers, (N,), below 0 where a word's tag is not known.
    soft
        Probabilities of tags, and weights of sentences. None if each known tag is sure and each weight is 1.
    sets
        The sets of tags that numbers below 0 stand for (`inputs.labels`). None if they stand for no annotation.
    """
    N = len(y)
    zT = np.ascontiguousarray(z.T)  # (K, N). K is small, so numpy's loops run along N
    zT = zT - np.maximum.reduce(zT)  # over the tags
    p = np.exp(zT)
    total = np.add.reduce(p)
    p /= total
    if soft is None:
        # The places of y in a flat (K, N). Each occurs once, so no index is repeated. Windows whose tag is not known
        # are written anew below.
        correct = np.arange(N) + N * np.maximum(y, 0)
        losses = np.log(total) - zT.reshape(-1).take(correct)
        dzT = p.copy()
        dzT.reshape(-1)[correct] -= 1
    else:
        qT = soft.shares.T
        losses = (np.log(total) - np.add.reduce(qT * zT)) * soft.weights
        dzT = (p - qT) * soft.weights
    if y.min(initial=0) < 0:
        untagged, unsure = np.flatnonzero(y == NO_TAG), np.flatnonzero(y < NO_TAG)
        losses[untagged], dzT[:, untagged] = 0, 0
        weights = 1 if soft is None else soft.weights[unsure]
        log_share, given = _within(zT[:, unsure], agreeing_tags(len(zT), sets)[y[unsure]].T)
        losses[unsure] = (np.log(total[unsure]) - log_share) * weights
        dzT[:, unsure] = (p[:, unsure] - given) * weights
    dzT /= N
    return float(np.add.reduce(losses) / N), dzT.T


def _within(zT: Array, agrees: Bools) -> tuple[Array, Array]:
    """Return log sum_k in Q exp(z_nk), (M,), and the softmax within Q, (K, M), of M windows with logits zT, (K, M)."""
    zT = np.where(agrees, zT, zT.dtype.type(-np.inf))
    largest = np.maximum.reduce(zT)
    e = np.exp(zT - largest)
    total = np.add.reduce(e)
    return np.log(total) + largest, e / total
