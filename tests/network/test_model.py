"""The hand-derived gradients: by hand, by the lecture's form as a second route, by differences, by what must hold.

Tolerances: 1e-12 where two float64 routes sum the same few dozen numbers of size 1 in another order (1e-15 each);
1e-7 is that of the numeric check, where correct code gives about 2e-10.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.graph.numeric import check_gradients, worst
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import lay_out
from windowner.inputs.tables import Table
from windowner.network.activations import Masks
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import RowGradient

SAME = 1e-12
NO_MASKS = Masks()
VALUES = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "hard-tanh": lambda z: np.clip(z, -1, 1),
    "relu": lambda z: z * (z > 0),
    "leaky-relu": lambda z: np.where(z > 0, z, z / 100),
    "swish": lambda z: z / (1 + np.exp(-z)),
}
DERIVATIVES = {  # of z alone, where the code takes what it has of h
    "sigmoid": lambda z: 1 / (2 * np.cosh(z / 2)) ** 2,
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "hard-tanh": lambda z: ((z > -1) & (z < 1)).astype(float),
    "relu": lambda z: (z > 0).astype(float),
    "leaky-relu": lambda z: np.where(z > 0, 1, 1 / 100),
    "swish": lambda z: 1 / (1 + np.exp(-z)) + z / (2 * np.cosh(z / 2)) ** 2,
}

drawn = settings(derandomize=True, max_examples=25, deadline=None)
shapes = st.fixed_dictionaries(
    {
        "lengths": st.lists(st.integers(1, 4), min_size=1, max_size=4),
        "forms": st.integers(1, 5),
        "tables": st.lists(st.tuples(st.integers(3, 6), st.integers(1, 3)), min_size=1, max_size=3),
        "radius": st.integers(0, 2),
        "hidden": st.integers(1, 4),
        "tags": st.integers(2, 4),
        "nonlinearity": st.sampled_from(sorted(NONLINEARITIES)),
        "frozen": st.integers(0, 2),
    }
)
seeds = st.integers(0, 2**32 - 1)


def dense(network, gradients):
    """All gradients as arrays of their parameters' shapes."""
    return {
        name: gradients[name].dense(p.shape) if isinstance(gradients[name], RowGradient) else gradients[name]
        for name, p in network.parameters.items()
    }


def lecture(case, l2=0.0, masks=NO_MASKS):
    """The lecture's form: every window concatenated, x = [x_-r ... x_r], z1 = x W + b1; nothing sparse, no incidence.

    Returns the loss and the gradients of every row of every table, those that may not move included.
    """
    network, text = case.network, case.text
    D, C, H = network.W.shape
    sizes = [table.size for table in network.tables]
    W = np.concatenate([network.W[:, c] for c in range(C)])  # (C*D, H): the block of each position below the last
    forms = np.array([text.stream[n - text.radius : n + text.radius + 1] for n in text.centers])  # (N, C)
    ids = case.F[forms]  # (N, C, tables)
    N = len(forms)
    mask = np.ones((N, C, D))
    if masks.input is not None:
        numbers, _ = Distinct(len(case.F))(text.stream)  # a mask has one row a form, in the batch's order
        mask = masks.input[np.argsort(numbers)[np.searchsorted(np.sort(numbers), forms)]]
    hidden = 1.0 if masks.hidden is None else masks.hidden

    x = np.concatenate([E[ids[:, :, j]] for j, E in enumerate(table.E for table in network.tables)], axis=2) * mask
    x = x.reshape(N, C * D)
    z1 = x @ W + network.b1
    h = VALUES[network.nonlinearity](z1) * hidden
    z2 = h @ network.U + network.b2
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    y = np.eye(len(network.b2))[text.tags]
    J = -np.sum(y * np.log(p)) / N + l2 / 2 * (np.sum(W**2) + np.sum(network.U**2))

    dz2 = (p - y) / N
    dz1 = dz2 @ network.U.T * hidden * DERIVATIVES[network.nonlinearity](z1)
    dW = (x.T @ dz1 + l2 * W).reshape(C, D, H).transpose(1, 0, 2)
    dx = (dz1 @ W.T).reshape(N, C, D) * mask
    gradients = {"W": dW, "b1": dz1.sum(axis=0), "U": h.T @ dz2 + l2 * network.U, "b2": dz2.sum(axis=0)}
    for j, table in enumerate(network.tables):
        start = sum(sizes[:j])
        dE = np.zeros_like(table.E)
        np.add.at(dE, ids[:, :, j], dx[:, :, start : start + sizes[j]])
        gradients[table.parameter] = dE
    return J, gradients


# Worked by hand


T = np.log(3) / 2  # tanh(t) = (3 - 1) / (3 + 1) = 1/2, and exp(2 t) = 3


@pytest.fixture
def example():
    """The sentence "la la" with radius 1: D = 2, H = 1, K = 2; see `test_worked_example`."""
    text = lay_out(np.array([1, 1], dtype=np.int32), np.array([2]), np.array([0, 1], dtype=np.int32), radius=1)
    F = np.array([[0], [2]], dtype=np.int32)  # rows: padding 0, UNK 1, la 2
    network = WindowNetwork(
        tables=[Table("words", np.array([[1.0, 0.0], [5.0, 5.0], [1.0, 2.0]]), trainable=3)],
        W=T * np.array([[1.0, 0.0], [2.0, -1.0], [-1.0, 0.5]]).T.reshape(2, 3, 1),
        b1=np.zeros(1),
        U=T * np.array([[4.0, 0.0]]),
        b2=np.zeros(2),
        nonlinearity="tanh",
    )
    return network, make_batch(text, F, Distinct(2))


def test_worked_example(example):
    """Every number of a forward and a backward pass by hand, in units of t = ln(3)/2, where tanh t = 1/2.

    The sentence is "la la", the tags are 0 and 1. With radius 1 its two windows are [_ la la] and [la la _], and

        _ = (1, 0)    W_-1 = t (1, 0)      b1 = 0    U  = t (4, 0)
        la = (1, 2)   W_0  = t (2, -1)               b2 = (0, 0)
                      W_+1 = t (-1, 1/2)

    Forward                                  window 1                window 2
        W_-1 . x_-1                          t (1 + 0)   =  t        t (1 + 0)   =  t
        W_0  . x_0                           t (2 - 2)   =  0        t (2 - 2)   =  0
        W_+1 . x_+1                          t (-1 + 1)  =  0        t (-1 + 0)  = -t
        z1                                   t                       0
        h = tanh z1                          1/2                     0
        z2 = h U                             (2t, 0) = (ln 3, 0)     (0, 0)
        p                                    (3/4, 1/4)              (1/2, 1/2)
        -log p_y                             ln 4/3                  ln 2

        J = (ln 4/3 + ln 2) / 2 = ln(8/3) / 2

    Backward
        dz2 = (p - onehot y) / 2             (-1/8, 1/8)             (1/4, -1/4)
        dU  = 1/2 (-1/8, 1/8) + 0 (1/4, -1/4) = (-1/16, 1/16)        db2 = (1/8, -1/8)
        dh  = dz2 . U                        -t/2                    t
        dz1 = dh (1 - h^2)                   -3t/8                   t              db1 = 5t/8

        What stands at a position collects the dz1 of its windows: "la" at 0 is in both, so it counts twice.
        dP          -1        0         +1
        _           -3t/8     0         t
        la          t         5t/8      -3t/8

        dW_-1 = -3t/8 (1, 0) + t (1, 2)     = t (5/8, 2)
        dW_0  = 5t/8 (1, 2)                 = t (5/8, 5/4)
        dW_+1 = t (1, 0) - 3t/8 (1, 2)      = t (5/8, -3/4)

        d_  = -3t/8 W_-1 + t W_+1               = t^2 (-3/8 - 1, 1/2)                          = t^2 (-11/8, 1/2)
        dla = t W_-1 + 5t/8 W_0 - 3t/8 W_+1     = t^2 (1 + 10/8 + 3/8, -5/8 - 3/16)            = t^2 (21/8, -13/16)
    """
    network, batch = example
    forward = network.forward(batch)
    np.testing.assert_allclose(network.preactivations(forward.X, batch.S), [[T], [0]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(forward.h, [[1 / 2], [0]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(forward.z2, [[np.log(3), 0], [0, 0]], rtol=0, atol=1e-15)

    J, gradients = network.loss(batch)
    assert J == pytest.approx(np.log(8 / 3) / 2, rel=1e-15)
    by_hand = {
        "E.words": T**2 * np.array([[-11 / 8, 1 / 2], [0, 0], [21 / 8, -13 / 16]]),
        "W": T * np.array([[5 / 8, 2], [5 / 8, 5 / 4], [5 / 8, -3 / 4]]).T.reshape(2, 3, 1),
        "b1": [5 * T / 8],
        "U": [[-1 / 16, 1 / 16]],
        "b2": [1 / 8, -1 / 8],
    }
    for name, gradient in dense(network, gradients).items():
        np.testing.assert_allclose(gradient, by_hand[name], rtol=0, atol=1e-15, err_msg=name)


def test_worked_example_with_l2(example):
    """|W|^2 = t^2 (1 + 0 + 4 + 1 + 1 + 1/4) = 29/4 t^2 and |U|^2 = 16 t^2, so with l2 = 0.1

        J = ln(8/3) / 2 + 0.05 * 93/4 t^2      dW = ... + 0.1 W      dU = (-1/16, 1/16) + 0.1 t (4, 0)

    and the biases and the vectors are as before.
    """
    network, batch = example
    J, gradients = network.loss(batch, l2=0.1)
    _, without = network.loss(batch)
    assert J == pytest.approx(np.log(8 / 3) / 2 + 0.05 * 93 / 4 * T**2, rel=1e-15)
    np.testing.assert_allclose(gradients["U"], [[-1 / 16 + 0.4 * T, 1 / 16]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradients["W"], without["W"] + 0.1 * network.W, rtol=0, atol=1e-15)
    for name in ("b1", "b2"):
        np.testing.assert_array_equal(gradients[name], without[name])
    np.testing.assert_array_equal(gradients["E.words"].values, without["E.words"].values)


def test_worked_example_with_dropout(example):
    """The hidden unit of window 1 is dropped, that of window 2 doubled (its h is 0, so both logits are 0).

    p   = (1/2, 1/2) twice            J = ln 2         dz2 = (-1/4, 1/4), (1/4, -1/4)
    dU  = 0 dz2_1 + 2 * 0 dz2_2 = 0
    dz1 = 0,  4t/4 * 2 * (1 - 0) = 2t
    """
    network, batch = example
    J, gradients = network.loss(batch, masks=Masks(hidden=np.array([[0.0], [2.0]])))
    assert J == pytest.approx(np.log(2), rel=1e-15)
    np.testing.assert_allclose(gradients["U"], [[0, 0]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(gradients["b1"], [2 * T], rtol=1e-15)


# The lecture's form, as a second route


@drawn
@given(shapes, seeds, st.sampled_from([0.0, 0.3]), st.booleans())
def test_the_lectures_form_gives_the_same_loss_and_gradients(draw_case, shape, seed, l2, dropout):
    rng = np.random.default_rng(seed)
    case = draw_case(rng, **shape)
    batch = case.batch()
    masks = case.masks(rng, batch) if dropout else NO_MASKS
    J, gradients = case.network.loss(batch, l2, masks)
    expected_J, expected = lecture(case, l2, masks)
    assert J == pytest.approx(expected_J, rel=SAME, abs=SAME)
    trainable = {block.name: block.trainable for block in case.network.blocks}
    for name, gradient in dense(case.network, gradients).items():
        rows = trainable[name]
        np.testing.assert_allclose(gradient[:rows], expected[name][:rows], rtol=SAME, atol=SAME, err_msg=name)


@pytest.mark.parametrize("frozen", [1, 3, 7])
def test_frozen_rows_have_no_gradient_and_the_others_the_one_they_would_have(draw_case, frozen):
    """Words are frozen from row 7 - `frozen` on; their gradient is not even computed."""
    fine_tuned = draw_case(np.random.default_rng(1), lengths=(6, 3, 1), forms=6)
    frozen_words = fine_tuned.with_trainable(7 - frozen, 3)
    batch = fine_tuned.batch()
    _, every = fine_tuned.network.loss(batch, 0.1)
    _, some = frozen_words.network.loss(batch, 0.1)
    kept = every["E.words"].rows < 7 - frozen
    assert not kept.all()  # the text has frozen words
    np.testing.assert_array_equal(some["E.words"].rows, every["E.words"].rows[kept])
    np.testing.assert_allclose(some["E.words"].values, every["E.words"].values[kept], rtol=0, atol=SAME)
    np.testing.assert_allclose(some["E.capitals"].values, every["E.capitals"].values, rtol=0, atol=SAME)
    for name in ("W", "b1", "U", "b2"):
        np.testing.assert_array_equal(some[name], every[name])


@pytest.mark.parametrize("radius", [0, 2])
def test_words_only_and_frozen_is_the_lectures_model(draw_case, radius):
    """One table, of which the batch has rows that may not move; without padding (radius 0) it has no other."""
    case = draw_case(np.random.default_rng(2), tables=[(7, 3)], radius=radius, frozen=6)
    J, gradients = case.network.loss(case.batch(), 0.1)
    expected_J, expected = lecture(case, 0.1)
    assert J == pytest.approx(expected_J, rel=SAME)
    np.testing.assert_array_equal(gradients["E.words"].rows, [0] if radius else [])
    for name in ("W", "b1", "U", "b2"):
        np.testing.assert_allclose(gradients[name], expected[name], rtol=0, atol=SAME)


# Differences


def check(case, l2, masks):
    """The worst block of the numeric check, over every entry of every trainable row, touched by the batch or not."""
    batch = case.batch()

    def loss(parameters):
        J, gradients = case.network.loss(batch, l2, masks)
        return J, dense(case.network, gradients)

    def objective(parameters):  # the loss alone, which is quicker
        return case.network.objective(batch, l2, masks)

    entries = {table.parameter: np.arange(table.trainable * table.size) for table in case.network.tables}
    return worst(check_gradients(loss, case.network.parameters, loss=objective, entries=entries))


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("frozen", [0, 3], ids=["fine-tuned", "frozen"])
@pytest.mark.parametrize("dropout", [False, True], ids=["no-dropout", "dropout"])
@pytest.mark.parametrize("l2", [0.0, 0.1], ids=["no-l2", "l2"])
def test_gradients_are_the_slopes(draw_case, nonlinearity, frozen, dropout, l2):
    """Several sentences, a word that stands in many windows, rows shared by several forms, padding on all edges."""
    rng = np.random.default_rng(5)
    case = draw_case(rng, nonlinearity=nonlinearity, frozen=frozen, radius=2)
    masks = case.masks(rng, case.batch()) if dropout else NO_MASKS
    assert dropout or case.corner_distance() > 1e-3  # a step of 1e-5 then moves no hidden unit across
    assert check(case, l2, masks).error < 1e-7


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("lengths", [(1,), (1, 1, 1), (2,)], ids=["one-window", "one-word-sentences", "two-words"])
@pytest.mark.parametrize("radius", [0, 1, 3])
def test_gradients_where_windows_are_mostly_padding(draw_case, nonlinearity, lengths, radius):
    case = draw_case(np.random.default_rng(8), lengths=lengths, radius=radius, nonlinearity=nonlinearity)
    assert case.corner_distance() > 1e-3
    assert check(case, 0.1, NO_MASKS).error < 1e-7


@pytest.mark.parametrize("blocks", [["U", "b2"], ["W"], ["b1"], ["E.words"], ["E.words", "W", "b1", "U", "b2"]])
def test_a_step_of_some_blocks_lowers_the_loss_by_their_squared_norms(draw_case, blocks):
    """J(p - a g) = J - a |g|^2 + terms with a^2, as docs/lecture.md says. At a = 1e-5 these are 1e-4 of the second."""
    case = draw_case(np.random.default_rng(5))
    batch, parameters, a = case.batch(), case.network.parameters, 1e-5
    J, gradients = case.network.loss(batch)
    gradients, expected = dense(case.network, gradients), 0.0
    for name in blocks:
        expected -= a * np.sum(gradients[name] ** 2)
        parameters[name][...] -= a * gradients[name]
    assert case.network.objective(batch) - J == pytest.approx(expected, rel=1e-3)


# What must hold whatever the shapes


@drawn
@given(shapes, seeds)
def test_gradients_have_their_parameters_shapes(draw_case, shape, seed):
    network = (case := draw_case(np.random.default_rng(seed), **shape)).network
    batch = case.batch()
    _, gradients = network.loss(batch, 0.1)
    assert list(gradients) == list(network.parameters)
    for j, table in enumerate(network.tables):
        gradient = gradients[table.parameter]
        assert gradient.values.shape == (len(gradient.rows), table.size)
        touched = np.unique(batch.F[:, j])
        np.testing.assert_array_equal(np.sort(gradient.rows), touched[touched < table.trainable])
    for name in ("W", "b1", "U", "b2"):
        assert gradients[name].shape == network.parameters[name].shape


@drawn
@given(shapes, seeds, st.floats(-100, 100))
def test_a_constant_added_to_the_logits_changes_nothing(draw_case, shape, seed, constant):
    """By the output bias. Tolerance: z2 + 100 loses the last 100 * 1e-16 of z2."""
    case = draw_case(np.random.default_rng(seed), **shape)
    shifted = case.with_network(b2=case.network.b2 + constant)
    batch = case.batch()
    J, gradients = case.network.loss(batch)
    shifted_J, shifted_gradients = shifted.network.loss(batch)
    assert shifted_J == pytest.approx(J, rel=1e-11, abs=1e-11)
    expected = dense(case.network, gradients)
    for name, gradient in dense(shifted.network, shifted_gradients).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=1e-11, err_msg=name)


@drawn
@given(shapes, seeds, st.integers(2, 3))
def test_a_repeated_batch_has_the_same_mean_loss_and_gradients(draw_case, shape, seed, times):
    """Mean, not sum: twice the same windows say nothing new. L2 does not grow with the batch either."""
    case = draw_case(np.random.default_rng(seed), **shape)
    order = np.arange(len(shape["lengths"]))
    J, gradients = case.network.loss(case.batch(), 0.1)
    repeated_J, repeated = case.network.loss(case.batch(np.tile(order, times)), 0.1)
    assert repeated_J == pytest.approx(J, rel=SAME, abs=SAME)
    expected = dense(case.network, gradients)
    for name, gradient in dense(case.network, repeated).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=SAME, err_msg=name)


@drawn
@given(shapes, seeds)
def test_the_order_of_sentences_does_not_matter(draw_case, shape, seed):
    rng = np.random.default_rng(seed)
    case = draw_case(rng, **shape)
    J, gradients = case.network.loss(case.batch(), 0.1)
    permuted_J, permuted = case.network.loss(case.batch(rng.permutation(len(shape["lengths"]))), 0.1)
    assert permuted_J == pytest.approx(J, rel=SAME, abs=SAME)
    expected = dense(case.network, gradients)
    for name, gradient in dense(case.network, permuted).items():
        np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=SAME, err_msg=name)


def test_sentences_do_not_see_each_other(draw_case):
    """The logits of a sentence are the same alone and among others."""
    case = draw_case(np.random.default_rng(3), radius=2)
    together = case.network.forward(case.batch()).z2
    alone = [case.network.forward(case.batch([i])).z2 for i in range(3)]
    np.testing.assert_allclose(np.concatenate(alone), together, rtol=0, atol=SAME)


@drawn
@given(shapes, seeds, st.sampled_from([0.0, 0.3]), st.booleans())
def test_the_objective_is_the_loss_alone(draw_case, shape, seed, l2, dropout):
    """Bit for bit; it is what the numeric check differentiates."""
    rng = np.random.default_rng(seed)
    case = draw_case(rng, **shape)
    batch = case.batch()
    masks = case.masks(rng, batch) if dropout else NO_MASKS
    assert case.network.objective(batch, l2, masks) == case.network.loss(batch, l2, masks)[0]


# Extremes


def test_a_network_of_zeros_gives_log_K_and_moves_only_the_output_bias(draw_case):
    """All probabilities are 1/K. With U = 0 nothing flows back, and with h = 0 nothing reaches U."""
    case = draw_case(np.random.default_rng(4), tags=5)
    zeros = {name: np.zeros_like(getattr(case.network, name)) for name in ("W", "b1", "U", "b2")}
    network = case.with_network(**zeros).network
    J, gradients = network.loss(case.batch())
    assert J == pytest.approx(np.log(5), rel=1e-15)
    moved = {name for name, gradient in dense(network, gradients).items() if gradient.any()}
    assert moved == {"b2"}
    counts = np.bincount(case.text.tags, minlength=5) / len(case.text)
    np.testing.assert_allclose(gradients["b2"], 1 / 5 - counts, rtol=0, atol=1e-15)


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_huge_logits_stay_finite(draw_case, nonlinearity):
    """Logits beyond 1e4 overflow exp, but not the loss or any gradient."""
    case = draw_case(np.random.default_rng(6), nonlinearity=nonlinearity)
    network = case.with_network(U=1e5 * case.network.U).network
    assert np.abs(network.forward(case.batch()).z2).max() > 1e4
    J, gradients = network.loss(case.batch())
    assert np.isfinite(J)
    assert all(np.isfinite(gradient).all() for gradient in dense(network, gradients).values())


def test_dropout_masks_of_ones_drop_nothing(draw_case):
    case = draw_case(np.random.default_rng(7))
    batch = case.batch()
    ones = Masks(np.ones((len(batch.F), len(case.network.W))), np.ones((batch.S.shape[0], len(case.network.b1))))
    J, gradients = case.network.loss(batch, 0.1)
    masked_J, masked = case.network.loss(batch, 0.1, ones)
    assert masked_J == J
    expected = dense(case.network, gradients)
    for name, gradient in dense(case.network, masked).items():
        np.testing.assert_array_equal(gradient, expected[name])


def test_a_float32_network_computes_in_float32(draw_case):
    """Loss and gradients of a float32 network are those of the float64 one to float32's 6e-8 times a few sums."""
    case = draw_case(np.random.default_rng(9))
    network = case.network.astype(np.float32)
    batch = make_batch(case.text, case.F, Distinct(len(case.F)))
    J, gradients = network.loss(batch, 0.1)
    arrays = [g.values if isinstance(g, RowGradient) else g for g in gradients.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    expected_J, expected = case.network.loss(case.batch(), 0.1)
    assert J == pytest.approx(expected_J, rel=1e-5)
    for name, gradient in dense(network, gradients).items():
        np.testing.assert_allclose(gradient, dense(case.network, expected)[name], rtol=1e-4, atol=1e-5, err_msg=name)


# Mistakes


def test_a_batch_without_tags_has_no_loss(draw_case):
    case = draw_case(np.random.default_rng(1))
    text = lay_out(case.text.stream[case.text.centers], np.array([8]), None, 1)
    batch = make_batch(text, case.F, Distinct(len(case.F)))
    for ask in (case.network.loss, case.network.objective):
        with pytest.raises(ValueError, match="no tags"):
            ask(batch)


def test_another_precision_is_a_copy_of_every_value(draw_case):
    network = draw_case(np.random.default_rng(1), chain=True).network.astype(np.float32)
    double = network.astype(np.float64)
    assert {p.dtype for p in double.parameters.values()} == {np.dtype(np.float64)}
    for name, p in double.parameters.items():
        np.testing.assert_array_equal(p, network.parameters[name])
        assert not np.shares_memory(p, network.astype(np.float32).parameters[name])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": np.zeros((4, 3, 4))}, r"W has the shape \(4, 3, 4\), expected \(5, 3, 4\)"),
        ({"W": np.zeros((5, 2, 4))}, r"W has the shape \(5, 2, 4\), expected \(5, 1, 4\)"),  # an even window
        ({"b1": np.zeros(6)}, r"W has the shape \(5, 3, 4\), expected \(5, 3, 6\)"),
        ({"U": np.zeros((4, 2))}, r"U has the shape \(4, 2\), expected \(4, 3\)"),
        ({"b2": np.zeros(2)}, r"b2 has the shape \(2,\), expected \(3,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_named(draw_case, change, message):
    case = draw_case(np.random.default_rng(1))
    case.network.check_shapes(tags=3)
    with pytest.raises(ValueError, match=message):
        case.with_network(**change).network.check_shapes(tags=3)
