"""What is known of the tags, against every tag sequence: words that are not annotated, sets, soft labels, weights."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.chain.test_sentence_loss import draw, score, shapes
from windowner.graph.numeric import check_gradients, worst
from windowner.inputs.labels import NO_TAG, SoftLabels
from windowner.network.chain import counts, sentence_loss
from windowner.network.chain.scores import Chain
from windowner.network.losses import cross_entropy

drawn = settings(derandomize=True, max_examples=30, deadline=None)
shares = st.sampled_from([0.0, 0.3, 1.0])


def draw_unknown(lengths, K, seed, share):
    z, y, offsets, chain = draw(lengths, K, seed)
    return z, np.where(np.random.default_rng(seed).random(len(y)) < share, NO_TAG, y), offsets, chain


def draw_soft(y, K, seed, offsets):
    """Return probabilities of tags, and a weight per sentence. Every other word is sure."""
    rng = np.random.default_rng(seed)
    q = rng.dirichlet(np.ones(K), len(y))
    sure = np.arange(0, len(y), 2)
    q[sure] = np.eye(K)[y[sure]]
    return SoftLabels(q, np.repeat(rng.uniform(0, 2, len(offsets) - 1), np.diff(offsets)))


def log_of_sum(numbers):
    largest = max(numbers)
    return largest + np.log(sum(np.exp(number - largest) for number in numbers))


def by_enumeration(z, y, offsets, chain, soft=None, sets=None):
    """Return J: log Z without the log of the sum over sequences that agree, or the mean of -log p(y) under q."""
    K, J = z.shape[1], 0.0
    for first, last in pairwise(offsets):
        if first == last:
            continue
        known, words = y[first:last], range(last - first)
        scores = {s: score(z[first:last], s, chain) for s in product(range(K), repeat=last - first)}
        log_Z = log_of_sum(scores.values())
        if soft is None or (known < 0).any():
            agrees = [
                [known[t] in (NO_TAG, k) or (known[t] < NO_TAG and sets[known[t], k]) for k in range(K)] for t in words
            ]
            target = log_of_sum([v for s, v in scores.items() if all(agrees[t][s[t]] for t in words)])
        else:
            q = soft.shares[first:last]
            target = sum(v * np.prod([q[t, s[t]] for t in words]) for s, v in scores.items())
        J += (log_Z - target) * (1 if soft is None else soft.weights[first])
    return J / len(z)


def slopes(z, y, offsets, chain, soft=None, sets=None):
    def loss(p):
        scores = Chain(p["transition"], p["start"], p["end"])
        J, dz, gradient = sentence_loss.sentence_loss(p["z"], y, offsets, scores, soft, sets)
        return J, {"z": dz, **gradient.parameters}

    return worst(check_gradients(loss, {"z": z, **chain.parameters})).error


@drawn
@given(**shapes, share=shares)
def test_the_loss_of_unknown_words_is_that_of_every_sequence_that_agrees(lengths, K, seed, share):
    """Tolerance: float64 sums of at most 256 numbers, of size 30."""
    case = draw_unknown(lengths, K, seed, share)
    assert sentence_loss.sentence_loss(*case)[0] == pytest.approx(by_enumeration(*case), rel=0, abs=1e-12)


@drawn
@given(**shapes, share=shares)
def test_the_loss_of_soft_labels_is_the_mean_over_every_sequence(lengths, K, seed, share):
    """Sentences with a word that is not annotated have the loss of their known tags. Tolerance as above."""
    z, y, offsets, chain = draw_unknown(lengths, K, seed, share)
    case = (z, y, offsets, chain, draw_soft(y, K, seed, offsets))
    assert sentence_loss.sentence_loss(*case)[0] == pytest.approx(by_enumeration(*case), rel=0, abs=1e-12)


@drawn
@given(**{**shapes, "K": st.integers(2, 4)}, share=st.sampled_from([0.0, 0.3]))
def test_the_gradient_is_the_slope(lengths, K, seed, share):
    """Tolerance of the gradient check, 1e-7. If no word is annotated, J is 0, and a difference is mere rounding."""
    z, y, offsets, chain = draw_unknown(lengths, K, seed, share)
    y[0] = 0
    assert slopes(z, y, offsets, chain) < 1e-7
    assert slopes(z, y, offsets, chain, draw_soft(y, K, seed, offsets)) < 1e-7


@drawn
@given(**{**shapes, "K": st.integers(2, 4)}, soft=st.booleans())
def test_of_some_words_a_set_of_tags_is_known(lengths, K, seed, soft):
    """The loss is that of every sequence that agrees, and its gradient is the slope. Tolerances as above."""
    z, y, offsets, chain = draw_unknown(lengths, K, seed, 0.3)
    rng = np.random.default_rng(seed)
    y[rng.random(len(y)) < 0.5] = -2
    y[0] = 0
    sets = np.ones((2, K), dtype=bool)
    sets[0, rng.integers(0, K)] = False
    labels = draw_soft(y, K, seed, offsets) if soft else None
    case = (z, y, offsets, chain, labels, sets)
    assert sentence_loss.sentence_loss(*case)[0] == pytest.approx(by_enumeration(*case), rel=0, abs=1e-12)
    assert slopes(*case) < 1e-7
    word_level = cross_entropy(z, y, labels, sets)
    expected = sentence_loss.sentence_loss(z, y, np.arange(len(y) + 1), Chain.zeros(K), labels, sets)
    assert word_level[0] == pytest.approx(expected[0], rel=0, abs=1e-12)
    np.testing.assert_allclose(word_level[1], expected[1], rtol=0, atol=1e-13)


PLANTED = {
    "sets of tags say nothing": (
        "known_counts",
        lambda z, y, steps, chain, w=None, sets=None: counts.known_counts(z, np.maximum(y, NO_TAG), steps, chain, w),
    ),
    "the weights of transitions twice": (
        "soft_counts",
        lambda z, q, steps, chain, w: counts.soft_counts(z, q, steps, chain, w * w),
    ),
    "words without a tag have the first one": (
        "known_counts",
        lambda z, y, *rest, **options: counts.known_counts(z, np.maximum(y, 0), *rest, **options),
    ),
    "words without a tag have none": (
        "known_counts",
        lambda z, y, steps, chain, w=None, sets=None: counts.Counts(
            0.0, np.zeros(z.shape), np.zeros(chain.transition.shape)
        ),
    ),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_planted_bugs_are_caught(monkeypatch, bug):
    z, y, offsets, chain = draw([3, 1, 4, 2], 3)
    y[4:6], y[6] = NO_TAG, -2
    sets = np.array([[True, False, True], [True, True, True]])
    case = (z, y, offsets, chain, draw_soft(y, 3, 1, offsets), sets)
    expected = by_enumeration(*case)
    assert sentence_loss.sentence_loss(*case)[0] == pytest.approx(expected, rel=0, abs=1e-12)
    monkeypatch.setattr(sentence_loss, *PLANTED[bug])
    J = sentence_loss.sentence_loss(*case)[0]
    assert abs(J - expected) > 1e-3 or slopes(*case) > 1e-5


def test_if_nothing_is_known_nothing_moves():
    z, y, offsets, chain = draw([3, 1, 4, 2], 3)
    J, dz, gradient = sentence_loss.sentence_loss(z, np.full(len(y), NO_TAG), offsets, chain)
    assert J == 0
    assert not dz.any()
    assert not any(block.any() for block in gradient.parameters.values())


def test_one_unknown_word_is_the_sum_over_its_tags():
    """Z_known is the sum of exp s over the K sequences that differ in this word alone."""
    z, y, offsets, chain = draw([5], 3)
    partial = y.copy()
    partial[2] = NO_TAG
    p = 0.0
    for k in range(3):
        y[2] = k
        p += np.exp(-5 * sentence_loss.sentence_loss(z, y, offsets, chain)[0])
    assert sentence_loss.sentence_loss(z, partial, offsets, chain)[0] == pytest.approx(-np.log(p) / 5, rel=1e-12)


def test_sure_soft_labels_are_tags():
    """Tolerance: the sums are taken in another order."""
    z, y, offsets, chain = draw([3, 1, 4, 2], 3)
    sure = SoftLabels(np.eye(3)[y], np.ones(len(y)))
    J, dz, gradient = sentence_loss.sentence_loss(z, y, offsets, chain, sure)
    expected_J, expected_dz, expected = sentence_loss.sentence_loss(z, y, offsets, chain)
    assert J == pytest.approx(expected_J, rel=1e-14)
    np.testing.assert_allclose(dz, expected_dz, rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradient.transition, expected.transition, rtol=0, atol=1e-15)


def test_a_long_sentence_with_few_known_words_stays_within_range():
    """Of 5,000 words Z is far beyond any float. Tolerance of the sums: 5,000 roundings."""
    z, y, offsets, chain = draw([5000], 6, size=10.0)
    y[np.arange(len(y)) % 100 > 0] = NO_TAG
    J, dz, _ = sentence_loss.sentence_loss(z, y, offsets, chain)
    assert 0 < J < np.inf
    assert np.abs(dz.sum(axis=1)).max() < 1e-15


@drawn
@given(**shapes, share=shares)
def test_without_scores_of_neighbours_it_is_the_word_level_loss(lengths, K, seed, share):
    """For words that are not annotated, and for soft labels. Tolerance: sums of at most 20 numbers below 30."""
    z, y, offsets, _ = draw_unknown(lengths, K, seed, share)
    soft = draw_soft(y, K, seed, offsets)
    unknown_somewhere = np.repeat(
        [NO_TAG in y[a:b] for a, b in pairwise(offsets)], np.diff(offsets)
    )  # such a sentence has sure tags
    soft.shares[unknown_somewhere] = np.eye(K)[y[unknown_somewhere]]
    for labels in (None, soft):
        J, dz, _ = sentence_loss.sentence_loss(z, y, offsets, Chain.zeros(K), labels)
        expected_J, expected_dz = cross_entropy(z, y, labels)
        assert J == pytest.approx(expected_J, rel=0, abs=1e-12)
        np.testing.assert_allclose(dz, expected_dz, rtol=0, atol=1e-13)
