"""Probabilities of tags and of spans of tags, against every sequence written out."""

from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain import marginals
from windowner.network.chain.marginals import log_marginals, tag_probabilities
from windowner.network.chain.scores import Chain

LENGTHS = [4, 1, 0, 3]
OFFSETS = np.concatenate([[0], np.cumsum(LENGTHS)]).astype(np.intp)
K = 3


@pytest.fixture
def drawn():
    rng = np.random.default_rng(1)
    chain = Chain(rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K))
    return 2 * rng.normal(size=(OFFSETS[-1], K)), rng.integers(0, K, OFFSETS[-1]), chain


def enumerated(z, tags, first, last, span, chain):
    """Sum the probabilities of all sequences of a sentence that hold the chosen tags in a span of its words."""
    total = chosen = 0.0
    for y in product(range(K), repeat=last - first):
        s = chain.start[y[0]] + chain.end[y[-1]] + sum(chain.transition[i, j] for i, j in pairwise(y))
        weight = np.exp(s + sum(z[first + t, k] for t, k in enumerate(y)))
        total += weight
        chosen += weight * all(y[t - first] == tags[t] for t in span)
    return chosen / total


@pytest.mark.parametrize("words", [1, 2, 5, 100])
def test_every_span_of_every_sentence(drawn, monkeypatch, words):
    """Tolerance: float64 sums of at most 81 numbers."""
    monkeypatch.setattr(marginals, "CHUNK_WORDS", words)
    z, tags, chain = drawn
    found = tag_probabilities(z, tags, OFFSETS, chain)
    for first, last in pairwise(OFFSETS.tolist()):
        for start in range(first, last):
            for end in range(start + 1, last + 1):
                p = enumerated(z, tags, first, last, range(start, end), chain)
                joint = found.span_probabilities(np.array([start]), np.array([end]))
                np.testing.assert_allclose(joint, [p], rtol=1e-12)
            assert np.exp(found.marginal[start]) == pytest.approx(enumerated(z, tags, first, last, [start], chain))


@pytest.mark.parametrize("words", [1, 5, 100])
def test_marginals_of_all_tags(drawn, monkeypatch, words):
    """Tolerance: float64 sums of at most 81 numbers."""
    monkeypatch.setattr(marginals, "CHUNK_WORDS", words)
    z, tags, chain = drawn
    log_p = log_marginals(z, OFFSETS, chain)
    for k in range(K):
        marginal = tag_probabilities(z, np.full_like(tags, k), OFFSETS, chain).marginal
        np.testing.assert_allclose(log_p[:, k], marginal, rtol=1e-12)
    np.testing.assert_allclose(np.exp(log_p).sum(axis=1), 1, rtol=1e-12)


def test_without_scores_of_neighbours_it_is_the_softmax(drawn):
    z, tags, _ = drawn
    found = tag_probabilities(z, tags, OFFSETS, Chain.zeros(K))
    p = (np.exp(z) / np.exp(z).sum(axis=1, keepdims=True))[np.arange(len(z)), tags]
    np.testing.assert_allclose(np.exp(found.marginal), p, rtol=1e-13)
    np.testing.assert_allclose(np.exp(found.conditional), p, rtol=1e-13)
    spans = found.span_probabilities(np.array([0, 5]), np.array([3, 8]))
    np.testing.assert_allclose(spans, [p[:3].prod(), p[5:8].prod()], rtol=1e-13)


def test_what_is_too_unlikely_for_a_float_is_0_without_a_warning():
    z = np.array([[1e4, 0, 0], [0, 1e4, 0]], dtype=np.float32)
    found = tag_probabilities(z, np.array([2, 1]), np.array([0, 2]), Chain.zeros(K))
    assert np.exp(found.marginal).tolist() == [0, 1]
    assert found.span_probabilities(np.array([0, 0, 1]), np.array([1, 2, 2])).tolist() == [0, 0, 1]


def test_no_words_have_no_probabilities():
    found = tag_probabilities(np.zeros((0, K)), np.array([], dtype=int), np.array([0, 0]), Chain.zeros(K))
    assert (
        found.marginal.shape == found.span_probabilities(np.array([], dtype=int), np.array([], dtype=int)).shape == (0,)
    )
