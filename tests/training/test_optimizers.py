"""Each rule by hand; of a table it touches the batch's rows and their state, and nothing else."""

import numpy as np
import pytest

from windowner.inputs.batches import Distinct
from windowner.network.blocks import Block
from windowner.network.rows import RowGradient, gather_gradient
from windowner.training.optimizers import RULES, Optimizer


def train(name, gradients, p=None, rate=0.1, trainable=None, **how):
    """Step once for each gradient of one parameter `p`, and return it with the optimizer."""
    p = np.array([1.0]) if p is None else p
    optimizer = Optimizer(name, [Block("p", "p", p, trainable)], **how)
    for gradient in gradients:
        optimizer.step({"p": gradient}, rate)
    return p, optimizer


def blocks_of(parameters):
    """Blocks of which each is its own group."""
    return [Block(name, name, p) for name, p in parameters.items()]


def states(optimizer):
    return optimizer.state("p")


# Worked by hand; tolerance: a few roundings, and epsilon = 1e-8 beside a denominator of 3


def test_sgd_by_hand():
    """1 - 0.1 * 3 = 0.7, then 0.7 - 0.1 * -4 = 1.1."""
    p, _ = train("sgd", [np.array([3.0]), np.array([-4.0])])
    assert p[0] == pytest.approx(1.1, rel=1e-15)


def test_momentum_by_hand():
    """v = 3: 1 - 0.1 * 3 = 0.7. Then v = 0.9 * 3 - 4 = -1.3: 0.7 + 0.13 = 0.83."""
    p, _ = train("momentum", [np.array([3.0])])
    assert p[0] == pytest.approx(0.7, rel=1e-15)
    p, optimizer = train("momentum", [np.array([3.0]), np.array([-4.0])])
    assert p[0] == pytest.approx(0.83, rel=1e-15)
    assert states(optimizer)[0][0] == pytest.approx(-1.3, rel=1e-15)


def test_nesterov_by_hand():
    """As momentum, a step ahead: it moves by the new gradient and 0.9 of the new velocity.

    v = 3:       1 - 0.1 (3 + 0.9 * 3) = 0.43
    v = -1.3:    0.43 - 0.1 (-4 - 0.9 * 1.3) = 0.43 + 0.517 = 0.947
    """
    p, _ = train("nesterov", [np.array([3.0])])
    assert p[0] == pytest.approx(0.43, rel=1e-15)
    p, optimizer = train("nesterov", [np.array([3.0]), np.array([-4.0])])
    assert p[0] == pytest.approx(0.947, rel=1e-15)
    assert states(optimizer)[0][0] == pytest.approx(-1.3, rel=1e-15)


def test_nesterov_is_the_gradient_looked_up_ahead():
    """Sutskever's form: v' = 0.9 v' - a g(theta + 0.9 v'), theta += v'. What is kept here is theta + 0.9 v'.

    On g(p) = p^3, so that where the gradient is taken makes a difference. Tolerance: roundings of numbers near 1.
    """
    theta, velocity, a = 1.0, 0.0, 0.1
    p = np.array([theta])
    optimizer = Optimizer("nesterov", blocks_of({"p": p}))
    for _ in range(20):
        velocity = 0.9 * velocity - a * (theta + 0.9 * velocity) ** 3
        theta += velocity
        optimizer.step({"p": p**3}, a)
        assert p[0] == pytest.approx(theta + 0.9 * velocity, abs=1e-14)


def test_adagrad_by_hand():
    """s = 9: 1 - 0.1 * 3/3 = 0.9. Then s = 9 + 16 = 25: 0.9 - 0.1 * 4/5 = 0.82."""
    p, optimizer = train("adagrad", [np.array([3.0])])
    assert p[0] == pytest.approx(0.9, abs=1e-9)
    p, optimizer = train("adagrad", [np.array([3.0]), np.array([4.0])])
    assert p[0] == pytest.approx(0.82, abs=1e-9)
    assert states(optimizer)[0][0] == 25


def test_rmsprop_by_hand():
    """s = 0.1 * 9 = 0.9: 1 - 0.1 * 3 / sqrt(0.9). Then s = 0.9 * 0.9 + 0.1 * 16 = 2.41: - 0.1 * 4 / sqrt(2.41)."""
    p, _ = train("rmsprop", [np.array([3.0])])
    assert p[0] == pytest.approx(1 - 0.3 / 0.9**0.5, abs=1e-8)
    p, optimizer = train("rmsprop", [np.array([3.0]), np.array([4.0])])
    assert p[0] == pytest.approx(1 - 0.3 / 0.9**0.5 - 0.4 / 2.41**0.5, abs=1e-8)
    assert states(optimizer)[0][0] == pytest.approx(2.41, rel=1e-14)


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


def test_adamw_by_hand():
    """Adam's steps, 0.1 and -0.1/19, each after W has shrunk to 1 - 0.1 * 0.5 = 0.95 of itself.

    1 * 0.95 - 0.1 = 0.85, then 0.85 * 0.95 + 0.1/19 = 0.8075 + 0.1/19. Adam's m and v know nothing of it.
    """
    p = {"W": np.array([1.0])}
    optimizer = Optimizer("adamw", blocks_of(p), weight_decay=0.5)
    optimizer.step({"W": np.array([3.0])}, 0.1)
    assert p["W"][0] == pytest.approx(0.85, abs=1e-9)
    optimizer.step({"W": np.array([-3.0])}, 0.1)
    assert p["W"][0] == pytest.approx(0.8075 + 0.1 / 19, abs=1e-9)
    assert optimizer.state("W")[0][0] == pytest.approx(-0.03, rel=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_weight_decay_is_adamws_alone_and_shrinks_w_and_u_alone(name):
    """With gradients of zero nothing else moves. Biases and tables, sparse or dense, are not decayed."""
    names = ["E.words", "E.capitals", "W", "b1", "U", "b2"]
    parameters = {each: np.ones((2, 2)) for each in names}
    gradients = {each: np.zeros((2, 2)) for each in names}
    gradients["E.words"] = RowGradient(np.array([1]), np.zeros((1, 2)))
    Optimizer(name, blocks_of(parameters), weight_decay=0.5).step(gradients, 0.1)
    shrunk = {each for each in names if (parameters[each] == 1 - 0.1 * 0.5).all()}
    assert shrunk == ({"W", "U"} if name == "adamw" else set())
    assert all((parameters[each] == 1).all() for each in names if each not in shrunk)


def test_adamw_does_not_decay_what_has_no_gradient():
    """A block that is not trained keeps its values."""
    parameters = {"W": np.ones(2), "U": np.ones(2)}
    Optimizer("adamw", blocks_of(parameters), weight_decay=0.5).step({"U": np.zeros(2)}, 0.1)
    assert parameters["W"].tolist() == [1, 1]
    assert parameters["U"].tolist() == [0.95, 0.95]


def test_without_decay_adamw_is_adam():
    gradients = list(np.random.default_rng(5).normal(size=(4, 3)))
    parameters = [{"W": np.ones(3)} for _ in range(2)]
    for name, p in zip(("adam", "adamw"), parameters, strict=True):
        optimizer = Optimizer(name, blocks_of(p), weight_decay=0.0)
        for gradient in gradients:
            optimizer.step({"W": gradient}, 0.1)
    np.testing.assert_array_equal(parameters[0]["W"], parameters[1]["W"])


@pytest.mark.parametrize("name", RULES)
def test_a_gradient_of_zero_moves_nothing(name):
    """Adagrad, RMSProp and Adam divide by a root that is 0 then; epsilon keeps it from being 0 / 0."""
    p, _ = train(name, [np.zeros(1)] * 2)
    assert p[0] == 1


@pytest.mark.parametrize("name", RULES)
def test_every_rule_descends(name):
    """On p^2 / 2, whose gradient is p, from 1: 200 steps of 0.05 come near the bottom."""
    p = np.array([1.0])
    optimizer = Optimizer(name, blocks_of({"p": p}))
    for _ in range(200):
        optimizer.step({"p": p.copy()}, 0.05)
    assert abs(p[0]) < 0.2


# Rows


def row_gradient(rng, rows, D=3):
    return RowGradient(np.array(rows), rng.normal(size=(len(rows), D)))


@pytest.mark.parametrize("name", RULES)
def test_rows_that_a_batch_did_not_touch_keep_every_bit(name):
    """Their state too: velocities and averages do not decay while a row rests."""
    rng = np.random.default_rng(1)
    p, optimizer = train(name, [row_gradient(rng, [0, 2, 3, 5])], p=rng.normal(size=(6, 3)))
    before = [array.copy() for array in (p, *states(optimizer))]
    optimizer.step({"p": row_gradient(rng, [2, 5])}, 0.1)
    for now, then in zip((p, *states(optimizer)), before, strict=True):
        assert now[[0, 1, 3, 4]].tobytes() == then[[0, 1, 3, 4]].tobytes()
        assert (now[[2, 5]] != then[[2, 5]]).all()


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam", "adamw"])
def test_a_dense_step_would_have_moved_them(name):
    """What "lazy" means: with zeros for the rows that rest, momentum carries them on."""
    rng = np.random.default_rng(1)
    gradients = [row_gradient(rng, [0, 1]), row_gradient(rng, [1])]
    start = rng.normal(size=(3, 3))
    after_one, _ = train(name, [gradients[0].dense((3, 3))], p=start.copy())
    after_two, _ = train(name, [gradient.dense((3, 3)) for gradient in gradients], p=start.copy())
    assert (after_two[0] != after_one[0]).all()
    assert (after_two[2] == start[2]).all()


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_touching_every_row_equals_the_dense_step(name, dtype):
    """Bit for bit, over several steps: the same operations on the same numbers."""
    rng = np.random.default_rng(2)
    start, gradients = rng.normal(size=(5, 3)).astype(dtype), rng.normal(size=(4, 5, 3)).astype(dtype)
    dense, optimizer = train(name, gradients, p=start.copy())
    sparse, sparse_optimizer = train(name, [RowGradient(np.arange(5), g) for g in gradients], p=start.copy())
    np.testing.assert_array_equal(sparse, dense)
    for sparse_state, dense_state in zip(states(sparse_optimizer), states(optimizer), strict=True):
        np.testing.assert_array_equal(sparse_state, dense_state)


@pytest.mark.parametrize("name", ["sgd", "adagrad"])
def test_a_sparse_step_equals_the_dense_one_with_zeros(name):
    """For rules that do nothing at a zero gradient; those with momentum or averages go on."""
    rng = np.random.default_rng(3)
    start = rng.normal(size=(6, 3))
    gradients = [row_gradient(rng, rows) for rows in ([0, 4], [4, 5], [1])]
    sparse, _ = train(name, gradients, p=start.copy())
    dense, _ = train(name, [gradient.dense((6, 3)) for gradient in gradients], p=start.copy())
    np.testing.assert_array_equal(sparse, dense)


@pytest.mark.parametrize("name", RULES)
def test_a_row_that_is_looked_up_twice_takes_one_step_with_the_sum(name):
    start = np.array([[1.0], [2.0], [3.0]])
    twice, _ = train(name, [gather_gradient(np.array([1, 1]), np.array([[0.25], [0.5]]), Distinct(3))], p=start.copy())
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


@pytest.mark.parametrize("t", [1, 2, 30, 5000])
def test_the_first_step_of_a_row(t):
    """That of docs/derivation.md: a for t = 1, and for large t nearly 0.1 / sqrt(0.001) = 3.16 times as much.

    Tolerance: epsilon = 1e-8 beside sqrt(v) = 0.16.
    """
    others = [RowGradient(np.array([0]), np.array([[5.0]]))] * (t - 1)
    p, _ = train("adam", [*others, RowGradient(np.array([1]), np.array([[5.0]]))], p=np.ones((2, 1)))
    expected = 0.1 * (1 - 0.9) / (1 - 0.999) ** 0.5 * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
    assert 1 - p[1, 0] == pytest.approx(expected, rel=1e-6)


# Shares of the learning rate


@pytest.mark.parametrize("name", RULES)
def test_a_share_is_a_smaller_learning_rate_for_one_parameter(name):
    """Bit for bit that of an optimizer with this rate; 1/4, so that the product is exact. W is decayed by it too."""
    rng = np.random.default_rng(6)
    start, gradients = rng.normal(size=(4, 3)), rng.normal(size=(3, 4, 3))
    shared = {each: start.copy() for each in ("E.words", "W", "U")}
    slow, fast = {"E.words": start.copy(), "W": start.copy()}, {"U": start.copy()}
    together = Optimizer(name, blocks_of(shared), shares={"E.words": 0.25, "W": 0.25}, weight_decay=0.1)
    alone = [Optimizer(name, blocks_of(parameters), weight_decay=0.1) for parameters in (slow, fast)]
    for g in gradients:
        rows = RowGradient(np.array([1, 3]), g[[1, 3]])
        together.step({"E.words": rows, "W": g, "U": g}, 0.1)
        alone[0].step({"E.words": rows, "W": g}, 0.1 / 4)
        alone[1].step({"U": g}, 0.1)
    for each, p in (slow | fast).items():
        np.testing.assert_array_equal(shared[each], p)
    assert (shared["W"] != shared["U"]).all()


@pytest.mark.parametrize("name", RULES)
def test_a_share_of_0_leaves_a_parameter_as_it_is_bit_for_bit(name):
    rng = np.random.default_rng(7)
    start = rng.normal(size=(4, 3)).astype(np.float32)
    parameters = {each: start.copy() for each in ("E.words", "W", "b1")}
    optimizer = Optimizer(name, blocks_of(parameters), shares={"E.words": 0.0, "W": 0.0}, weight_decay=0.1)
    for g in rng.normal(size=(3, 4, 3)).astype(np.float32):
        optimizer.step({"E.words": RowGradient(np.array([1, 3]), g[[1, 3]]), "W": g, "b1": g}, 0.1)
    assert parameters["E.words"].tobytes() == parameters["W"].tobytes() == start.tobytes()
    assert (parameters["b1"] != start).all()


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
