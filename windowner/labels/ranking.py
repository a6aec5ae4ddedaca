"""The order in which label errors are reviewed: how much more probable the suggestion is than the label.

    score  =  log P(suggested) - log P(gold)                      the tagger, from the words around
            + log (n_suggested + b) / (n_gold + b)                other places of the same words
            + (log Q(suggested) - log Q(gold)) / 2                other places of each single word (`words`)

    P(y)   =  min_t P(y_t)           Q(y)  =  min_t Q(w_t, y_t)

P is what a tagger says that has not seen the sentence: a tag of gold that it finds improbable may be wrong. n counts
the same words elsewhere in the corpus, labelled as suggested and labelled as here. A tagger cannot know from five words
whether a name that it never met is a person or a club, and then P(suggested) is large and wrong. The other places know
it. Most names stand nowhere else as a whole, but their first and last words do. All three are evidence, so their
logarithms are added. That of single words counts half, because the tagger has learnt from these places, too. b says how
strong one other place is: with none on either side the second term is 0.

P and Q of several tags are those of the least probable one. This is the smallest upper bound that marginals give for
the probability of all of them. The tags of an entity hang together so closely that the bound is nearly reached.
"""

import numpy as np

from windowner.arrays import Array, Float64, Ids, Indices

PLACE = 0.1
"""The number b of the formula."""

WORD = 0.5
"""The weight of single words."""

LEAST = 0.005
"""Tagger's probabilities below this one count as this one. A tagger is not as sure as it says: a long title is as
improbable to it as a date that is labelled as a person."""


def scores(log_p: Float64, same: Indices, log_q: Float64) -> Float64:
    """Return the score of each region.

    Parameters
    ----------
    log_p
        log P of gold and of the suggestion, (2, regions).
    same
        Number of other places with the same words that are labelled as gold, and as suggested, (2, regions).
    log_q
        log Q of gold and of the suggestion, (2, regions).
    """
    sides = np.maximum(log_p, np.log(LEAST)) + np.log(same + PLACE) + WORD * log_q
    found: Float64 = sides[1] - sides[0]
    return found


def tagger_log_probabilities(log_marginals: Array, tags: Ids) -> Float64:
    """Return log P(y_t) of each token's tag, (T,).

    Parameters
    ----------
    log_marginals
        Log probability of each tag, (T, K).
    tags
        Number of each token's tag, (T,). -1 is a tag that no tagger knows, whose probability is 0.
    """
    own: Float64 = np.where(tags >= 0, log_marginals[np.arange(len(tags)), tags], -np.inf).astype(np.float64)
    return own


def least_of_runs(values: Float64, starts: Indices, ends: Indices) -> Float64:
    """Return the least value of each run of tokens, (..., runs), given those of the tokens, (..., T).

    Parameters
    ----------
    values
        Values of the tokens, (..., T).
    starts, ends
        First token of each run, and the one behind its last.
    """
    if not len(starts):
        return np.empty((*values.shape[:-1], 0))
    edges = np.stack([starts, ends], axis=1).ravel()
    padded = np.concatenate([values, np.zeros((*values.shape[:-1], 1))], axis=-1)  # a run may end with the text
    least: Float64 = np.minimum.reduceat(padded, edges, axis=-1)[..., ::2]
    return least
