"""Expected counts: how often a sequence is expected to take each score of the chain.

    n[t, k]   = P(y_t = k)                                                           (N, K)
    n[i, j]   = sum over neighbours t, t+1 of P(y_t = i and y_t+1 = j)               (K, K)

The loss and its gradients are differences of two sets of counts (`sentence_loss`). Four functions return counts:

    under the model       p(y) = exp s(y) / Z                       score  log Z
    under what is known   the same, but a word has no tag that contradicts what is known of it; Z_known sums over the
                          sequences that remain
                                                                    score  log Z_known
    under soft labels     q(y) = product of q_t[y_t]                score  sum over y of q(y) s(y)
    of a sequence y       1 for each score that occurs in s(y)      score  s(y)

If all tags of a sentence are known, the second and the third give what the last one gives. It takes no recursion.

A weight w of a sentence multiplies its counts and its score.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Bools, Ids
from windowner.inputs.labels import agreeing_tags
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain


@dataclass(frozen=True)
class Counts:
    """Expected counts of N words, in the order of the steps.

    Parameters
    ----------
    score
        The sum of the sentences' scores.
    words
        n[t, k], (N, K).
    transitions
        n[i, j], (K, K).
    """

    score: float
    words: Array
    transitions: Array

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both. A sentence has the weight 0 in one of them."""
        return Counts(self.score + other.score, self.words + other.words, self.transitions + other.transitions)


def model_counts(z: Array, steps: Steps, chain: Chain, weights: Array | None = None) -> Counts:
    """Return the counts under the model, given logits z, (N, K), and weights, (N,), in the order of the steps."""
    messages = send_messages(z, steps, chain)
    p = messages.a * messages.b
    Z = (p @ np.ones(p.shape[1]))[:, None]  # (N, 1), each with the unknown factors of its rows of a and b
    p /= Z
    a = messages.a / Z
    log_Z = messages.log_Z
    if weights is not None:
        p *= weights[:, None]
        a *= weights[:, None]
        log_Z = log_Z * weights[: steps.sentences]
    return Counts(float(log_Z.sum()), p, messages.A * (a[steps.left].T @ messages.eb))


def known_counts(
    z: Array, y: Ids, steps: Steps, chain: Chain, weights: Array | None = None, sets: Bools | None = None
) -> Counts:
    """Return the counts under what is known: the score of tags that contradict it is -inf. `sets` as in `labels`."""
    agrees = agreeing_tags(z.shape[1], sets)[y]
    return model_counts(np.where(agrees, z, z.dtype.type(-np.inf)), steps, chain, weights)


def soft_counts(z: Array, q: Array, steps: Steps, chain: Chain, weights: Array | None = None) -> Counts:
    """Return the counts under soft labels q, (N, K), in the order of the steps. Words are independent."""
    right = q = q.astype(np.float64)
    if weights is not None:
        q = q * weights[:, None]
    transitions = q[steps.left].T @ right[steps.sentences :]
    score = np.vdot(q, z.astype(np.float64)) + np.vdot(transitions, chain.transition)
    score += q[: steps.sentences].sum(axis=0) @ chain.start + q[steps.last].sum(axis=0) @ chain.end
    return Counts(float(score), q, transitions)


def sequence_counts(z: Array, y: Ids, steps: Steps, chain: Chain) -> Counts:
    """Return the counts of the tags y, (N,), in the order of the steps. All of them are known."""
    N, K = z.shape
    places, pairs = np.arange(N), y[steps.left] * K + y[steps.sentences :]
    words = np.zeros((N, K))
    words[places, y] = 1
    score = z[places, y].sum(dtype=np.float64) + chain.transition.reshape(-1)[pairs].sum(dtype=np.float64)
    score += chain.start[y[: steps.sentences]].sum(dtype=np.float64) + chain.end[y[steps.last]].sum(dtype=np.float64)
    return Counts(float(score), words, np.bincount(pairs, minlength=K * K).reshape(K, K))
