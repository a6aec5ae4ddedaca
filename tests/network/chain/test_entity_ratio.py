"""The expected entity ratio against every tag sequence, by differences, and at the edges of its margin."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.chain.test_sentence_loss import draw, score, shapes
from windowner.graph.numeric import check_gradients, worst
from windowner.inputs.labels import NO_TAG, EntityRatio
from windowner.network.chain import entity_ratio
from windowner.network.chain.entity_ratio import entity_ratio_loss, expected_share
from windowner.network.chain.scores import Chain

drawn = settings(derandomize=True, max_examples=30, deadline=None)


def draw_values(z, seed):
    return np.random.default_rng(seed).uniform(0, 1, z.shape)


def slopes(z, v, offsets, chain):
    def share(p):
        r, dz, gradient = expected_share(p["z"], v, offsets, Chain(p["transition"], p["start"], p["end"]))
        return r, {"z": dz, **gradient.parameters}

    return worst(check_gradients(share, {"z": z, **chain.parameters})).error


@drawn
@given(**shapes)
def test_every_sequence_written_out(lengths, K, seed):
    """Tolerance: float64 sums of at most 256 probabilities."""
    z, _, offsets, chain = draw(lengths, K, seed)
    v = draw_values(z, seed)
    r = 0.0
    for first, last in pairwise(offsets):
        if first < last:
            sequences = list(product(range(K), repeat=last - first))
            s = np.array([score(z[first:last], y, chain) for y in sequences])
            p = np.exp(s - s.max())
            p /= p.sum()
            r += sum(q * sum(v[first + t, k] for t, k in enumerate(y)) for q, y in zip(p, sequences, strict=True))
    assert expected_share(z, v, offsets, chain)[0] == pytest.approx(r, rel=0, abs=1e-12)


@drawn
@given(**{**shapes, "K": st.integers(2, 4)})  # of one tag alone r is fixed, and a difference is mere rounding
def test_the_gradient_is_the_slope(lengths, K, seed):
    """Tolerance of the gradient check, 1e-7."""
    z, _, offsets, chain = draw(lengths, K, seed)
    assert slopes(z, draw_values(z, seed), offsets, chain) < 1e-7


PLANTED = {
    "F forgets its left neighbours": ("_means_of_the_left", lambda v, *_: v.copy()),
    "G forgets its right neighbours": ("_means_of_the_right", lambda v, *_: np.zeros(v.shape)),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_planted_bugs_are_caught(monkeypatch, bug):
    z, _, offsets, chain = draw([3, 1, 4, 2], 3)
    v = draw_values(z, 1)
    assert slopes(z, v, offsets, chain) < 1e-7
    monkeypatch.setattr(entity_ratio, *PLANTED[bug])
    assert slopes(z, v, offsets, chain) > 1e-5


def test_without_scores_of_neighbours_it_is_the_share_of_each_word():
    """Three words are not annotated, K = 2, O first: r is the mean of their P(1); dr/dz = p_0 p_1 (-1, 1) / 3."""
    z = np.array([[0.0, 0.0], [np.log(3), 0.0], [5.0, 5.0], [0.0, 0.0]])
    y = np.array([NO_TAG, NO_TAG, 1, NO_TAG])
    prior = EntityRatio(outside=0, ratio=0.15, margin=0.05, strength=2.0)
    J, dz, _ = entity_ratio_loss(z, y, np.array([0, 3, 4]), Chain.zeros(2), prior)
    r = (1 / 2 + 1 / 4 + 1 / 2) / 3
    assert J == pytest.approx(2 * (r - 0.2), rel=1e-14)
    slope = 2 * np.array([1 / 4, 3 / 16, 0, 1 / 4]) / 3
    np.testing.assert_allclose(dz, np.stack([-slope, slope], axis=1), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("ratio", "sign"), [(0.5, 0), (0.5 - 0.04, 0), (0.5 + 0.04, 0), (0.5 - 0.06, 1), (0.5 + 0.06, -1)]
)
def test_within_the_margin_nothing_moves(ratio, sign):
    """All logits are 0, so r is 1/2. Beyond the margin of 0.05 the slope has the sign of r - ratio."""
    prior = EntityRatio(outside=0, ratio=ratio, margin=0.05, strength=1.0)
    J, dz, _ = entity_ratio_loss(np.zeros((4, 2)), np.full(4, NO_TAG), np.array([0, 4]), Chain.zeros(2), prior)
    assert J == pytest.approx(0.01 if sign else 0, abs=1e-15)
    np.testing.assert_array_equal(np.sign(dz), [[-sign, sign]] * 4)


def test_without_unknown_words_there_is_no_prior():
    z, y, offsets, chain = draw([3, 2], 3)
    J, dz, gradient = entity_ratio_loss(z, y, offsets, chain, EntityRatio(0, 0.15, 0.05, 1.0))
    assert J == 0
    assert not np.any(dz)
    assert not any(map(np.any, gradient.parameters.values()))
