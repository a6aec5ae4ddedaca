"""The sentence-level loss: the negative log-likelihood of the sentences' tag sequences, per window.

    J = -1/N sum over sentences of log p(y) = 1/N sum over sentences of (log Z - s(y))   a number

    dz[t, k]           = (P(y_t = k) - [k = y_t]) / N                                    (N, K)
    dtransition[i, j]  = sum over neighbours t, t+1 of
                         (P(y_t = i and y_t+1 = j) - [i = y_t and j = y_t+1]) / N        (K, K)
    dstart[k]          = sum over sentences of dz[t, k] of the first word t              (K,)
    dend[k]            = sum over sentences of dz[t, k] of the last word t               (K,)

`messages` defines s, p, Z and P. The gradients follow from d log Z / ds(y) = p(y): the derivative of log Z by a score
is the expected number of times that this score occurs in s.

N is the number of windows, not of sentences. With the mean over windows, J and its gradients have the size of those of
the word-level loss, and one learning rate suits both losses. If all scores of the chain are 0, both losses are equal.
Z includes illegal sequences. The network learns that they do not occur, and decoding rules them out.

Source: Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.3.2.
"""

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain


def sentence_loss(z: Array, y: Ids, offsets: Indices, chain: Chain) -> tuple[float, Array, Chain]:
    """Return the loss J and its gradients dz and dchain.

    Parameters
    ----------
    z
        Logits, (N, K).
    y
        Tags, (N,).
    offsets
        First window of each sentence, and N at the end, (sentences + 1,).
    chain
        Scores of neighbouring tags.

    Returns
    -------
    tuple
        J; dz, (N, K), in the precision of z; dchain, the gradients of the chain's arrays, in their precision.
    """
    N, K = z.shape
    steps = Steps.from_offsets(offsets)
    z, y = steps.in_order(z), steps.in_order(y)
    messages = send_messages(z, steps, chain)
    p = messages.a * messages.b
    Z = (p @ np.ones(K))[:, None]  # (N, 1), each with the unknown factors of its rows of a and b
    p /= Z
    left, first, places = steps.left, slice(steps.sentences), np.arange(N)
    pairs = y[left] * K + y[steps.sentences :]
    score = z[places, y].sum(dtype=np.float64) + chain.transition.reshape(-1)[pairs].sum(dtype=np.float64)
    score += chain.start[y[first]].sum(dtype=np.float64) + chain.end[y[steps.last]].sum(dtype=np.float64)
    dz = p
    dz[places, y] -= 1  # each row occurs once, so no index is repeated
    dz /= N
    dtransition = messages.A * ((messages.a / Z)[left].T @ messages.eb)
    dtransition -= np.bincount(pairs, minlength=K * K).reshape(K, K)
    dtransition /= N
    dchain = Chain(dtransition, dz[first].sum(axis=0), dz[steps.last].sum(axis=0))
    return float(messages.log_Z - score) / N, steps.in_text(dz.astype(z.dtype)), dchain.astype(chain.start.dtype)
