"""The sentence-level loss: the negative log-likelihood of what is known of the sentences' tags, per window.

    J = 1/N sum over sentences of w (log Z - target)      target is the score of what is known      a number

        all words have tags      target = s(y), so that log Z - target = -log p(y)
        some words have none     target = log Z_known. Z_known sums over the sequences that agree with what is known:
                                 the tags of some words, and sets of tags of others
        soft labels              target = sum over y of q(y) s(y), so that log Z - target is the mean of -log p(y)
                                 under q

    dz[t, k]           = (n[t, k] - m[t, k]) / N                                         (N, K)
    dtransition[i, j]  = (n[i, j] - m[i, j]) / N                                         (K, K)
    dstart[k]          = sum over sentences of dz[t, k] of the first word t              (K,)
    dend[k]            = sum over sentences of dz[t, k] of the last word t               (K,)

`messages` defines s, p and Z. `counts` defines the expected counts: n under the model, and m under what is known. w is
the weight of a sentence, 1 by default. It multiplies its counts. The gradients follow from d log Z / ds(y) = p(y). So
the derivative of log Z by a score is the expected number of times that this score occurs in s. The same holds for log
Z_known and the sequences that agree. Of a sentence without a known tag, Z_known = Z, and its gradients are 0.

N is the number of windows, not of sentences. With the mean over windows, J and its gradients have the size of those of
the word-level loss, and one learning rate suits both losses. If all scores of the chain are 0, both losses are equal.
Z includes illegal sequences. The network learns that they do not occur, and decoding rules them out.

Sources: Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.3.2. For words
that are not annotated, Tsuboi et al., "Training Conditional Random Fields Using Incomplete Annotations", COLING 2008.
"""

import numpy as np

from windowner.arrays import Array, Bools, Ids, Indices
from windowner.inputs.labels import SoftLabels
from windowner.network.chain.counts import Counts, known_counts, model_counts, sequence_counts, soft_counts
from windowner.network.chain.messages import Steps
from windowner.network.chain.scores import Chain


def sentence_loss(
    z: Array,
    y: Ids,
    offsets: Indices,
    chain: Chain,
    soft: SoftLabels | None = None,
    sets: Bools | None = None,
) -> tuple[float, Array, Chain]:
    """Return the loss J and its gradients dz and dchain.

    Parameters
    ----------
    z
        Logits, (N, K).
    y
        Tag numbers, (N,), below 0 where a word's tag is not known.
    offsets
        First window of each sentence, and N at the end, (sentences + 1,).
    chain
        Scores of neighbouring tags.
    soft
        Probabilities of tags, and weights of sentences. None if each known tag is sure and each weight is 1.
    sets
        The sets of tags that numbers below 0 stand for (`inputs.labels`). None if they stand for no annotation.

    Returns
    -------
    tuple
        J; dz, (N, K), in the precision of z; dchain, the gradients of the chain's arrays, in their precision.
    """
    N = len(z)
    steps = Steps.from_offsets(offsets)
    z, y = steps.in_order(z), steps.in_order(y)
    if soft is not None:
        soft = soft[steps.words]
        model = model_counts(z, steps, chain, soft.weights)
        target = _soft_target(z, y, steps, chain, soft, sets)
    else:
        model = model_counts(z, steps, chain)
        all_known = (y >= 0).all()
        target = sequence_counts(z, y, steps, chain) if all_known else known_counts(z, y, steps, chain, sets=sets)
    dz = model.words
    dz -= target.words
    dz /= N
    dtransition = model.transitions
    dtransition -= target.transitions
    dtransition /= N
    dchain = Chain(dtransition, dz[: steps.sentences].sum(axis=0), dz[steps.last].sum(axis=0))
    return (model.score - target.score) / N, steps.in_text(dz.astype(z.dtype)), dchain.astype(chain.start.dtype)


def _soft_target(z: Array, y: Ids, steps: Steps, chain: Chain, soft: SoftLabels, sets: Bools | None) -> Counts:
    """Return the counts of soft labels. A sentence with a word whose tag is not known has those of what is known."""
    partly = np.bincount(steps.sentence, y < 0, minlength=steps.sentences) > 0
    partly = partly[steps.sentence]
    target = soft_counts(z, soft.shares, steps, chain, np.where(partly, 0, soft.weights))
    return target + known_counts(z, y, steps, chain, soft.weights * partly, sets) if partly.any() else target
