"""Sentence-level log-likelihood: how probable the whole tag sequence of a sentence is, among all sequences.

    J = -1/N sum over sentences of log p(y) = 1/N sum over sentences of (log Z - s(y))

    dz[t, k]           = (P(y_t = k) - [k = y_t]) / N                                    (N, K)
    dtransition[i, j]  = sum over neighbours t, t+1 of
                         (P(y_t = i and y_t+1 = j) - [i = y_t and j = y_t+1]) / N        (K, K)
    dstart[k], dend[k] = the same of a sentence's first tag, and of its last one         (K,)

with s, Z and P as `chain` defines them, since d log Z / d score is the probability of what the score is of. N counts
windows, not sentences: the mean over windows keeps J and its gradients as large as those of the word-level loss, so a
learning rate serves both; with all of the chain's scores 0 they are the same. Illegal sequences are not left out of
Z: that they never occur is learnt, and decoding forbids them anyway.

Source: Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.3.2.
"""

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain


def sentence_loss(z: Array, y: Ids, offsets: Indices, chain: Chain) -> tuple[float, Array, Chain]:
    """Return the loss J, dz and the gradient of the chain.

    Parameters
    ----------
    z
        Logits, (N, K).
    y
        Tags, (N,).
    offsets
        First window of each sentence, and N at the end.
    chain
        Scores of neighbouring tags.

    Returns
    -------
    tuple
        J; dz, (N, K), in z's precision; a `Chain` of gradients, in the chain's.
    """
    N, K = z.shape
    steps = Steps.of(offsets)
    messages = send_messages(z, steps, chain)
    p = messages.a * messages.b
    p /= p.sum(axis=1, keepdims=True)
    left, right = neighbours(steps, N)
    pairs = y[left] * K + y[right]
    score = z[np.arange(N), y].sum(dtype=np.float64) + chain.transition.reshape(-1)[pairs].sum(dtype=np.float64)
    score += chain.start[y[steps.first]].sum(dtype=np.float64) + chain.end[y[steps.last]].sum(dtype=np.float64)
    dz = p
    dz[np.arange(N), y] -= 1  # every row once: no index is repeated
    dz /= N
    a, eb = messages.a[left], messages.eb[right]
    a /= (a * messages.b[left]).sum(axis=1, keepdims=True)  # Z, in the units of a @ A @ eb
    dtransition = messages.A * (a.T @ eb)
    dtransition -= np.bincount(pairs, minlength=K * K).reshape(K, K)
    dtransition /= N
    dchain = Chain(dtransition, dz[steps.first].sum(axis=0), dz[steps.last].sum(axis=0))
    return float(messages.log_Z - score) / N, dz.astype(z.dtype), dchain.astype(chain.start.dtype)


def neighbours(steps: Steps, N: int) -> tuple[Indices, Indices]:
    """Return the words that have a right neighbour in their sentence, and those neighbours."""
    inner = np.ones(N, dtype=bool)
    inner[steps.last] = False
    left = np.flatnonzero(inner)
    return left, left + 1
