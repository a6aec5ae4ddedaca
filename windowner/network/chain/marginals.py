"""How probable chosen tags are, each for itself and as runs, when the probability of a sequence is exp s(y) / Z.

    of one tag      P(y_t)
    of a run        P(y_s ... y_e) = P(y_s) P(y_s+1 | y_s) ... P(y_e | y_e-1)

Given its left neighbour, a tag depends on nothing further left. In the names of `chain`:

    P(y_t = i)                = a_t[i] b_t[i] / sum_k a_t[k] b_t[k]
    P(y_t+1 = j | y_t = i)    = A[i, j] e_t+1[j] b_t+1[j] / b_t[i]

so that a run's probability is what forward and backward that are held to the run would give.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain
from windowner.network.chain.sentence_loss import neighbours

WORDS = 8192  # about this many at a time


@dataclass(frozen=True)
class TagProbabilities:
    """Logarithms of the probabilities of chosen tags, (N,) each.

    Parameters
    ----------
    alone
        log P(y_t).
    given
        log P(y_t | y_t-1); of a sentence's first word it is log P(y_t).
    """

    alone: Array
    given: Array

    def run_probabilities(self, starts: Indices, ends: Indices) -> Array:
        """Return the probability of all tags of each run of words, from `starts` to `ends` (exclusive) together."""
        # A floor keeps sums of minus infinity from being no number: e^-1000 is 0 all the same.
        sums = np.concatenate([[0.0], np.cumsum(np.maximum(self.given, -1e3, dtype=np.float64))])
        p: Array = np.exp(self.alone[starts] + (sums[ends] - sums[starts + 1]))
        return p


def tag_probabilities(z: Array, tags: Indices, offsets: Indices, chain: Chain) -> TagProbabilities:
    """Return the probabilities of the tags `tags`, (N,).

    Parameters
    ----------
    z
        Logits, (N, K).
    tags
        Tag numbers, (N,).
    offsets
        First word of each sentence, and N at the end.
    chain
        Scores of neighbouring tags; all 0 gives each tag its softmax probability.
    """
    alone, given = np.empty(len(tags)), np.empty(len(tags))
    for words, block_offsets in _blocks(offsets):
        alone[words], given[words] = _block_probabilities(z[words], tags[words], block_offsets, chain)
    return TagProbabilities(alone, given)


def log_marginals(z: Array, offsets: Indices, chain: Chain) -> Array:
    """Return log P(y_t = k) of every tag, (N, K), in the precision of the logits z, (N, K).

    What is too unlikely for a float64 has the logarithm of the least number that is one.
    """
    log_p = np.empty_like(z)
    for words, block_offsets in _blocks(offsets):
        messages = send_messages(z[words], Steps.of(block_offsets), chain)
        p = messages.a * messages.b
        p /= (p @ np.ones(p.shape[1]))[:, None]
        log_p[words] = np.log(np.maximum(p, np.finfo(np.float64).tiny))
    return log_p


def _blocks(offsets: Indices) -> Iterator[tuple[slice, Indices]]:
    """Yield whole sentences at a time, so that memory is bounded: their words, and where their sentences begin."""
    starts = np.searchsorted(offsets, np.arange(0, offsets[-1], WORDS))
    edges = np.unique([0, *starts, len(offsets) - 1])
    for first, last in pairwise(edges):
        yield slice(offsets[first], offsets[last]), offsets[first : last + 1] - offsets[first]


def _block_probabilities(z: Array, tags: Indices, offsets: Indices, chain: Chain) -> tuple[Array, Array]:
    steps = Steps.of(offsets)
    messages = send_messages(z, steps, chain)
    weights = messages.a * messages.b
    left, right = neighbours(steps, len(tags))
    next_tag = messages.A[tags[left]] * messages.eb[right]  # given the left word's tag, of every tag of the right one
    with np.errstate(divide="ignore"):  # a tag may be so unlikely that its probability is 0
        alone = np.log(weights[np.arange(len(tags)), tags] / weights.sum(axis=1))
        given = alone.copy()
        given[right] = np.log(next_tag[np.arange(len(right)), tags[right]] / next_tag.sum(axis=1))
    return alone, given
