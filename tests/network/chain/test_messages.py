"""Messages against their recursions in plain loops, and log Z against every tag sequence, written out."""

from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain.messages import Steps, send_messages
from windowner.network.chain.scores import Chain

OFFSETS = np.array([0, 3, 3, 4, 8])  # sentences of 3, 0, 1 and 4 words
K = 3


def draw():
    rng = np.random.default_rng(1)
    return 2 * rng.normal(size=(8, K)), Chain(rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K))


def test_the_recursions_in_plain_loops():
    """A row of a, b or eb has a factor of its own, so rows are compared as shares. Tolerance: some dozen roundings."""
    z, chain = draw()
    e, A = np.exp(z), np.exp(chain.transition)
    a, b = np.empty_like(e), np.empty_like(e)
    for first, last in pairwise(OFFSETS.tolist()):
        for t in range(first, last):
            a[t] = (np.exp(chain.start) if t == first else a[t - 1] @ A) * e[t]
        for t in reversed(range(first, last)):
            b[t] = np.exp(chain.end) if t == last - 1 else (b[t + 1] * e[t + 1]) @ A.T
    messages = send_messages(z, Steps.from_offsets(OFFSETS), chain)
    for found, expected in ((messages.a, a), (messages.b, b), (messages.eb, e * b)):
        shares = expected / expected.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found / found.sum(axis=1, keepdims=True), shares, rtol=1e-13)
    np.testing.assert_allclose(messages.A, A / A.max(), rtol=1e-15)


def test_log_Z_is_that_of_every_sequence():
    """Tolerance: float64 sums of at most 81 numbers."""
    z, chain = draw()
    log_Z = 0.0
    for first, last in pairwise(OFFSETS.tolist()):
        if first < last:
            sequences = product(range(K), repeat=last - first)
            scores = [
                sum(z[first + t, k] for t, k in enumerate(y))
                + chain.start[y[0]]
                + chain.end[y[-1]]
                + sum(chain.transition[i, j] for i, j in pairwise(y))
                for y in sequences
            ]
            log_Z += np.log(np.exp(scores).sum())
    assert send_messages(z, Steps.from_offsets(OFFSETS), chain).log_Z == pytest.approx(log_Z, rel=1e-13)


def test_words_are_met_from_both_ends_the_longest_sentence_first():
    """Sentences of 1, 0, 3 and 2 words: 0 | 1 2 3 | 4 5; first words are those of the sentences 2, 3 and 0."""
    steps = Steps.from_offsets(np.array([0, 1, 1, 4, 6]))
    assert steps.sizes == [3, 2, 1]
    assert steps.forward.tolist() == [1, 4, 0, 2, 5, 3]
    assert steps.backward.tolist() == [3, 5, 0, 2, 4, 1]
    assert (steps.first.tolist(), steps.last.tolist()) == ([0, 1, 4], [0, 3, 5])


def test_log_Z_of_equal_scores_is_T_log_K():
    messages = send_messages(np.zeros((7, 3)), Steps.from_offsets(np.array([0, 5, 7])), Chain.zeros(3))
    assert messages.log_Z == pytest.approx(7 * np.log(3), rel=1e-15)
