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
    steps = Steps.from_offsets(OFFSETS)
    messages = send_messages(steps.in_order(z), steps, chain)
    a, b, eb = map(steps.in_order, (a, b, e * b))
    for found, expected in ((messages.a, a), (messages.b, b), (messages.eb, eb[steps.sentences :])):
        shares = expected / expected.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(found / found.sum(axis=1, keepdims=True), shares, rtol=1e-13)
    np.testing.assert_allclose(messages.A, A / A.max(), rtol=1e-15)


def test_log_Z_is_that_of_every_sequence():
    """Tolerance: float64 sums of at most 81 numbers."""
    z, chain = draw()
    log_Z = []
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
            log_Z.append(np.log(np.exp(scores).sum()))
    steps = Steps.from_offsets(OFFSETS)
    longest_first = [log_Z[2], log_Z[0], log_Z[1]]
    assert send_messages(steps.in_order(z), steps, chain).log_Z == pytest.approx(longest_first, rel=1e-13)


def test_words_are_met_step_by_step_the_longest_sentence_first():
    """Sentences of 1, 0, 3 and 2 words: 0 | 1 2 3 | 4 5; first words are those of the sentences 2, 3 and 0."""
    steps = Steps.from_offsets(np.array([0, 1, 1, 4, 6]))
    assert (steps.sizes, steps.starts, steps.sentences) == ([3, 2, 1], [0, 3, 5, 6], 3)
    assert steps.sentence.tolist() == [0, 1, 2, 0, 1, 0]
    assert steps.words.tolist() == [1, 4, 0, 2, 5, 3]
    assert steps.last.tolist() == [5, 4, 2]
    assert steps.words[steps.left].tolist() == [1, 4, 2]  # on the left of 2, 5 and 3
    text = np.arange(12).reshape(6, 2)
    np.testing.assert_array_equal(steps.in_order(text), text[steps.words])
    np.testing.assert_array_equal(steps.in_text(steps.in_order(text)), text)


@pytest.mark.parametrize("size", [1.0, 140.0])
def test_long_sentences_with_far_scores_are_scaled(size):
    """Products of 3,000 factors between exp(-size) and exp(size) leave float64's range without it."""
    rng = np.random.default_rng(2)
    chain = Chain(size * rng.uniform(-1, 1, (K, K)), np.zeros(K), np.zeros(K))
    z = rng.normal(size=(3000, K))
    steps = Steps.from_offsets(np.array([0, 3000]))
    messages = send_messages(z, steps, chain)
    log_a = z[0]
    for t in range(1, 3000):
        paths = log_a[:, None] + chain.transition
        log_a = z[t] + paths.max(axis=0) + np.log(np.exp(paths - paths.max(axis=0)).sum(axis=0))
    log_Z = log_a.max() + np.log(np.exp(log_a - log_a.max()).sum())
    assert messages.log_Z == pytest.approx(log_Z, rel=1e-12)
    assert (messages.a.max(axis=1) > 0).all()
    assert (messages.b.max(axis=1) > 0).all()


def test_scores_that_are_too_far_apart_give_nan():
    """Products of exp(-400) and exp(-400) are 0 in float64, and shares of 0 would be wrong."""
    chain = Chain(np.array([[0.0, 400], [0, 0]]), np.zeros(2), np.zeros(2))
    steps = Steps.from_offsets(np.array([0, 2]))
    messages = send_messages(np.zeros((2, 2)), steps, chain)
    assert np.isnan(messages.log_Z)
    assert np.isnan(messages.a[1]).all()


def test_log_Z_of_equal_scores_is_T_log_K():
    messages = send_messages(np.zeros((7, 3)), Steps.from_offsets(np.array([0, 5, 7])), Chain.zeros(3))
    assert messages.log_Z == pytest.approx([5 * np.log(3), 2 * np.log(3)], rel=1e-15)
