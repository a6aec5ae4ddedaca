"""Two derivations, one answer: the network from gates, in the lecture's concatenated form, and the one by hand.

Tolerance 1e-12: two float64 routes sum the same few hundred numbers of size 1 in another order, 1e-15 each; what is
found is about 1e-15. Rows that may not move have a gradient in the graph and none by hand, so they are left out.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windowner.gradients.graph import build_graph, graph_loss
from windowner.graph import gates
from windowner.graph.engine import topological_order
from windowner.graph.gates import (
    Add,
    Concatenate,
    CrossEntropy,
    Dropout,
    Gather,
    MatrixProduct,
    Multiply,
    Reshape,
    SquaredNorm,
)
from windowner.inputs.batches import Distinct, make_batch
from windowner.inputs.encoding import lay_out
from windowner.inputs.mentions import Mentions
from windowner.inputs.tables import Table
from windowner.network.activations import Masks
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import RowGradient

SAME = 1e-12
RIGHT_PRODUCT = Mentions.__matmul__
NO_MASKS = Masks()
NONLINEAR_GATES = {
    "sigmoid": gates.Sigmoid,
    "tanh": gates.Tanh,
    "hard-tanh": gates.HardTanh,
    "relu": gates.ReLU,
    "leaky-relu": gates.LeakyReLU,
    "swish": gates.Swish,
}

shapes = st.fixed_dictionaries(
    {
        "lengths": st.lists(st.integers(1, 5), min_size=1, max_size=4),
        "forms": st.integers(1, 6),
        "tables": st.lists(st.tuples(st.integers(3, 6), st.integers(1, 4)), min_size=1, max_size=4),
        "radius": st.integers(0, 3),
        "hidden": st.integers(1, 5),
        "tags": st.integers(2, 5),
        "frozen": st.integers(0, 3),
        "chain": st.booleans(),
        "characters": st.booleans(),
        "split": st.integers(0, 4),
    }
)


def with_documents(shape):
    """The shape with two documents, cut after `split` sentences; without any if there is no such cut."""
    shape = dict(shape)
    split, sentences = shape.pop("split"), len(shape["lengths"])
    return {**shape, "documents": (split, sentences - split) if 0 < split < sentences else ()}


def distances(case, l2=0.0, masks=NO_MASKS):
    """How far the two routes are apart in J and in each block, as the largest |by hand - graph| / (1 + |graph|)."""
    network, batch = case.network, case.batch()
    J, by_hand = network.loss(batch, l2, masks)
    graph_J, by_graph = graph_loss(network, batch, l2, masks)
    assert set(by_graph) == set(by_hand)
    trainable = {block.name: block.trainable for block in network.blocks}
    found = {"J": abs(J - graph_J) / (1 + abs(graph_J))}
    for name, expected in by_graph.items():
        gradient = by_hand[name]
        assert expected.shape == network.parameters[name].shape
        rows = trainable[name]
        gradient = gradient.dense(expected.shape) if isinstance(gradient, RowGradient) else gradient
        apart = np.abs(gradient - expected)[:rows] / (1 + np.abs(expected[:rows]))
        found[name] = float(apart.max(initial=0.0))
    return found


def itself_among_the_others(A, V):
    """The mean over all mentions of a word, the word itself among them."""
    product = np.zeros_like(V)
    for group in range(len(A.counts)):
        tokens = A.tokens[A.groups == group]
        product[tokens] = V[tokens].mean(axis=0)
    return product


def n_for_n_minus_1(A, V):
    return RIGHT_PRODUCT(replace(A, counts=A.counts + 1), V)


def row_0_for_a_word_without_others(A, V):
    """The rows of words without other mentions are not 0."""
    product = RIGHT_PRODUCT(A, V)
    product[np.setdiff1d(np.arange(len(V)), A.tokens), 0] += 1e-6  # of one tag: a constant changes no loss
    return product


@pytest.mark.parametrize("wrong", [itself_among_the_others, n_for_n_minus_1, row_0_for_a_word_without_others])
def test_a_wrong_matrix_of_mentions_is_found(draw_case, monkeypatch, wrong):
    """A is wrong in both passes, so that numeric gradients agree. The graph writes A out, and does not."""
    case = draw_case(np.random.default_rng(1), lengths=(6, 1, 4), forms=5, documents=(2, 1))
    assert max(distances(case).values()) <= SAME
    monkeypatch.setattr(Mentions, "__matmul__", wrong)
    found = distances(case)
    assert {"J", "U.own", "W"} <= {name for name, distance in found.items() if not distance <= SAME}


def draw_masks(case, rng, which):
    masks = case.masks(rng, case.batch())
    return Masks(masks.input if "input" in which else None, masks.hidden if "hidden" in which else None)


# One answer


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    shapes,
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.3]),
    st.sampled_from([(), ("input",), ("hidden",), ("input", "hidden")]),
)
def test_the_graph_and_the_derivation_by_hand_agree(draw_case, nonlinearity, shape, seed, l2, dropped):
    """Loss and every gradient, whatever the shapes: with features or without, frozen or not, one window, documents."""
    rng = np.random.default_rng(seed)
    case = draw_case(rng, **with_documents(shape), nonlinearity=nonlinearity)
    found = distances(case, l2, draw_masks(case, rng, dropped))
    assert max(found.values()) <= SAME, found


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("radius", [0, 1, 2, 3])
@pytest.mark.parametrize("frozen", [0, 4], ids=["fine-tuned", "frozen"])
@pytest.mark.parametrize("tables", [[(7, 4)], [(7, 4), (3, 2), (5, 1)]], ids=["words-only", "with-features"])
def test_every_embedding_mode_and_feature_set(draw_case, nonlinearity, radius, frozen, tables):
    """With dropout and L2. Of 7 rows the last 4 are frozen; the text has some of them, and others; forms share rows."""
    rng = np.random.default_rng(1)
    case = draw_case(
        rng,
        lengths=(6, 1, 5, 2),
        forms=6,
        tables=tables,
        radius=radius,
        frozen=frozen,
        nonlinearity=nonlinearity,
    )
    case.F[1:, 0] = [1, 2, 2, 4, 5, 5]
    words = case.F[np.unique(case.text.stream), 0]
    assert ((0 < words) & (words < 3)).any()
    assert (words >= 3).any()
    found = distances(case, 0.1, draw_masks(case, rng, ("input", "hidden")))
    assert max(found.values()) <= SAME, found


@pytest.mark.parametrize("radius", [0, 1, 3])
@pytest.mark.parametrize("lengths", [(1,), (1, 1), (7,)])
def test_one_word_throughout_and_a_single_window(draw_case, radius, lengths):
    """One form: in a sentence of 7, every window is made of it and of padding, so its row sums up to 49 gradients."""
    case = draw_case(np.random.default_rng(2), lengths=lengths, forms=1, radius=radius)
    assert max(distances(case, 0.1).values()) <= SAME


def test_large_logits(draw_case):
    """Both take the largest logit out first."""
    case = draw_case(np.random.default_rng(3))
    case = case.with_network(U=1e4 * case.network.U)
    assert np.abs(case.network.forward(case.batch()).z2).max() > 1e4
    assert max(distances(case).values()) <= SAME


def test_worked_example():
    """The sentence "la", radius 1, tag 0; D = H = 1, K = 2. With _ = 2, la = 3 and W = (1, -1, 1), b1 = 0:

    x = [_ la _] = (2, 3, 2)     z1 = 2 - 3 + 2 = 1     h = relu(1) = 1
    U = (ln 3, 0), b2 = (0, 0):  z2 = (ln 3, 0)         p = (3/4, 1/4)          J = ln 4/3
    dz2 = p - (1, 0) = (-1/4, 1/4) = dU = db2           dz1 = dz2 . U = -ln(3)/4 = db1
    dW = dz1 x = dz1 (2, 3, 2)   d_ = dz1 (1 + 1) = 2 dz1   dla = -dz1, for it stands where W is -1
    """
    text = lay_out(np.array([1], dtype=np.int32), np.array([1]), np.array([0], dtype=np.int32), radius=1)
    network = WindowNetwork(
        tables=[Table("words", np.array([[2.0], [5.0], [3.0]]), trainable=3)],
        W=np.array([1.0, -1.0, 1.0]).reshape(1, 3, 1),
        b1=np.zeros(1),
        U=np.array([[np.log(3), 0.0]]),
        b2=np.zeros(2),
        nonlinearity="relu",
    )
    batch = make_batch(text, np.array([[0], [2]], dtype=np.int32), Distinct(2))
    J, gradients = graph_loss(network, batch)
    dz1 = -np.log(3) / 4
    assert J == pytest.approx(np.log(4 / 3), rel=1e-15)
    by_hand = {
        "E.words": [[2 * dz1], [0], [-dz1]],
        "W": np.reshape([2 * dz1, 3 * dz1, 2 * dz1], (1, 3, 1)),
        "b1": [dz1],
        "U": [[-1 / 4, 1 / 4]],
        "b2": [-1 / 4, 1 / 4],
    }
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, by_hand[name], rtol=1e-14, atol=1e-15, err_msg=name)


# Two derivations: the graph is the lecture's form, and knows nothing of forms and incidence


def gate_counts(graph):
    return Counter(type(node.gate).__name__ for node in topological_order(graph.loss) if node.gate)


def test_the_graph_is_the_lectures_form(draw_case):
    """x = [x_-2 ... x_2] W + b1 as one product of concatenated windows, with one look-up a table."""
    case = draw_case(np.random.default_rng(4), tables=[(7, 3), (3, 2)], radius=2, nonlinearity="tanh")
    batch = case.batch()
    plain = build_graph(case.network, batch)
    assert gate_counts(plain) == {
        "Gather": 2,
        "Concatenate": 1,
        "Reshape": 1,
        "MatrixProduct": 2,
        "Add": 2,
        "Tanh": 1,
        "CrossEntropy": 1,
    }
    assert plain.parameters["W"].value.shape == (5 * 5, 4)
    masked = build_graph(case.network, batch, 0.1, case.masks(np.random.default_rng(5), batch))
    assert gate_counts(masked) - gate_counts(plain) == {"Dropout": 2, "SquaredNorm": 2, "Multiply": 1, "Add": 2}
    words_only = draw_case(np.random.default_rng(4), tables=[(7, 3)])
    assert gate_counts(build_graph(words_only.network, words_only.batch()))["Concatenate"] == 0


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_the_hidden_layer_has_the_gate_of_its_nonlinearity(draw_case, nonlinearity):
    case = draw_case(np.random.default_rng(4), nonlinearity=nonlinearity)
    counts = gate_counts(build_graph(case.network, case.batch()))
    assert {name for name in counts if name in {gate.__name__ for gate in NONLINEAR_GATES.values()}} == {
        NONLINEAR_GATES[nonlinearity].__name__
    }


def test_the_network_and_the_batch_are_left_as_they_were(draw_case):
    case = draw_case(np.random.default_rng(6))
    batch = case.batch()
    arrays = {**case.network.parameters, "F": batch.F, "S": batch.S.columns}
    before = {name: array.tobytes() for name, array in arrays.items()}
    first, again = graph_loss(case.network, batch, 0.1), graph_loss(case.network, batch, 0.1)
    assert {name: array.tobytes() for name, array in arrays.items()} == before
    assert first[0] == again[0]
    for name, gradient in first[1].items():
        np.testing.assert_array_equal(gradient, again[1][name])


# The comparison notices a rule that is wrong by 0.05 %


def wrong_local(gate):
    right = gate.local
    return lambda self, y, x: 1.0005 * right(self, y, x)


def too_much(gradient):
    if isinstance(gradient, gates.RowGradient):
        return replace(gradient, values=1.0005 * gradient.values)
    return None if gradient is None else 1.0005 * gradient


def wrong_backward(gate):
    right = gate.backward
    return lambda self, upstream, *values: tuple(map(too_much, right(self, upstream, *values)))


def draw_full(draw_case, nonlinearity="tanh"):
    """A case with everything in it: features, both masks, and windows enough for any unit to be on its slope."""
    rng = np.random.default_rng(7)
    case = draw_case(rng, lengths=(6, 1, 5), forms=6, nonlinearity=nonlinearity)
    return case, draw_masks(case, rng, ("input", "hidden"))


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_a_nonlinear_gate_wrong_by_half_a_thousandth_is_noticed(monkeypatch, draw_case, nonlinearity):
    """In what lies before it, and in nothing after it."""
    case, masks = draw_full(draw_case, nonlinearity)
    gate = NONLINEAR_GATES[nonlinearity]
    monkeypatch.setattr(gate, "local", wrong_local(gate))
    found = distances(case, 0.1, masks)
    assert {name for name, apart in found.items() if apart > SAME} == {"E.words", "E.capitals", "W", "b1"}
    assert max(found.values()) > 1e-6


@pytest.mark.parametrize(
    "gate", [Add, Concatenate, CrossEntropy, Dropout, Gather, MatrixProduct, Multiply, Reshape, SquaredNorm]
)
def test_any_other_gate_wrong_by_half_a_thousandth_is_noticed(monkeypatch, draw_case, gate):
    case, masks = draw_full(draw_case)
    assert max(distances(case, 0.1, masks).values()) <= SAME
    monkeypatch.setattr(gate, "backward", wrong_backward(gate))
    found = distances(case, 0.1, masks)
    assert found["J"] <= SAME
    assert max(found.values()) > 1e-6


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_a_derivative_by_hand_wrong_by_half_a_thousandth_is_noticed(monkeypatch, draw_case, nonlinearity):
    case, masks = draw_full(draw_case, nonlinearity)
    f = NONLINEARITIES[nonlinearity]
    wrong = replace(f, derivative=lambda z, h: 1.0005 * f.derivative(z, h))
    monkeypatch.setitem(NONLINEARITIES, nonlinearity, wrong)
    found = distances(case, 0.1, masks)
    assert {name for name, apart in found.items() if apart > SAME} == {"E.words", "E.capitals", "W", "b1"}
