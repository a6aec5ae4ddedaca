"""What the neighbours say of a tag, against the marginals and against every sequence written out."""

from itertools import pairwise, product

import numpy as np
import pytest

from windowner.network.chain.marginals import log_marginals
from windowner.network.chain.neighbours import neighbour_scores
from windowner.network.chain.scores import Chain

K = 3


@pytest.fixture(params=[1, 2, 5])
def sentence(request):
    rng = np.random.default_rng(2)
    return 2 * rng.normal(size=(request.param, K)), Chain(rng.normal(size=(K, K)), *rng.normal(size=(2, K)))


def centered(scores):
    return scores - scores[0]


def test_logit_left_and_right_add_up_to_the_marginals(sentence):
    """Tolerance: float64 sums."""
    z, chain = sentence
    log_p = log_marginals(z, np.array([0, len(z)]), chain)
    for word in range(len(z)):
        left, right = neighbour_scores(z, word, chain)
        np.testing.assert_allclose(centered(z[word] + left + right), centered(log_p[word]), atol=1e-12)


def test_each_side_is_the_sum_over_its_tag_sequences(sentence):
    """Tolerance: float64 sums of at most 81 numbers."""
    z, chain = sentence
    for word in range(len(z)):
        left, right = np.zeros(K), np.zeros(K)
        for k in range(K):
            before = [(*tags, k) for tags in product(range(K), repeat=word)]
            after = [(k, *tags) for tags in product(range(K), repeat=len(z) - word - 1)]
            for y in before:
                s = sum(chain.transition[i, j] for i, j in pairwise(y)) + chain.start[y[0]]
                left[k] += np.exp(s + sum(z[t, tag] for t, tag in enumerate(y[:-1])))
            for y in after:
                s = sum(chain.transition[i, j] for i, j in pairwise(y)) + chain.end[y[-1]]
                right[k] += np.exp(s + sum(z[word + t, tag] for t, tag in enumerate(y) if t))
        found = neighbour_scores(z, word, chain)
        np.testing.assert_allclose(centered(found[0]), centered(np.log(left)), atol=1e-12)
        np.testing.assert_allclose(centered(found[1]), centered(np.log(right)), atol=1e-12)


def test_logits_that_differ_by_a_thousand(sentence):
    z, chain = sentence
    z = z.copy()
    z[:, 0] += 1000
    for word in range(len(z)):
        assert all(np.isfinite(side).all() for side in neighbour_scores(z, word, chain))
