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
    z = np.asfortranarray(z)  # K is small. Numpy's loops then run along N, here and in the arrays made from z
    shifted = z - z.max(axis=1, keepdims=True)
    dz = np.exp(shifted)
    total = dz.sum(axis=1, keepdims=True)
    dz /= total  # this is p
    log_total = np.log(total[:, 0])
    rows = np.arange(len(y))
    J = float((log_total - shifted[rows, y]).mean())
    dz[rows, y] -= 1  # each row occurs once, so no index is repeated
    dz /= len(y)
    return J, dz
