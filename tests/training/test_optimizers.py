"""Each rule by hand; of a table it touches the batch's rows and their state, and nothing else."""

import numpy as np
import pytest

from windowner.network.rows import RowGradient, gather_gradient
from windowner.training.optimizers import RULES, Optimizer


def train(name, gradients, p=None, rate=0.1, trainable=None):
    """Step once for each gradient of one parameter `p`, and return it with the optimizer."""
    p = np.array([1.0]) if p is None else p
    optimizer = Optimizer(name, {"p": p}, {} if trainable is None else {"p": trainable})
    for gradient in gradients:
        optimizer.step({"p": gradient}, rate)
    return p, optimizer


def states(optimizer):
    return optimizer._states["p"]


# Worked by hand; tolerance: a few roundings, and epsilon = 1e-8 beside a denominator of 3


def test_sgd_by_hand():
    """1 - 0.1 * 3 = 0.7, then 0.7 - 0.1 * -4 = 1.1."""
    p, _ = train("sgd", [np.array([3.0]), np.array([-4.0])])
    assert p[0] == pytest.approx(1.1, rel=1e-15)


def test_adagrad_by_hand():
    """s = 9: 1 - 0.1 * 3/3 = 0.9. Then s = 9 + 16 = 25: 0.9 - 0.1 * 4/5 = 0.82."""
    p, optimizer = train("adagrad", [np.array([3.0])])
    assert p[0] == pytest.approx(0.9, abs=1e-9)
    p, optimizer = train("adagrad", [np.array([3.0]), np.array([4.0])])
    assert p[0] == pytest.approx(0.82, abs=1e-9)
    assert states(optimizer)[0][0] == 25


def test_adam_by_hand():
    """The bias correction makes the first step as long as the learning rate, whatever the gradient's size.

    g = 3:    m = 0.1 * 3 = 0.3, v = 0.001 * 9;  m' = 0.3 / 0.1 = 3, v' = 9;  1 - 0.1 * 3/3 = 0.9
    g = -3:   m = 0.9 * 0.3 - 0.1 * 3 = -0.03, v' = 9 as before;  m' = -0.03 / (1 - 0.81) = -3/19;
              0.9 + 0.1 * (3/19) / 3 = 0.9 + 0.1/19
    """
    p, _ = train("adam", [np.array([3.0])])
    assert p[0] == pytest.approx(0.9, abs=1e-9)
    p, optimizer = train("adam", [np.array([3.0]), np.array([-3.0])])
    assert p[0] == pytest.approx(0.9 + 0.1 / 19, abs=1e-9)
    m, v = states(optimizer)
    assert m[0] == pytest.approx(-0.03, rel=1e-12)
    assert v[0] == pytest.approx(0.009 * 1.999, rel=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_a_gradient_of_zero_moves_nothing(name):
    """Adagrad and Adam divide by a root that is 0 then; epsilon keeps it from being 0 / 0."""
    p, _ = train(name, [np.zeros(1)] * 2)
    assert p[0] == 1


@pytest.mark.parametrize("name", RULES)
def test_every_rule_descends(name):
    """On p^2 / 2, whose gradient is p, from 1: 200 steps of 0.05 come near the bottom."""
    p = np.array([1.0])
    optimizer = Optimizer(name, {"p": p}, {})
    for _ in range(200):
        optimizer.step({"p": p.copy()}, 0.05)
    assert abs(p[0]) < 0.2


# Rows


def row_gradient(rng, rows, D=3):
    return RowGradient(np.array(rows), rng.normal(size=(len(rows), D)))


@pytest.mark.parametrize("name", RULES)
def test_rows_that_a_batch_did_not_touch_keep_every_bit(name):
    """Their state too: Adam's m and v do not decay while a row rests."""
    rng = np.random.default_rng(1)
    p, optimizer = train(name, [row_gradient(rng, [0, 2, 3, 5])], p=rng.normal(size=(6, 3)))
    before = [array.copy() for array in (p, *states(optimizer))]
    optimizer.step({"p": row_gradient(rng, [2, 5])}, 0.1)
    for now, then in zip((p, *states(optimizer)), before, strict=True):
        np.testing.assert_array_equal(now[[0, 1, 3, 4]], then[[0, 1, 3, 4]])
        assert (now[[2, 5]] != then[[2, 5]]).all()


@pytest.mark.parametrize("name", RULES)
def test_touching_every_row_equals_the_dense_step(name):
    """Bit for bit, over several steps: the same operations on the same numbers."""
    rng = np.random.default_rng(2)
    start, gradients = rng.normal(size=(5, 3)), rng.normal(size=(4, 5, 3))
    dense, optimizer = train(name, gradients, p=start.copy())
    sparse, sparse_optimizer = train(name, [RowGradient(np.arange(5), g) for g in gradients], p=start.copy())
    np.testing.assert_array_equal(sparse, dense)
    for of_rows, of_all in zip(states(sparse_optimizer), states(optimizer), strict=True):
        np.testing.assert_array_equal(of_rows, of_all)


@pytest.mark.parametrize("name", ["sgd", "adagrad"])
def test_a_sparse_step_equals_the_dense_one_with_zeros(name):
    """For rules that do nothing at a zero gradient; Adam is not one, its momentum goes on."""
    rng = np.random.default_rng(3)
    start = rng.normal(size=(6, 3))
    gradients = [row_gradient(rng, rows) for rows in ([0, 4], [4, 5], [1])]
    sparse, _ = train(name, gradients, p=start.copy())
    dense, _ = train(name, [gradient.dense((6, 3)) for gradient in gradients], p=start.copy())
    np.testing.assert_array_equal(sparse, dense)


@pytest.mark.parametrize("name", RULES)
def test_a_row_that_is_looked_up_twice_takes_one_step_with_the_sum(name):
    start = np.array([[1.0], [2.0], [3.0]])
    twice, _ = train(name, [gather_gradient(np.array([1, 1]), np.array([[0.25], [0.5]]))], p=start.copy())
    summed, _ = train(name, [RowGradient(np.array([1]), np.array([[0.75]]))], p=start.copy())
    np.testing.assert_array_equal(twice, summed)
    assert twice[1] != 2


def test_adams_clock_counts_all_steps_not_a_rows_own():
    """A row first touched at step 2 is corrected as at step 2: m' = 0.1 g / 0.19, v' = 0.001 g^2 / 0.001999.

    So its step is 0.1 * (0.1 / 0.19) / sqrt(0.001 / 0.001999).
    """
    gradients = [RowGradient(np.array([row]), np.array([[5.0]])) for row in (0, 1)]
    p, _ = train("adam", gradients, p=np.ones((2, 1)))
    assert p[0, 0] == pytest.approx(0.9, abs=1e-9)
    assert p[1, 0] == pytest.approx(1 - 0.1 * (0.1 / 0.19) / (0.001 / 0.001999) ** 0.5, abs=1e-8)


@pytest.mark.parametrize("name", RULES)
def test_state_is_kept_for_the_rows_that_may_move_and_no_others(name):
    """400,000 frozen vectors must not cost two more arrays of their size."""
    rng = np.random.default_rng(4)
    _, optimizer = train(name, [row_gradient(rng, [1])], p=rng.normal(size=(100, 3)), trainable=2)
    assert [state.shape for state in states(optimizer)] == [(2, 3)] * RULES[name].states


@pytest.mark.parametrize("name", RULES)
def test_a_gradient_without_rows_moves_nothing(name):
    p, _ = train(name, [RowGradient(np.array([], dtype=np.int32), np.empty((0, 3)))], p=np.ones((4, 3)), trainable=2)
    np.testing.assert_array_equal(p, np.ones((4, 3)))


@pytest.mark.parametrize("name", RULES)
def test_parameters_are_changed_in_place_and_stay_float32(name):
    p = np.ones((4, 3), dtype=np.float32)
    gradients = [np.ones((4, 3), dtype=np.float32), RowGradient(np.array([1]), np.ones((1, 3), dtype=np.float32))]
    trained, optimizer = train(name, gradients, p=p)
    assert trained is p
    assert {array.dtype for array in (p, *states(optimizer))} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", RULES)
def test_gradients_are_left_as_they_were(name):
    gradient = np.array([3.0, -4.0])
    train(name, [gradient], p=np.ones(2))
    np.testing.assert_array_equal(gradient, [3, -4])
