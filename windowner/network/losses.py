"""The word-level loss: the mean cross-entropy of the softmax over the N windows of a batch.

    p_nk = exp(z_nk) / sum_k' exp(z_nk')            (N, K)
    J    = -1/N sum_n log p_n,y_n                   a number
    dz   = dJ/dz = (p - onehot(y)) / N              (N, K)

The gradient follows from log p_y = z_y - log sum_k' exp(z_k'), whose derivative is d log p_y / dz_k = [k = y] - p_k.
The largest logit of each row is subtracted first. This leaves p as it is, and exp cannot overflow.
"""

import numpy as np

from windowner.arrays import Array, Ids


def cross_entropy(z: Array, y: Ids) -> tuple[float, Array]:
    """Return the loss J and its gradient dz, (N, K), for logits z, (N, K), and tags y, (N,)."""
    N = len(y)
    zT = np.ascontiguousarray(z.T)  # (K, N). K is small, so numpy's loops run along N
    zT = zT - np.maximum.reduce(zT)  # over the tags
    dzT = np.exp(zT)
    total = np.add.reduce(dzT)
    dzT /= total  # this is p
    correct = np.arange(N) + N * y  # the places of y in a flat (K, N); each occurs once, so no index is repeated
    J = np.add.reduce(np.log(total) - zT.reshape(-1).take(correct)) / N
    dzT.reshape(-1)[correct] -= 1
    dzT /= N
    return float(J), dzT.T
