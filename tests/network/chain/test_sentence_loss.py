"""The sentence-level loss against every tag sequence, written out and scored one by one; by differences; extremes."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph.numeric import check_gradients, worst
from windowner.network.chain import messages
from windowner.network.chain.scores import Chain
from windowner.network.chain.sentence_loss import sentence_loss
from windowner.network.losses import cross_entropy

drawn = settings(derandomize=True, max_examples=30, deadline=None)
shapes = {
    "lengths": st.lists(st.integers(0, 4), min_size=1, max_size=5).filter(any),
    "K": st.integers(1, 4),
    "seed": st.integers(0, 2**32 - 1),
}


def draw(lengths, K, seed=1, size=1.0):
    rng = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)
    N = offsets[-1]
    chain = Chain(size * rng.normal(size=(K, K)), size * rng.normal(size=K), size * rng.normal(size=K))
    return size * 3 * rng.normal(size=(N, K)), rng.integers(0, K, N).astype(np.int32), offsets, chain


def score(z, y, chain):
    """Return s(y) of one sentence, term by term."""
    logits = sum(z[t, k] for t, k in enumerate(y))
    return logits + chain.start[y[0]] + chain.end[y[-1]] + sum(chain.transition[i, j] for i, j in pairwise(y))


def by_enumeration(z, y, offsets, chain):
    """Return J and all gradients, each of the K^T sequences of a sentence with its probability."""
    N, K = z.shape
    J, dz = 0.0, np.zeros_like(z)
    gradient = Chain(*(np.zeros_like(p) for p in chain.parameters.values()))
    for first, last in pairwise(offsets):
        if first == last:
            continue
        sequences = list(product(range(K), repeat=last - first))
        s = np.array([score(z[first:last], sequence, chain) for sequence in sequences])
        log_Z = s.max() + np.log(np.exp(s - s.max()).sum())
        gold = tuple(y[first:last].tolist())
        J += (log_Z - score(z[first:last], gold, chain)) / N
        for sequence, p in [*zip(sequences, np.exp(s - log_Z), strict=True), (gold, -1.0)]:
            gradient.start[sequence[0]] += p / N
            gradient.end[sequence[-1]] += p / N
            for i, j in pairwise(sequence):
                gradient.transition[i, j] += p / N
            for t, k in enumerate(sequence):
                dz[first + t, k] += p / N
    return J, dz, gradient


def test_worked_example():
    """Two words, two tags, all logits 0, except for transition[0, 0] = ln 3; the tags are 0 0.

    exp s of 00, 01, 10, 11 is 3, 1, 1, 1, so Z = 6 and p = 1/2, 1/6, 1/6, 1/6.
    J              = -ln(1/2) / 2 windows
    P(y_1 = 0)     = 1/2 + 1/6 = 2/3, and so of y_2:  dz = (2/3 - 1, 1/3) / 2 = (-1/6, 1/6), twice; dstart, dend alike
    dtransition    = ((1/2 - 1, 1/6), (1/6, 1/6)) / 2

    Tolerance: a few roundings of numbers near 1.
    """
    chain = Chain(np.array([[np.log(3), 0], [0, 0]]), np.zeros(2), np.zeros(2))
    J, dz, gradient = sentence_loss(np.zeros((2, 2)), np.array([0, 0]), np.array([0, 2]), chain)
    assert J == pytest.approx(np.log(2) / 2, rel=1e-15)
    np.testing.assert_allclose(dz, [[-1 / 6, 1 / 6]] * 2, rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradient.start, [-1 / 6, 1 / 6], rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradient.end, [-1 / 6, 1 / 6], rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradient.transition, [[-1 / 4, 1 / 12], [1 / 12, 1 / 12]], rtol=0, atol=1e-15)


@drawn
@given(**shapes)
def test_every_sequence_written_out(lengths, K, seed):
    """Tolerance: float64 sums of at most 256 numbers, of size 30."""
    z, y, offsets, chain = draw(lengths, K, seed)
    J, dz, gradient = sentence_loss(z, y, offsets, chain)
    expected_J, expected_dz, expected = by_enumeration(z, y, offsets, chain)
    assert J == pytest.approx(expected_J, rel=0, abs=1e-12)
    np.testing.assert_allclose(dz, expected_dz, rtol=0, atol=1e-12)
    for name, block in gradient.parameters.items():
        np.testing.assert_allclose(block, expected.parameters[name], rtol=0, atol=1e-12, err_msg=name)


def slopes(z, y, offsets, chain, wrong=lambda gradients: gradients):
    """Check all gradients by differences."""

    def loss(p):
        J, dz, gradient = sentence_loss(p["z"], y, offsets, Chain(p["transition"], p["start"], p["end"]))
        return J, wrong({"z": dz, **gradient.parameters})

    return worst(check_gradients(loss, {"z": z, **chain.parameters})).error


@drawn
@given(**{**shapes, "K": st.integers(2, 4)})  # of one tag alone J is 0, and a difference is mere rounding
def test_the_gradient_is_the_slope(lengths, K, seed):
    """Tolerance of the gradient check, 1e-7: correct code gives about 2e-10."""
    assert slopes(*draw(lengths, K, seed)) < 1e-7


PLANTED = {
    "mean over sentences": lambda g: {name: block * 10 / 4 for name, block in g.items()},
    "transitions from column to row": lambda g: {**g, "transition": g["transition"].T},
    "start for end": lambda g: {**g, "end": g["start"]},
    "0.05 % too much": lambda g: {**g, "start": 1.0005 * g["start"]},
}


@pytest.mark.parametrize("bug", PLANTED)
def test_planted_bugs_are_caught(bug):
    case = draw([3, 1, 4, 2], 3)
    assert slopes(*case) < 1e-7
    assert slopes(*case, wrong=PLANTED[bug]) > 1e-5


@drawn
@given(**shapes)
def test_without_scores_of_neighbours_it_is_the_word_level_loss(lengths, K, seed):
    """Tags are then independent; tolerance: sums of at most 20 numbers below 30."""
    z, y, offsets, _ = draw(lengths, K, seed)
    J, dz, _ = sentence_loss(z, y, offsets, Chain.zeros(K))
    expected_J, expected_dz = cross_entropy(z, y)
    assert J == pytest.approx(expected_J, rel=0, abs=1e-12)
    np.testing.assert_allclose(dz, expected_dz, rtol=0, atol=1e-13)


@drawn
@given(**shapes)
def test_gradients_of_a_window_sum_to_zero(lengths, K, seed):
    _, dz, gradient = sentence_loss(*draw(lengths, K, seed))
    np.testing.assert_allclose(dz.sum(axis=1), 0, rtol=0, atol=1e-14)
    for block in gradient.parameters.values():
        assert block.sum() == pytest.approx(0, abs=1e-14)


def test_sentences_do_not_change_each_other():
    """Their mean, weighted by windows, is that of all of them; tolerance: sums of 60 numbers of size 1."""
    z, y, offsets, chain = draw([5, 30, 1, 12, 12], 4)
    J, dz, gradient = sentence_loss(z, y, offsets, chain)
    parts = [
        (b - a, *sentence_loss(z[a:b], y[a:b], np.array([0, b - a]), chain)) for a, b in pairwise(offsets.tolist())
    ]
    N = len(z)
    assert J == pytest.approx(sum(n * J_n for n, J_n, _, _ in parts) / N, rel=1e-13)
    np.testing.assert_allclose(dz, np.concatenate([dz_n * n / N for n, _, dz_n, _ in parts]), atol=1e-14)
    np.testing.assert_allclose(gradient.transition, sum(g.transition * n / N for n, _, _, g in parts), atol=1e-14)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_scaling_changes_nothing(monkeypatch, steps):
    """Tolerance: a few roundings a word, of 50 words."""
    case = draw([50, 31, 3], 5)
    expected_J, expected_dz, expected = sentence_loss(*case)
    monkeypatch.setattr(messages, "_steps_per_scaling", lambda _: steps)
    J, dz, gradient = sentence_loss(*case)
    assert J == pytest.approx(expected_J, rel=1e-13)
    np.testing.assert_allclose(dz, expected_dz, rtol=0, atol=1e-13)
    np.testing.assert_allclose(gradient.transition, expected.transition, rtol=0, atol=1e-13)


@pytest.mark.parametrize("size", [1e-3, 1.0, 30.0])
def test_a_long_sentence_stays_within_range(size):
    """Of 5,000 words Z is about exp(5000 size), far beyond any float; the gradients are numbers, their sums 0."""
    J, dz, gradient = sentence_loss(*draw([5000, 2], 6, size=size))
    assert np.isfinite(J)
    assert np.isfinite(dz).all()
    assert np.abs(dz.sum(axis=1)).max() < 1e-15
    assert abs(gradient.transition.sum()) < 1e-10


def test_logits_of_1e4_neither_overflow_nor_vanish():
    """Of both words tag 0 is certain and tag 1 is right: J = (2e4 + 2e4) / 2, except for the chain's scores of 1."""
    z = np.array([[1e4, -1e4], [1e4, -1e4]])
    J, dz, _ = sentence_loss(z, np.array([1, 1]), np.array([0, 2]), replace(Chain.zeros(2), start=np.array([1.0, 0.0])))
    assert J == 2e4 + 0.5
    np.testing.assert_array_equal(dz, [[0.5, -0.5]] * 2)


def test_parameters_that_are_not_finite_are_no_finite_loss():
    """So that a network which has run away is noticed."""
    z, y, offsets, chain = draw([4, 2], 3)
    with np.errstate(all="ignore"):
        for wrong in (np.nan, np.inf):
            assert not np.isfinite(sentence_loss(z * wrong, y, offsets, chain)[0])
            assert not np.isfinite(sentence_loss(z, y, offsets, replace(chain, end=chain.end * wrong))[0])


def test_float32_stays_float32_and_nothing_is_changed():
    z, y, offsets, chain = draw([4, 2], 3)
    z, chain = z.astype(np.float32), chain.astype(np.float32)
    before = z.copy()
    _, dz, gradient = sentence_loss(z, y, offsets, chain)
    assert {dz.dtype, *(block.dtype for block in gradient.parameters.values())} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(z, before)
