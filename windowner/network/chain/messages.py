"""Forward and backward messages, from which the probabilities of tag sequences follow.

    s(y)  = start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]        for a sentence of T words
    p(y)  = exp s(y) / Z,  Z = sum over all K^T sequences of exp s(y)

    a_1   = exp(start) * e_1            b_T = exp(end)                    (K,) each, with e_t = exp z_t
    a_t   = (a_t-1 @ A) * e_t           b_t = (b_t+1 * e_t+1) @ A.T       A = exp transition
    Z     = sum_k a_T[k] exp(end[k])
    P(y_t = i)                = a_t[i] b_t[i] / Z
    P(y_t = i and y_t+1 = j)  = a_t[i] A[i, j] e_t+1[j] b_t+1[j] / Z

The code computes the forward messages a and the backward messages b in one recursion of rows x with 2K numbers:

    before = x @ M,  x = before * e        M = [A 0; 0 A.T]

At step t, e holds exp z of word t from the left and, beside it, exp z of word t from the right. The left half of x is
a. The right half of `before` is b, and the right half of x is e * b. All sentences take a step together. The longest
sentence is the first one. So at each step t the sentences that have a word t come before the others.

No number overflows. The largest exponent of each factor is subtracted before exp, and is added to log Z. Let R be the
range of the chain's scores. Then one step multiplies the largest number of a row by a factor between exp(-R) and K.
Therefore rows need to be scaled only after several steps, and a step needs no logarithm.

Sources: Rabiner, Proceedings of the IEEE 77, 1989; Lafferty, McCallum and Pereira, ICML 2001.
"""

from dataclasses import dataclass

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.scores import Chain

HALF_RANGE = 300.0
"""Rows are scaled before they leave exp(-300) to exp(300). The product of two such numbers is in float64's range."""


@dataclass(frozen=True)
class Steps:
    """The order of words in the recursion: all first words, then all second words, and so on.

    Parameters
    ----------
    sizes
        Number of sentences that have a word t, for each step t.
    forward, backward
        The word at each place of this order, (N,) each. `forward` counts the words of a sentence from its beginning,
        and `backward` from its end.
    first, last
        First and last word of each sentence, in the order of the text.
    """

    sizes: list[int]
    forward: Indices
    backward: Indices
    first: Indices
    last: Indices

    @classmethod
    def from_offsets(cls, offsets: Indices) -> "Steps":
        """Return the steps of sentences that start at `offsets`. Empty sentences are skipped."""
        lengths = np.diff(offsets)
        filled = np.flatnonzero(lengths)
        return cls.from_sentences(offsets[filled], lengths[filled])

    @classmethod
    def from_sentences(cls, first: Indices, lengths: Indices) -> "Steps":
        """Return the steps of sentences with these first words and lengths. No length is 0."""
        last = first + lengths - 1
        order = np.argsort(-lengths, kind="stable")
        longest = int(lengths.max(initial=0))
        sizes = np.searchsorted(-lengths[order], -np.arange(longest))
        # For each place: the word's number in its sentence, and the sentence.
        word = np.repeat(np.arange(longest), sizes)
        sentence = order[np.arange(len(word)) - np.repeat(np.cumsum(sizes) - sizes, sizes)]
        return cls(sizes.tolist(), first[sentence] + word, last[sentence] - word, first, last)


@dataclass(frozen=True)
class Messages:
    """The messages of a text. Each row of a, b and eb has an unknown factor of its own, and so has A.

    Parameters
    ----------
    a, b
        Forward and backward messages, (N, K) each.
    eb
        e * b, (N, K).
    A
        exp(transition - the largest transition), (K, K).
    log_Z
        Sum of log Z over the sentences. It has no unknown factor.
    """

    a: Array
    b: Array
    eb: Array
    A: Array
    log_Z: float


def send_messages(z: Array, steps: Steps, chain: Chain) -> Messages:
    """Return the messages for logits z, (N, K), in float64."""
    N, K = z.shape
    z, chain = z.astype(np.float64), chain.astype(np.float64)
    largest_logits = np.asfortranarray(z).max(axis=1, keepdims=True)  # K is small. Numpy's loops then run along N
    e = np.exp(z - largest_logits)
    largest = {name: scores.max() for name, scores in chain.parameters.items()}
    A, start, end = (np.exp(scores - largest[name]) for name, scores in chain.parameters.items())
    before, x = np.empty((N, 2 * K)), np.empty((N, 2 * K))
    sentences = len(steps.first)
    before[:sentences] = np.concatenate([start, end])
    e_both = _rows(e, np.stack([steps.forward, steps.backward], axis=1)).reshape(N, 2 * K)
    M = np.zeros((2 * K, 2 * K))
    M[:K, :K], M[K:, K:] = A, A.T
    log_scale = _recur(before, x, e_both, M, steps.sizes, _steps_per_scaling(chain))
    # Seen as (2N, K), `before` and `x` have one row per half. These are the rows of each word's two halves.
    forward, backward = 2 * _inverse(steps.forward), 2 * _inverse(steps.backward) + 1
    before, x = before.reshape(-1, K), x.reshape(-1, K)
    a, b, eb = _rows(x, forward), _rows(before, backward), _rows(x, backward)
    Z = a[steps.last] @ end
    log_Z = np.log(Z).sum() + log_scale + largest_logits.sum()
    log_Z = log_Z + sentences * (largest["start"] + largest["end"]) + (N - sentences) * largest["transition"]
    return Messages(a, b, eb, A, float(log_Z))


def _rows(x: Array, rows: Indices) -> Array:
    """Return `x[rows]`. For short rows this is several times faster than indexing, because no row is checked."""
    return np.take(x, rows, axis=0, mode="clip")


def _inverse(order: Indices) -> Indices:
    """Return the place of each number in a permutation."""
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def _recur(before: Array, x: Array, e: Array, M: Array, sizes: list[int], steps_per_scaling: int) -> float:
    """Fill `before` and `x`, where the first step of `before` is given; return the log of the forward scales."""
    log_scale = 0.0
    row, previous = 0, 0
    for t, n in enumerate(sizes):
        rows = slice(row, row + n)
        if t:
            np.dot(x[previous : previous + n], M, out=before[rows])
        np.multiply(before[rows], e[rows], out=x[rows])
        if t % steps_per_scaling == steps_per_scaling - 1:
            log_scale += _scale(x[rows])
        row, previous = row + n, row
    return log_scale


def _scale(x: Array) -> float:
    """Divide each half of each row by its largest number; return the sum of the logs of the left divisors."""
    halves = x.reshape(len(x), 2, -1)  # a view
    largest = halves.max(axis=2, keepdims=True)
    halves /= largest
    return float(np.log(largest[:, 0]).sum())


def _steps_per_scaling(chain: Chain) -> int:
    """Return the number of steps after which rows are scaled."""
    change = max(float(np.ptp(scores)) for scores in chain.parameters.values()) + np.log(len(chain.start))  # R + log K
    return int(HALF_RANGE / change) if 1 < change < HALF_RANGE else 1
