"""Probabilities of tags and of spans of tags, against every sequence written out."""

from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain import marginals as module
from windowner.network.chain.marginals import log_marginals, marginals, span_probabilities
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
    monkeypatch.setattr(module, "CHUNK", words * K)
    z, tags, chain = drawn
    spans = [
        (start, end, enumerated(z, tags, first, last, range(start, end), chain))
        for first, last in pairwise(OFFSETS.tolist())
        for start in range(first, last)
        for end in range(start + 1, last + 1)
    ]
    starts, ends, p = map(np.array, zip(*spans, strict=True))
    np.testing.assert_allclose(span_probabilities(z, tags, (starts, ends), OFFSETS, chain), p, rtol=1e-12)
    for start, end, expected in spans:  # alone, without messages of the other sentences
        alone = span_probabilities(z, tags, (np.array([start]), np.array([end])), OFFSETS, chain)
        np.testing.assert_allclose(alone, [expected], rtol=1e-12)


@pytest.mark.parametrize("words", [1, 5, 100])
def test_marginals_of_all_tags(drawn, monkeypatch, words):
    """Tolerance: float64 sums of at most 81 numbers."""
    monkeypatch.setattr(module, "CHUNK", words * K)
    z, tags, chain = drawn
    p = np.exp(log_marginals(z, OFFSETS, chain))
    for first, last in pairwise(OFFSETS.tolist()):
        for t, k in product(range(first, last), range(K)):
            expected = enumerated(z, np.full_like(tags, k), first, last, [t], chain)
            assert p[t, k] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)


def test_marginals_have_the_precision_of_the_logits(drawn):
    """Tolerance: half of the distance of two float32 numbers."""
    z, _, chain = drawn
    z = z.astype(np.float32)
    p = marginals(z, OFFSETS, chain)
    assert p.dtype == np.float32
    np.testing.assert_allclose(p, np.exp(log_marginals(z.astype(np.float64), OFFSETS, chain)), rtol=6.1e-8)


def test_without_scores_of_neighbours_it_is_the_softmax(drawn):
    z, tags, _ = drawn
    softmax = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.exp(log_marginals(z, OFFSETS, Chain.zeros(K))), softmax, rtol=1e-13)
    p = softmax[np.arange(len(z)), tags]
    spans = np.array([0, 5]), np.array([3, 8])
    joint = span_probabilities(z, tags, spans, OFFSETS, Chain.zeros(K))
    np.testing.assert_allclose(joint, [p[:3].prod(), p[5:8].prod()], rtol=1e-13)


def test_what_is_too_unlikely_for_a_float_is_0_without_a_warning():
    z = np.array([[1e4, 0, 0], [0, 1e4, 0]], dtype=np.float32)
    tags, offsets = np.array([2, 1]), np.array([0, 2])
    assert np.exp(log_marginals(z, offsets, Chain.zeros(K)))[[0, 1], tags].tolist() == [0, 1]
    spans = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert span_probabilities(z, tags, spans, offsets, Chain.zeros(K)).tolist() == [0, 0, 1]


def test_no_words_have_no_probabilities():
    z, none, offsets = np.zeros((0, K)), np.array([], dtype=np.intp), np.array([0, 0])
    assert log_marginals(z, offsets, Chain.zeros(K)).shape == (0, K)
    assert span_probabilities(z, none, (none, none), offsets, Chain.zeros(K)).shape == (0,)


def test_a_chunk_has_no_fewer_words_than_there_are_tags():
    """70,000 logits of 1,000 tags are 70 words, and of 100 tags 700 words. Each sentence has 10 words."""
    offsets = np.arange(0, 10_001, 10)
    assert [last - first for first, last in module._chunks(offsets, 1000)] == [100] * 10
    assert next(last - first for first, last in module._chunks(offsets, 100)) == 70
