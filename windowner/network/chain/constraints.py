"""Decoding under constraints: some words may have some of the tags alone.

    allowed[t, k]      whether word t may have tag k                                      (N, K)
    z'_t[k]            z_t[k] if allowed[t, k], else -inf                                 (N, K)
    s'(y)              the score s(y) of `messages`, with z' in the place of z

    p(y | allowed)  =  p(y) / sum over allowed y' of p(y')  =  exp s'(y) / Z'             if y is allowed, else 0

The second equality holds because s'(y) = s(y) for an allowed y, and exp s'(y) = 0 for all others. So `marginals`,
`log_marginals` and `span_probabilities` of z' are those under the condition, and a search in z' finds allowed sequences
alone. No number is NaN: each word keeps a tag, and -inf meets finite numbers and other -inf in sums alone.

A tag may be allowed at a word and stand in no sequence that is legal and allowed: `I-LOC` before a word that must be
`B-PER`, in BIOES. Such tags are ruled out first. Two recursions find those that remain:

    f_1 = allowed_1 & start                     f_t[j] = allowed_t[j] & any_i (f_t-1[i] & legal[i, j])
    g_T = f_T & end                             g_t[i] = f_t[i] & any_j (legal[i, j] & g_t+1[j])

f_t[j] says that a legal path leads to tag j of word t, and g_t[j] says that one leads on to the end, too.
"""

import numpy as np

from windowner.arrays import Array, Bools, Indices
from windowner.network.chain.decoding import Decoder, decode, decode_marginals
from windowner.network.chain.marginals import marginals
from windowner.network.chain.messages import Steps
from windowner.text.legal import LegalTransitions


def allowed_on_paths(allowed: Bools, offsets: Indices, legality: LegalTransitions) -> Bools:
    """Return g, (N, K): whether a legal and allowed sequence of the sentence has tag k at word t.

    Parameters
    ----------
    allowed
        Whether word t may have tag k, (N, K).
    offsets
        First word of each sentence, and N at the end, (sentences + 1,).
    legality
        The tag sequences that are legal.

    Raises
    ------
    ValueError
        If a sentence has no legal sequence that is allowed.
    """
    steps = Steps.from_offsets(offsets)
    starts, legal = steps.starts, legality.transition.astype(np.float32)  # products of numbers are faster than any()
    reached = steps.in_order(allowed)
    reached[: steps.sentences] &= legality.start
    for t in range(1, len(steps.sizes)):
        before = reached[starts[t - 1] : starts[t - 1] + steps.sizes[t]]
        reached[starts[t] : starts[t + 1]] &= before @ legal > 0
    reached[steps.last] &= legality.end
    for t in range(len(steps.sizes) - 1, 0, -1):
        reached[starts[t - 1] : starts[t - 1] + steps.sizes[t]] &= reached[starts[t] : starts[t + 1]] @ legal.T > 0
    if not reached.any(axis=1).all():
        raise ValueError("a sentence has no legal tag sequence that is allowed")
    return steps.in_text(reached)


def clamp(z: Array, allowed: Bools) -> Array:
    """Return z', (N, K): the logits of the tags that are allowed, and -inf for all others."""
    return np.where(allowed, z, z.dtype.type(-np.inf))


def decode_clamped(z: Array, offsets: Indices, decoder: Decoder) -> Indices:
    """Return what a decoder finds among the allowed sequences, (N,), given clamped logits z', (N, K)."""
    if not decoder.posterior or decoder.chain is None:
        return decode(decoder.subtract_threshold(z), offsets, decoder.legality, decoder.chain)
    p = marginals(z, offsets, decoder.legal_chain())
    p[:, decoder.outside] *= np.exp(-decoder.threshold)
    return decode_marginals(p, offsets, decoder.legality, z > -np.inf)
