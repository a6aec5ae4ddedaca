"""Mean cross-entropy of the softmax, over the N windows of a batch.

    p_nk = exp(z_nk) / sum_k' exp(z_nk')            (N, K)
    J    = -1/N sum_n log p_n,y_n
    dz   = dJ/dz = (p - onehot(y)) / N              (N, K)

since d log p_y / dz_k = [k = y] - p_k. The largest logit of a row is subtracted first: p stays the same, and exp
cannot overflow.
"""

import numpy as np

from windowner.arrays import Array, Ids


def cross_entropy(z: Array, y: Ids) -> tuple[float, Array]:
    """Return the loss J of logits z, (N, K), against tags y, (N,), and dz, (N, K)."""
    z = np.asfortranarray(z)  # K is small: numpy's loops then run along N, and what follows keeps the order
    shifted = z - z.max(axis=1, keepdims=True)
    dz = np.exp(shifted)
    total = dz.sum(axis=1, keepdims=True)
    dz /= total  # p, so far
    log_total = np.log(total[:, 0])
    rows = np.arange(len(y))
    J = float((log_total - shifted[rows, y]).mean())
    dz[rows, y] -= 1  # every row once: no index is repeated
    dz /= len(y)
    return J, dz
