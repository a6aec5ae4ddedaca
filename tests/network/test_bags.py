"""Bags against a loop over forms and look-ups; tolerance 1e-12, sums of a dozen float64 numbers of size 1."""

import numpy as np
import pytest

from windowner.inputs.batches import Distinct
from windowner.network.bags import Bags

SAME = 1e-12
IDS = np.array([[2, 3, 2], [0, 0, 0], [4, 0, 0], [3, 4, 0]], dtype=np.int32)  # a repeat, an empty bag, short bags


@pytest.fixture
def E(rng=None):
    return np.random.default_rng(1).normal(size=(6, 3))


def test_worked_example():
    """E = 10, 20, 30 in rows 1 to 3; bag (1, 2, 2) has the mean 50/3, and passes 3 back as 1 and 2."""
    E = np.array([[np.nan], [10.0], [20.0], [30.0]])  # row PAD is never read
    bags = Bags(np.array([[1, 2, 2, 0]], dtype=np.int32))
    np.testing.assert_allclose(bags.mean(E), [[50 / 3]], rtol=SAME)
    gradient = bags.gradient(np.array([[3.0]]), Distinct(20))
    np.testing.assert_array_equal(gradient.rows, [1, 2])
    np.testing.assert_allclose(gradient.values, [[1.0], [2.0]], rtol=SAME)


def test_the_mean_of_each_bag(E):
    expected = [E[[2, 3, 2]].mean(axis=0), np.zeros(3), E[4], E[[3, 4]].mean(axis=0)]
    np.testing.assert_allclose(Bags(IDS).mean(E), expected, atol=SAME)


def test_the_gradient_sums_over_forms_and_repeats(E):
    dX = np.random.default_rng(2).normal(size=(4, 3))
    expected = np.zeros_like(E)
    for r, ids in enumerate(IDS):
        looked_up = ids[ids > 0]
        for v in looked_up:
            expected[v] += dX[r] / len(looked_up)
    gradient = Bags(IDS).gradient(dX, Distinct(20))
    np.testing.assert_array_equal(gradient.rows, [2, 3, 4])
    np.testing.assert_allclose(gradient.dense(E.shape), expected, atol=SAME)


def test_the_gradient_is_the_transpose_of_the_mean(E):
    """<mean(E), dX> = <E, gradient(dX)> for any E and dX; of columns of a wider dX as well."""
    dX = np.random.default_rng(3).normal(size=(4, 5))[:, 1:4]
    left, right = np.vdot(Bags(IDS).mean(E), dX), np.vdot(E, Bags(IDS).gradient(dX, Distinct(20)).dense(E.shape))
    assert abs(left - right) < SAME


def test_float32_stays(E):
    assert Bags(IDS).mean(E.astype(np.float32)).dtype == np.float32
    assert Bags(IDS).gradient(np.ones((4, 3), dtype=np.float32), Distinct(20)).values.dtype == np.float32


def test_bags_of_padding_alone_are_zero_and_pass_nothing_back(E):
    bags = Bags(np.zeros((2, 3), dtype=np.int32))
    np.testing.assert_array_equal(bags.mean(E), np.zeros((2, 3)))
    assert len(bags.gradient(np.ones((2, 3)), Distinct(20)).rows) == 0
