"""The order in which label errors are reviewed: how much more probable the suggestion is than the label.

    score  =  log P(suggested) - log P(gold)  +  log (n_suggested + b) / (n_gold + b)

P is what a tagger says that has not seen the sentence: a tag of gold that it finds improbable may be wrong. n counts
the same words elsewhere in the corpus, labelled as suggested and labelled as here. A tagger cannot know from five words
whether a name that it never met is a person or a club, and then P(suggested) is large and wrong. The other places know
it. Both are evidence from different text, so their logarithms are added. b says how strong one other place is: with
none on either side the second term is 0.

P of several tags is that of the least probable one, min_t P(y_t). This is the smallest upper bound that marginals give
for the probability of all of them. The tags of an entity hang together so closely that the bound is nearly reached.
"""

import numpy as np

from windowner.arrays import Array, Float64, Ids, Indices

PLACE = 0.1
"""The number b of the formula."""

LEAST = 0.005
"""Probabilities below this one count as this one. A tagger is not as sure as it says: a long title is as improbable to
it as a date that is labelled as a person."""


def scores(log_p: Float64, same: Indices) -> Float64:
    """Return the score of each region.

    Parameters
    ----------
    log_p
        Log probability of gold and of the suggestion, (2, regions).
    same
        Number of other places with the same words that are labelled as gold, and as suggested, (2, regions).
    """
    gold, suggested = np.maximum(log_p, np.log(LEAST))
    here, there = np.log(same + PLACE)
    found: Float64 = suggested - gold + there - here
    return found


def least_log_probabilities(log_marginals: Array, tags: Ids, starts: Indices, ends: Indices) -> Float64:
    """Return the log probability of the least probable tag of each run of tokens, (runs,).

    Parameters
    ----------
    log_marginals
        Log probability of each tag, (T, K).
    tags
        Number of each token's tag, (T,). -1 is a tag that no tagger knows, whose probability is 0.
    starts, ends
        First token of each run, and the one behind its last.
    """
    if not len(starts):
        return np.empty(0)
    own = np.where(tags >= 0, log_marginals[np.arange(len(tags)), tags], -np.inf).astype(np.float64)
    edges = np.stack([starts, ends], axis=1).ravel()
    padded = np.append(own, 0.0)  # a run may end with the text
    least: Float64 = np.minimum.reduceat(padded, edges)[::2]
    return least
