"""How unsure a tagger is of the tags of a sentence, from the marginals P(y_t) of its T tokens.

    entropy       u_t = - sum_k P(y_t = k) log P(y_t = k)
    margin        u_t = 1 - (P(best tag) - P(second best tag))
    confidence    u_t = 1 - P(best tag)

Each measure gives a number per token, which is 0 if the tagger is sure. `choosing` adds them up.

Source: Settles and Craven, "An analysis of active learning strategies for sequence labeling tasks", EMNLP 2008.
"""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Array, Float64


def entropy(log_marginals: Array) -> Float64:
    """Return the entropy of each token's tag in nats, (T,), given log P, (T, K)."""
    log_p = np.maximum(log_marginals.astype(np.float64), np.log(np.finfo(np.float64).tiny))
    found: Float64 = -(np.exp(log_p) * log_p).sum(axis=1)
    return found


def margin(log_marginals: Array) -> Float64:
    """Return 1 minus the difference of the two largest probabilities of each token, (T,)."""
    largest = np.exp(np.sort(log_marginals, axis=1)[:, -2:].astype(np.float64))
    found: Float64 = 1 - (largest[:, -1] - largest[:, 0])
    return found


def confidence(log_marginals: Array) -> Float64:
    """Return 1 minus the largest probability of each token, (T,)."""
    found: Float64 = 1 - np.exp(log_marginals.astype(np.float64)).max(axis=1)
    return found


MEASURES: dict[str, Callable[[Array], Float64]] = {"entropy": entropy, "margin": margin, "confidence": confidence}
"""All measures by name."""
