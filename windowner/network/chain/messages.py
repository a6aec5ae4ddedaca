"""Forward and backward messages, from which the probabilities of tag sequences follow.

    s(y)  = start[y_1] + sum_t z_t[y_t] + sum_t transition[y_t, y_t+1] + end[y_T]        for a sentence of T words
    p(y)  = exp s(y) / Z,  Z = sum over all K^T sequences of exp s(y)

    a_1   = exp(start) * e_1            b_T = exp(end)                    (K,) each, with e_t = exp z_t
    a_t   = (a_t-1 @ A) * e_t           b_t = (b_t+1 * e_t+1) @ A.T       A = exp transition
    Z     = sum_k a_T[k] exp(end[k])
    P(y_t = i)                = a_t[i] b_t[i] / Z
    P(y_t = i and y_t+1 = j)  = a_t[i] A[i, j] e_t+1[j] b_t+1[j] / Z

All sentences take a step together. The longest sentence is the first one. So at each step t the sentences that have a
word t come before the others. The words are kept in the order of the steps: all first words, then all second words, and
so on. In this order the words of a step, and their neighbours on the left and on the right, are rows side by side.

No number overflows. The largest exponent of each factor is subtracted before exp, and is added to log Z. Let R be the
range of the chain's scores. Then one step multiplies the largest number of a row by a factor between exp(-R) and K.
Therefore rows need to be scaled only after several steps, and a step needs no logarithm. R must be below 300. For a
wider range the messages are NaN, so that nobody takes them for numbers.

Sources: Rabiner, Proceedings of the IEEE 77, 1989; Lafferty, McCallum and Pereira, ICML 2001.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from windowner.arrays import Array, Indices
from windowner.network.chain.scores import Chain

HALF_RANGE = 300.0
"""Rows are scaled before they leave exp(-300) to exp(300). The product of two such numbers is in float64's range."""


@dataclass(frozen=True)
class Steps:
    """The order of words in the recursion: all first words, then all second words, and so on.

    A place is a word's number in this order.

    Parameters
    ----------
    sizes
        Number of sentences that have a word t, for each step t.
    words
        The word at each place, (N,).
    last
        Place of each sentence's last word. The longest sentence comes first.
    """

    sizes: list[int]
    words: Indices
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
        order = np.argsort(-lengths, kind="stable")
        lengths = lengths[order]
        longest = int(lengths.max(initial=0))
        sizes = np.searchsorted(-lengths, -np.arange(longest))
        starts = np.cumsum(sizes) - sizes
        # For each place: the word's number in its sentence, and the sentence's number in `order`.
        word = np.repeat(np.arange(longest), sizes)
        sentence = np.arange(len(word)) - np.repeat(starts, sizes)
        return cls(sizes.tolist(), first[order][sentence] + word, starts[lengths - 1] + np.arange(len(order)))

    @property
    def sentences(self) -> int:
        """Number of sentences. The first words are at the places before this one."""
        return len(self.last)

    @property
    def starts(self) -> list[int]:
        """The first place of each step, and N."""
        return [0, *accumulate(self.sizes)]

    @property
    def sentence(self) -> Indices:
        """The number of each word's sentence, (N,). The longest sentence has the number 0."""
        return np.arange(len(self.words)) - np.repeat(np.array(self.starts[:-1], dtype=np.intp), self.sizes)

    @property
    def left(self) -> Indices:
        """The places of the left neighbours of all words but the first ones, (N - sentences,)."""
        sizes = np.array(self.sizes, dtype=np.intp)
        return np.arange(self.sentences, len(self.words)) - np.repeat(sizes[:-1], sizes[1:])

    def in_order(self, rows: Array) -> Array:
        """Return the rows of the words, (N, ...), in the order of the steps."""
        return _take(rows, self.words)

    def in_text(self, rows: Array) -> Array:
        """Return rows in the order of the steps, (N, ...), in the order of the text."""
        places = np.empty_like(self.words)
        places[self.words] = np.arange(len(self.words))
        return _take(rows, places)


@dataclass(frozen=True)
class Messages:
    """The messages of a text. Each row of a, b and eb has an unknown factor of its own, and so has A.

    Parameters
    ----------
    a, b
        Forward and backward messages, (N, K) each, in the order of the steps.
    eb
        e * b of all words but the first ones, (N - sentences, K), in the order of the steps.
    A
        exp(transition - the largest transition), (K, K).
    log_Z
        log Z of each sentence, (sentences,), the longest one first. It has no unknown factor.
    """

    a: Array
    b: Array
    eb: Array
    A: Array
    log_Z: Array


def send_messages(z: Array, steps: Steps, chain: Chain) -> Messages:
    """Return the messages for logits z, (N, K), in the order of the steps. The messages are in float64."""
    z, chain = z.astype(np.float64), chain.astype(np.float64)
    largest_logits = np.asfortranarray(z).max(axis=1, keepdims=True)  # K is small. Numpy's loops then run along N
    z -= largest_logits
    e = np.exp(z, out=z)
    largest = {name: scores.max() for name, scores in chain.parameters.items()}
    A, start, end = (np.exp(scores - largest[name]) for name, scores in chain.parameters.items())
    if chain.range >= HALF_RANGE:
        A = np.full_like(A, np.nan)
    steps_per_scaling = _steps_per_scaling(chain)
    a, log_scale = _send_forward(e, A, start, steps, steps_per_scaling)
    b, eb = _send_backward(e, A, end, steps, steps_per_scaling)
    # The largest exponents: of the start and the end once per sentence, of the transitions once per neighbours.
    exponents = np.bincount(steps.sentence, largest_logits[:, 0] + largest["transition"], minlength=steps.sentences)
    log_Z = np.log(a[steps.last] @ end) + log_scale + exponents
    log_Z += largest["start"] + largest["end"] - largest["transition"]
    return Messages(a, b, eb, A, log_Z)


def _send_forward(e: Array, A: Array, start: Array, steps: Steps, steps_per_scaling: int) -> tuple[Array, Array]:
    """Return a, and for each sentence the sum of the logs of the numbers by which its rows were divided."""
    a, log_scale = np.empty_like(e), np.zeros(steps.sentences)
    np.multiply(start, e[: steps.sentences], out=a[: steps.sentences])
    for t, (left, place) in enumerate(pairwise(steps.starts[:-1]), start=1):
        n = steps.sizes[t]
        row = a[place : place + n]
        np.dot(a[left : left + n], A, out=row)
        row *= e[place : place + n]
        if t % steps_per_scaling == steps_per_scaling - 1:
            log_scale[:n] += np.log(_scale(row))[:, 0]
    return a, log_scale


def _send_backward(e: Array, A: Array, end: Array, steps: Steps, steps_per_scaling: int) -> tuple[Array, Array]:
    """Return b, and eb of all words but the first ones."""
    sentences, starts = steps.sentences, steps.starts
    b, eb = np.empty_like(e), np.empty_like(e[sentences:])
    b[steps.last] = end
    A_T = np.ascontiguousarray(A.T)
    for t in range(len(steps.sizes) - 1, 0, -1):
        n, left, place = steps.sizes[t], starts[t - 1], starts[t]
        row = eb[place - sentences : place - sentences + n]
        np.multiply(b[place : place + n], e[place : place + n], out=row)
        if t % steps_per_scaling == 0:
            _scale(row)
        np.dot(row, A_T, out=b[left : left + n])
    return b, eb


def _scale(x: Array) -> Array:
    """Divide each row by its largest number; return these numbers."""
    largest: Array = x.max(axis=1, keepdims=True)
    x /= largest
    return largest


def _take(rows: Array, places: Indices) -> Array:
    """Return `rows[places]`. For short rows this is several times faster than indexing, because no place is checked."""
    return np.take(rows, places, axis=0, mode="clip")


def _steps_per_scaling(chain: Chain) -> int:
    """Return the number of steps after which rows are scaled."""
    change = chain.range + np.log(len(chain.start))  # R + log K
    return int(HALF_RANGE / change) if 1 < change < HALF_RANGE else 1
