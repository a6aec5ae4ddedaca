"""A network before training: shapes, a fixed order of drawing, and which rows may move."""

import numpy as np
import pytest

from windowner.inputs.tables import Table
from windowner.network.building import NEW_ROW_DEVIATION, build_network, new_rows
from windowner.network.initializers import INITIALIZERS
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.settings import ModelSettings

WORDS = Table("words", np.arange(28, dtype=np.float32).reshape(7, 4), 5)
TABLES = [WORDS, *(Table(name, np.ones(shape, np.float32), shape[0]) for name, shape in (("a", (6, 2)), ("b", (9, 3))))]


def build(seed=1, **changes):
    arguments = {
        "tables": TABLES,
        "tags": 3,
        "settings": ModelSettings(radius=1, hidden=8, nonlinearity="relu", loss="word"),
    }
    return build_network(np.random.default_rng(seed), **(arguments | changes))


def test_shapes():
    network = build()
    assert {name: p.shape for name, p in network.parameters.items()} == {
        "E.words": (7, 4),
        "E.a": (6, 2),
        "E.b": (9, 3),
        "W": (9, 3, 8),
        "b1": (8,),
        "U": (8, 3),
        "b2": (3,),
    }
    network.check_shapes(tags=3)
    assert network.radius == 1
    assert network.nonlinearity == "relu"
    assert {p.dtype for p in network.parameters.values()} == {np.dtype(np.float32)}


def test_the_sentence_level_loss_adds_a_chain_of_zeros():
    assert build().chain is None
    network = build(settings=ModelSettings(radius=1, hidden=8, loss="sentence"))
    network.check_shapes(tags=3)
    chain = {name: p for name, p in network.parameters.items() if name not in build().parameters}
    assert {name: p.shape for name, p in chain.items()} == {"transition": (3, 3), "start": (3,), "end": (3,)}
    assert {p.dtype for p in chain.values()} == {np.dtype(np.float32)}
    assert not any(p.any() for p in chain.values())


def test_a_number_of_hidden_units_must_be_chosen_before():
    with pytest.raises(ValueError, match='"auto", expected a number'):
        build(settings=ModelSettings(hidden="auto"))


def test_the_tables_are_used_as_they_are():
    assert build().tables is TABLES
    assert build().parameters["E.words"] is WORDS.E


def test_blocks_say_what_may_move_and_to_which_group_they_belong():
    network = build(settings=ModelSettings(radius=1, hidden=8, loss="sentence"))
    groups = {block.name: block.group for block in network.blocks}
    assert groups == {
        **dict.fromkeys(["E.words", "E.a", "E.b"], "words"),
        **{name: name for name in ("W", "b1", "U", "b2")},
        **dict.fromkeys(["transition", "start", "end"], "chain"),
    }
    moving = {block.name: len(block.moving) for block in network.blocks}
    assert (moving["E.words"], moving["E.a"], moving["b1"]) == (5, 6, 8)
    assert all(np.shares_memory(block.moving, block.array) for block in network.blocks)


def test_biases_start_at_zero_and_weights_within_glorots_bounds():
    """fan_in of the hidden layer is the whole window, C*D = 27, not the D of one word."""
    network = build(settings=ModelSettings(radius=1, hidden=200, nonlinearity="tanh"))
    assert not network.b1.any()
    assert not network.b2.any()
    W, U = np.abs(network.W).max(), np.abs(network.U).max()
    # The largest of 5,400 and 600 uniform draws lies within 2 % of the bound.
    assert W == pytest.approx(np.sqrt(6 / (27 + 200)), rel=0.02)
    assert U == pytest.approx(np.sqrt(6 / (200 + 3)), rel=0.02)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_the_initializer_asked_for_draws_W_and_glorot_U(initializer):
    """fan_in = 27 and fan_out = 200. The deviation of 5,400 draws is off by 1 %."""
    network = build(settings=ModelSettings(radius=1, hidden=200, nonlinearity="relu", initializer=initializer))
    expected = {"he": 2 / 27, "lecun": 1 / 27}.get(initializer, 2 / 227)
    assert network.W.std() == pytest.approx(np.sqrt(expected), rel=0.05)
    bounded = np.abs(network.W).max() <= np.sqrt(3 * expected) * (1 + 1e-6)
    assert bounded == (initializer == "glorot-uniform")
    assert np.abs(network.U).max() == pytest.approx(np.sqrt(6 / 203), rel=0.02)


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_auto_is_the_initializer_of_the_nonlinearity(nonlinearity):
    automatic = NONLINEARITIES[nonlinearity].initializer
    auto = build(settings=ModelSettings(hidden=8, nonlinearity=nonlinearity))
    named = build(settings=ModelSettings(hidden=8, nonlinearity=nonlinearity, initializer=automatic))
    other = build(settings=ModelSettings(hidden=8, nonlinearity=nonlinearity, initializer="lecun"))
    np.testing.assert_array_equal(auto.W, named.W)
    assert not np.array_equal(auto.W, other.W)


def test_the_same_seed_draws_the_same_network():
    first, again, other = build(1).parameters, build(1).parameters, build(2).parameters
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["W"], other["W"])


def test_without_features_the_network_is_the_lectures():
    network = build(tables=[WORDS])
    assert network.W.shape == (4, 3, 8)


def test_radius_0_sees_the_center_word_alone():
    assert build(settings=ModelSettings(radius=0, hidden=8)).W.shape == (9, 1, 8)


def test_new_rows():
    """4,000 draws: the deviation is off by about 0.7 %."""
    rows = new_rows(np.random.default_rng(3), 400, 10)
    assert rows.shape == (400, 10)
    assert rows.std() == pytest.approx(NEW_ROW_DEVIATION, rel=0.05)
