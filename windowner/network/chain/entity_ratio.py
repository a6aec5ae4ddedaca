"""The expected entity ratio: the share of entity words that the model expects among words, and a prior on it.

    f(y)   = 1/M sum over the M words t of [y_t is not O]          a share
    r      = E f(y) under the model                                a number
    J_r    = strength * max(0, |r - ratio| - margin)               a number

Labels that are partial say where entities are. Nothing says O. Without a prior a network calls every word an entity.
The prior says how many words of the text are expected to be part of entities.

The gradient. For scores s + x f, d log Z / dx at x = 0 is r. Therefore dr/ds(y) is the derivative of p(y) by x, and

    dr/dz[t, k]          = cov(f, [y_t = k])                     = P(y_t = k) (E[f | y_t = k] - E f)
    dr/dtransition[i, j] = sum_t cov(f, [y_t = i and y_t+1 = j]) = sum_t P(i, j at t) (E[f | i, j at t] - E f)

Two recursions give the conditional means, in a sentence of T words. v_t[k] is 1/M if word t is one of the M words and k
is not O, else 0. a, eb and A are those of `messages`.

    F_t[k] = E[f of the words 1..t | y_t = k, words 1..t]     F_1 = v_1
    G_t[k] = E[f of the words t+1..T | y_t = k]               G_T = 0

    F_t    = v_t + ((F_t-1 * a_t-1) @ A) / (a_t-1 @ A)
    G_t    = (((v_t+1 + G_t+1) * eb_t+1) @ A.T) / (eb_t+1 @ A.T)

    E[f | y_t = k]      = F_t[k] + G_t[k]
    E[f | i, j at t]    = F_t[i] + v_t+1[j] + G_t+1[j]

They are means. So they do not depend on the unknown factors of the messages' rows, and are between 0 and 1.

Source: Effland and Collins, "Partially Supervised Named Entity Recognition via the Expected Entity Ratio Loss", TACL 9,
2021. The paper differentiates automatically. The covariances are ours.
"""

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.labels import NO_TAG, EntityRatio
from windowner.network.chain.messages import Messages, Steps, send_messages
from windowner.network.chain.scores import Chain


def entity_ratio_loss(
    z: Array, y: Ids, offsets: Indices, chain: Chain, prior: EntityRatio
) -> tuple[float, Array, Chain]:
    """Return J_r and its gradients dz, (N, K), and dchain.

    The M words are those whose tag is `NO_TAG`. Without any, J_r and its gradients are 0.

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
    prior
        The expected ratio, its margin and its strength.
    """
    untagged = y == NO_TAG
    v = np.zeros(z.shape)
    v[untagged] = 1 / max(1, int(untagged.sum()))
    v[:, prior.outside] = 0
    r, dz, dchain = expected_share(z, v, offsets, chain)
    excess = abs(r - prior.ratio) - prior.margin
    if excess <= 0 or not untagged.any():
        return 0.0, np.zeros_like(dz), dchain.scaled(0)
    slope = prior.strength if r > prior.ratio else -prior.strength
    return prior.strength * excess, slope * dz, dchain.scaled(slope)


def expected_share(z: Array, v: Array, offsets: Indices, chain: Chain) -> tuple[float, Array, Chain]:
    """Return r, the expected sum of v[t, y_t] over the words, and its gradients by z, (N, K), and by the chain."""
    steps = Steps.from_offsets(offsets)
    v = steps.in_order(v)
    messages = send_messages(steps.in_order(z), steps, chain)
    F, G = _means_of_the_left(v, messages, steps), _means_of_the_right(v, messages, steps)
    p = messages.a * messages.b
    Z = (p @ np.ones(p.shape[1]))[:, None]
    p /= Z
    means = (p[steps.last] * F[steps.last]).sum(axis=1)  # E f of each sentence; of the last words G is 0
    mean = means[steps.sentence][:, None]
    dz = p * (F + G - mean)
    a, left, first = messages.a / Z, steps.left, steps.sentences
    right = v[first:] + G[first:]
    pairs = (a * (F - mean))[left].T @ messages.eb + a[left].T @ (messages.eb * right)
    dchain = Chain(messages.A * pairs, dz[:first].sum(axis=0), dz[steps.last].sum(axis=0))
    return float(means.sum()), steps.in_text(dz.astype(z.dtype)), dchain.astype(chain.start.dtype)


def _means_of_the_left(v: Array, messages: Messages, steps: Steps) -> Array:
    """Return F, (N, K), in the order of the steps."""
    F, a, A, starts = v.copy(), messages.a, messages.A, steps.starts
    for t in range(1, len(steps.sizes)):
        words = slice(starts[t], starts[t + 1])
        left = slice(starts[t - 1], starts[t - 1] + steps.sizes[t])
        F[words] += ((F[left] * a[left]) @ A) / (a[left] @ A)
    return F


def _means_of_the_right(v: Array, messages: Messages, steps: Steps) -> Array:
    """Return G, (N, K), in the order of the steps."""
    G, A_T, starts, first = np.zeros(v.shape), messages.A.T, steps.starts, steps.sentences
    for t in range(len(steps.sizes) - 1, 0, -1):
        words = slice(starts[t], starts[t + 1])
        left = slice(starts[t - 1], starts[t - 1] + steps.sizes[t])
        eb = messages.eb[starts[t] - first : starts[t + 1] - first]
        G[left] = (((v[words] + G[words]) * eb) @ A_T) / (eb @ A_T)
    return G
