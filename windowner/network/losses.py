"""The word-level loss: the mean cross-entropy of the softmax over the N windows of a batch.

    p_nk = exp(z_nk) / sum_k' exp(z_nk')            (N, K)
    J    = -1/N sum_n w_n sum_k q_nk log p_nk       a number
    dz   = dJ/dz = w_n (p - q) / N                  (N, K)

q_n is 1 for the tag of window n and else 0, or the probabilities of soft labels. w_n is the weight of the sentence, 1
by default. A word that is not annotated has no part in the sums: its loss and its gradient are 0.

The gradient follows from log p_k = z_k - log sum_k' exp(z_k'), whose derivative is d log p_k / dz_j = [j = k] - p_j,
and from sum_k q_k = 1. The largest logit of each row is subtracted first. This leaves p as it is, and exp cannot
overflow.
"""

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.labels import NO_TAG, SoftLabels


def cross_entropy(z: Array, y: Ids, soft: SoftLabels | None = None) -> tuple[float, Array]:
    """Return the loss J and its gradient dz, (N, K).

    Parameters
    ----------
    z
        Logits, (N, K).
    y
        Tags, (N,). `NO_TAG` where a word is not annotated.
    soft
        Probabilities of tags, and weights of sentences. None if each known tag is sure and each weight is 1.
    """
    N = len(y)
    zT = np.ascontiguousarray(z.T)  # (K, N). K is small, so numpy's loops run along N
    zT = zT - np.maximum.reduce(zT)  # over the tags
    dzT = np.exp(zT)
    total = np.add.reduce(dzT)
    dzT /= total  # this is p
    untagged = np.flatnonzero(y == NO_TAG)
    if soft is None:
        # The places of y in a flat (K, N). Each occurs once, so no index is repeated. NO_TAG, -1, counts from the end:
        # it is the last tag of the same window.
        correct = np.arange(N) + N * y
        losses = np.log(total) - zT.reshape(-1).take(correct)
        dzT.reshape(-1)[correct] -= 1
    else:
        qT = soft.shares.T
        losses = (np.log(total) - np.add.reduce(qT * zT)) * soft.weights
        dzT -= qT
        dzT *= soft.weights
    losses[untagged], dzT[:, untagged] = 0, 0
    dzT /= N
    return float(np.add.reduce(losses) / N), dzT.T
