"""Forward and backward messages: the probabilities of whole tag sequences that a chain of scores gives.

    s(y)  = start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]        of a sentence of T words
    p(y)  = exp s(y) / Z,  Z = sum over all K^T sequences of exp s(y)

    a_1   = exp(start) * e_1            b_T = exp(end)                    (K,) each, with e_t = exp z_t
    a_t   = (a_t-1 @ A) * e_t           b_t = (b_t+1 * e_t+1) @ A.T       A = exp transition
    Z     = sum_k a_T[k] exp(end[k])
    P(y_t = i)                = a_t[i] b_t[i] / Z
    P(y_t = i and y_t+1 = j)  = a_t[i] A[i, j] e_t+1[j] b_t+1[j] / Z

Forward a and backward b are one recursion, x <- (x @ M) * e, of a row of 2K numbers: M = [A 0; 0 A.T], e that of the
word from the left beside that of the word from the right, and b is x before it meets its own e. All sentences take a
step together, the longest first, so that those that have a word number t are the first ones at every t.

In log space: each factor has its largest exponent taken out, which is added to log Z. A step then leaves a row's
largest number between exp(-R) and K times what it was, R being the range of the scores; so a row is scaled back only
every so many steps, before it could leave half the range of float64, and no step needs a logarithm.

Source: Rabiner, Proceedings of the IEEE 77, 1989; Lafferty, McCallum and Pereira, ICML 2001.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.scores import Chain

HALF_RANGE = 300.0  # exp(-300) squared is still a number in float64


@dataclass(frozen=True)
class Steps:
    """Words in the order in which the recursion meets them: all first words, all second ones, ...

    Parameters
    ----------
    sizes
        How many sentences have a word number t, for each t.
    forward, backward
        Which word stands at each place, counted from the sentences' beginnings, and from their ends, (N,) each.
    first, last
        First and last word of each sentence, in the order of the text.
    """

    sizes: list[int]
    forward: Indices
    backward: Indices
    first: Indices
    last: Indices

    @classmethod
    def of(cls, offsets: Indices) -> "Steps":
        """Lay out the sentences that start at `offsets`; empty ones are passed over."""
        lengths = np.diff(offsets)
        filled = np.flatnonzero(lengths)
        return cls.of_sentences(offsets[filled], lengths[filled])

    @classmethod
    def of_sentences(cls, first: Indices, lengths: Indices) -> "Steps":
        """Lay out sentences by their first words and their lengths, none of which is 0."""
        last = first + lengths - 1
        order = np.argsort(-lengths, kind="stable")
        longest = int(lengths.max(initial=0))
        sizes = np.searchsorted(-lengths[order], -np.arange(longest))
        word = np.repeat(np.arange(longest), sizes)  # of each place: the word's number in its sentence,
        sentence = order[np.arange(len(word)) - np.repeat(np.cumsum(sizes) - sizes, sizes)]  # and the sentence
        return cls(sizes.tolist(), first[sentence] + word, last[sentence] - word, first, last)


@dataclass(frozen=True)
class Messages:
    """What forward and backward leave at each word of a text; all but `log_Z` up to a factor of the word's own.

    Parameters
    ----------
    a, b
        Forward and backward, (N, K).
    eb
        e * b, (N, K).
    A
        exp of the transitions, their largest taken out, (K, K).
    log_Z
        Sum of the sentences' log Z.
    """

    a: Array
    b: Array
    eb: Array
    A: Array
    log_Z: float


def send_messages(z: Array, steps: Steps, chain: Chain) -> Messages:
    """Return forward and backward of logits z, (N, K), in float64."""
    N, K = z.shape
    z, chain = z.astype(np.float64), chain.astype(np.float64)
    peaks = np.asfortranarray(z).max(axis=1, keepdims=True)  # K is small: numpy's loops then run along N
    e = np.exp(z - peaks)
    tops = {name: scores.max() for name, scores in chain.parameters.items()}
    A, start, end = (np.exp(scores - tops[name]) for name, scores in chain.parameters.items())
    before = np.empty((N, 2 * K))  # x before it meets e, and after
    after = np.empty((N, 2 * K))
    before[: len(steps.first)] = np.concatenate([start, end])
    sides = _rows(e, np.stack([steps.forward, steps.backward], axis=1)).reshape(N, 2 * K)
    M = np.zeros((2 * K, 2 * K))
    M[:K, :K], M[K:, K:] = A, A.T
    scale = _recur(before, after, sides, M, steps.sizes, _patience(chain))
    forward, backward = 2 * _inverse(steps.forward), 2 * _inverse(steps.backward) + 1  # of a word: rows of 2N halves
    before, after = before.reshape(-1, K), after.reshape(-1, K)
    a, b, eb = _rows(after, forward), _rows(before, backward), _rows(after, backward)
    B = len(steps.first)
    Z = a[steps.last] @ end
    log_Z = np.log(Z).sum() + scale + peaks.sum() + B * (tops["start"] + tops["end"]) + (N - B) * tops["transition"]
    return Messages(a, b, eb, A, float(log_Z))


def _rows(x: Array, rows: Indices) -> Array:
    """Return `x[rows]`, which is several times faster where rows are short and none has to be checked."""
    return np.take(x, rows, axis=0, mode="clip")


def _inverse(order: Indices) -> Indices:
    """Return where each number stands in a permutation."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _recur(before: Array, after: Array, e: Array, M: Array, sizes: list[int], patience: int) -> float:
    """Fill `before` and `after` from the first step's `before`; return the sum of log of forward's scales."""
    scale = 0.0
    row, sent = 0, slice(0, 0)
    for t, n in enumerate(sizes):
        rows = slice(row, row + n)
        if t:
            np.dot(after[sent.start : sent.start + n], M, out=before[rows])
        np.multiply(before[rows], e[rows], out=after[rows])
        if t % patience == patience - 1:
            scale += _scale_back(after[rows])
        row, sent = row + n, rows
    return scale


def _scale_back(x: Array) -> float:
    """Make the largest number of either half of each row 1; return the sum of log of what forward's were."""
    halves = x.reshape(len(x), 2, -1)  # a view
    largest = halves.max(axis=2, keepdims=True)
    halves /= largest
    return float(np.log(largest[:, 0]).sum())


def _patience(chain: Chain) -> int:
    """Return how many steps a row may go without being scaled back."""
    spread = max(float(np.ptp(scores)) for scores in chain.parameters.values()) + np.log(len(chain.start))
    return int(HALF_RANGE / spread) if 1 < spread < HALF_RANGE else 1
