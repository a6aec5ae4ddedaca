"""What the last step of an epoch shows: its numbers, and a warning for each pathology, built on purpose."""

import json
from dataclasses import replace

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.network.activations import Masks
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.network.rows import RowGradient
from windowner.runs.preparation import prepare
from windowner.runs.training import train
from windowner.training.diagnostics import Diagnostics, measured_step, stuck_units
from windowner.training.optimizers import RULES
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer, make_optimizer

# One batch per epoch, so that the numbers are those of the whole text. L2 is left at its default.
PLAIN = TrainSettings(epochs=2, batch=1000, dropout_hidden=0, dropout_input=0, learning_rate=1e-3)
VANISHED, EXPLODED, STUCK = "has almost vanished", "explodes", "saturated or dead"


# Numbers


@pytest.mark.parametrize("optimizer", RULES)
@pytest.mark.parametrize("frozen", [0, 3])
def test_the_numbers_are_those_of_plain_loops(draw_case, optimizer, frozen):
    """Norms, ratios and shares, entry by entry, of one step with L2, both masks and clipping. Tolerance: float64."""
    rng = np.random.default_rng(1)
    case = draw_case(rng, lengths=(4, 2), forms=4, frozen=frozen)
    network, batch = case.network, case.batch()
    masks = case.masks(rng, batch)
    _, gradients = network.loss(batch, 0.1, masks)
    for gradient in gradients.values():  # as if clipped
        values = gradient.values if isinstance(gradient, RowGradient) else gradient
        values *= 0.01
    _, plain = network.loss(batch, 0.0, masks)
    h = network.forward(batch, masks).h
    before = {name: p.copy() for name, p in network.parameters.items()}
    measured = measured_step(
        network, make_optimizer(network, TrainSettings(optimizer=optimizer)), batch, masks, gradients, 0.01
    )
    assert list(measured.gradient_norms) == list(measured.update_ratios) == list(before)
    for name, p in network.parameters.items():
        g = plain[name]
        rows = g.rows.tolist() if isinstance(g, RowGradient) else range(len(p))
        values = g.values if isinstance(g, RowGradient) else g
        norm = sum(float(x) ** 2 for x in values.flat) ** 0.5
        change = sum(float(x) ** 2 for row in rows for x in (p[row] - before[name][row]).flat) ** 0.5
        size = sum(float(x) ** 2 for row in rows for x in before[name][row].flat) ** 0.5
        assert measured.gradient_norms[name] == pytest.approx(norm, rel=1e-12)
        assert measured.update_ratios[name] == pytest.approx(change / size, rel=1e-9)
        assert change > 0
    words, capitals = (set(batch.F[:, j].tolist()) for j in (0, 1))
    movable = 7 - frozen
    assert measured.touched_rows == {
        "E.words": sum(row < movable for row in words) / movable,
        "E.capitals": len(capitals) / 3,
    }
    flat = [[1 - h[n, i] ** 2 < 0.01 for n in range(6)] for i in range(4)]
    assert measured.stuck_units == sum(all(unit) for unit in flat) / 4


def test_sgds_update_ratio_by_hand(draw_case):
    """|a g| / |p| = a |g| / |p|; biases that are 0 have no size, so the change itself is measured."""
    case = draw_case(np.random.default_rng(2)).with_network(b1=np.zeros(4))
    network, batch = case.network, case.batch()
    W, b1 = network.W.copy(), network.b1
    _, gradients = network.loss(batch)
    measured = measured_step(
        network, make_optimizer(network, TrainSettings(optimizer="sgd")), batch, Masks(), gradients, 0.01
    )
    assert measured.update_ratios["W"] == pytest.approx(0.01 * np.linalg.norm(gradients["W"]) / np.linalg.norm(W))
    assert measured.update_ratios["b1"] == pytest.approx(0.01 * np.linalg.norm(gradients["b1"]), rel=1e-12)
    assert measured.update_ratios["b1"] == pytest.approx(np.linalg.norm(b1), rel=1e-12)


def test_a_unit_is_stuck_when_it_is_flat_in_99_of_100_windows(draw_case):
    """Of 200 windows, three ReLU units are off in 200, 198 and 197; the fourth never is."""
    network = draw_case(np.random.default_rng(3), nonlinearity="relu").network
    z1 = np.ones((200, 4))
    for unit, off in enumerate((200, 198, 197, 0)):
        z1[:off, unit] = -1
    assert stuck_units(network, z1, NONLINEARITIES["relu"].value(z1)) == 2 / 4


def test_units_are_looked_at_as_the_step_saw_them(draw_case):
    """With its dropout masks: here they drop all inputs, so that z1 = b1 = -1 and every ReLU is off."""
    case = draw_case(np.random.default_rng(3), nonlinearity="relu").with_network(b1=np.full(4, -1.0))
    network, batch = case.network, case.batch()
    shares = []
    for kept in (1.0, 0.0):
        masks = Masks(input=np.full((len(batch.F), 5), kept))
        _, gradients = network.loss(batch, masks=masks)
        optimizer = make_optimizer(network, PLAIN)
        shares.append(measured_step(network, optimizer, batch, masks, gradients, 0.0).stuck_units)
    assert shares[0] < 1
    assert shares[1] == 1


@pytest.mark.parametrize(
    ("nonlinearity", "z", "stuck"),
    [
        ("sigmoid", 4.0, 0),  # 0.982 * 0.018 = 0.0177
        ("sigmoid", 5.0, 1),  # 0.9933 * 0.0067 = 0.0066
        ("tanh", 2.9, 0),  # 1 - 0.99396^2 = 0.012
        ("tanh", 3.1, 1),  # 1 - 0.99595^2 = 0.0081
        ("hard-tanh", 0.9, 0),
        ("hard-tanh", -1.1, 1),
        ("relu", 0.1, 0),
        ("relu", -0.1, 1),
        ("leaky-relu", -1e4, 0),  # its slope of 0.01 passes little back, but never nothing
        ("swish", -5.0, 0),  # s + h (1 - s) = 0.0067 - 0.0335 * 0.9933 = -0.027: falling, not flat
        ("swish", -8.0, 1),
        ("swish", 5.0, 0),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saturated_and_dead_are_both_a_derivative_below_a_hundredth(draw_case, nonlinearity, z, stuck, dtype):
    network = draw_case(np.random.default_rng(3), nonlinearity=nonlinearity).network
    z1 = np.full((5, 4), z, dtype=dtype)
    assert stuck_units(network, z1, NONLINEARITIES[nonlinearity].value(z1)) == stuck


# Warnings: where they begin


def warnings_at(norm=1.0, stuck=0.0):
    return Diagnostics({"W": norm}, {"W": 1e-3}, {}, stuck).warnings()


@pytest.mark.parametrize(
    ("numbers", "warning"),
    [
        ({"norm": 1.1e-7}, None),
        ({"norm": 0.9e-7}, VANISHED),
        ({"norm": 0.0}, VANISHED),
        ({"norm": 999.0}, None),
        ({"norm": 1001.0}, EXPLODED),
        ({"norm": np.inf}, EXPLODED),
        ({"norm": np.nan}, EXPLODED),
        ({"stuck": 0.5}, None),
        ({"stuck": 0.51}, STUCK),
    ],
)
def test_where_a_warning_begins(numbers, warning):
    warnings = warnings_at(**numbers)
    assert len(warnings) == (warning is not None)
    assert warning is None or warning in warnings[0]


def test_every_warning_says_what_was_found_and_what_helps():
    (vanished,), (exploded,), (stuck,) = warnings_at(norm=2e-9), warnings_at(norm=3e5), warnings_at(stuck=0.75)
    assert "gradient of W" in vanished
    assert "2.0e-09" in vanished
    assert "leaky-relu" in vanished
    assert "gradient of W" in exploded
    assert "3.0e+05" in exploded
    assert "train.clip = 5" in exploded
    assert "train.learning_rate" in exploded
    assert stuck.startswith("75% of the hidden units")
    assert "leaky-relu" in stuck


def test_several_things_can_be_wrong_at_once():
    assert len(warnings_at(norm=0.0, stuck=1.0)) == 2


def test_a_w_that_is_not_trained_has_no_gradient_to_warn_of():
    assert Diagnostics({"b2": 1e-20}, {"b2": 0.0}, {}, 0.0).warnings() == []


# Warnings: each pathology built, and trained on


def warnings_of(trained, settings=PLAIN):
    """The warnings of each epoch."""
    return [record.diagnostics.warnings() for record in trained.train(settings)]


def has_exactly(warnings, expected):
    """Whether every epoch has exactly the expected warnings, in this order."""
    assert all(len(found) == len(expected) for found in warnings), warnings
    return all(part in text for found in warnings for part, text in zip(expected, found, strict=True))


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_a_healthy_training_has_none(tiny_config, nonlinearity):
    """With the defaults: the initializer that suits the nonlinearity, L2, both dropouts."""
    prepared = prepare(load_config(tiny_config, [f"model.nonlinearity={nonlinearity}"]))
    settings = prepared.model.config.train
    trainer = Trainer(prepared.members[0], prepared.training, settings, prepared.rng)
    for epoch in range(1, 6):
        found = trainer.train_epoch(epoch).diagnostics
        assert found.warnings() == []
        assert 0 < found.gradient_norms["W"] < 10
        assert 1e-5 < found.update_ratios["W"] < 1
        assert all(0 < share <= 1 for share in found.touched_rows.values())


@pytest.mark.parametrize("nonlinearity", ["sigmoid", "tanh", "hard-tanh"])
def test_huge_weights_saturate_and_the_gradient_vanishes(subject, nonlinearity):
    """W a million times too large: every unit is flat in every window. L2's own part of W's gradient is not counted."""
    trained = subject(nonlinearity=nonlinearity)
    trained.network.W[...] *= 1e6
    assert has_exactly(warnings_of(trained), [VANISHED, STUCK])


def test_some_saturated_units_are_enough_for_a_warning_and_half_are_not(subject):
    """Of four tanh units, those whose W is a million times too large are saturated; the others learn on."""
    for units, expected in ((2, []), (3, [STUCK])):
        trained = subject()
        trained.network.W[:, :, :units] *= 1e6
        assert has_exactly(warnings_of(trained), expected)


@pytest.mark.parametrize("l2", [0.0, 1e-5, 1e-2])
def test_tiny_weights_above_let_the_gradient_vanish(subject, l2):
    """What comes back to W comes through U: a billionth of it. The units themselves are well."""
    trained = subject()
    trained.network.U[...] *= 1e-9
    warnings = warnings_of(trained, replace(PLAIN, l2=l2, update=("words", "W", "b1", "b2")))
    assert has_exactly(warnings, [VANISHED])


@pytest.mark.parametrize("clip", [0.0, 5.0])
def test_huge_inputs_let_the_gradient_explode(subject, clip):
    """Vectors a hundred thousand times too long, and a ReLU, that bounds nothing. Clipping tames it, and hides none."""
    trained = subject(nonlinearity="relu")
    trained.network.tables[0].E[...] *= 1e5
    assert has_exactly(warnings_of(trained, replace(PLAIN, clip=clip)), [EXPLODED])


@pytest.mark.parametrize(("dead", "expected"), [(0, []), (2, []), (3, [STUCK]), (4, [VANISHED, STUCK])])
def test_dead_relus(subject, dead, expected):
    """A bias of -1000 turns a unit off for good. With all of them off nothing comes back to W at all."""
    trained = subject(nonlinearity="relu")
    trained.network.b1[:] = 1  # so that the others are on
    trained.network.b1[:dead] = -1000
    assert has_exactly(warnings_of(trained), expected)


def test_leaky_relus_do_not_die(subject):
    """As above; that is what they are for."""
    trained = subject(nonlinearity="leaky-relu")
    trained.network.b1[:] = -1000
    assert has_exactly(warnings_of(trained), [])


def test_a_learning_rate_far_too_large_kills_relus(subject):
    """How it comes about in practice: Adam's steps of 10 throw every unit below 0. In the first epoch all is well."""
    first, *_, last = warnings_of(subject(nonlinearity="relu"), replace(PLAIN, learning_rate=10.0, epochs=6))
    assert first == []
    assert any(STUCK in warning for warning in last)


# Where they are kept


def test_the_record_of_an_epoch_holds_its_last_steps_numbers(subject):
    """Of the last of 4 batches: with a rate that moves nothing, its gradient is that batch's."""
    settings = replace(PLAIN, batch=5, learning_rate=1e-30, optimizer="sgd", epochs=1)
    trained, again = subject(), subject()
    (record,) = trained.train(settings)
    *_, last = again.trainer(settings).batches()
    _, gradients = again.network.loss(last)
    assert record.diagnostics.gradient_norms["W"] == pytest.approx(np.linalg.norm(gradients["W"]), rel=1e-6)
    assert record.diagnostics.touched_rows["E.words"] == len(gradients["E.words"].rows) / 12


def test_blocks_that_are_not_trained_are_left_out(subject):
    (record, _) = subject().train(replace(PLAIN, update=("features", "U")))
    assert set(record.diagnostics.gradient_norms) == {"E.capitals", "U"}
    assert set(record.diagnostics.update_ratios) == {"E.capitals", "U"}
    assert set(record.diagnostics.touched_rows) == {"E.capitals"}


def test_a_table_of_which_nothing_may_move_has_no_touched_rows(subject):
    (record, _) = subject(frozen=12).train(PLAIN)
    assert record.diagnostics.touched_rows["E.words"] == 0
    assert record.diagnostics.update_ratios["E.words"] == 0
    assert record.diagnostics.warnings() == []


def test_a_run_writes_them_into_its_history(tiny_config, tmp_path):
    run = train(load_config(tiny_config, ["train.epochs=2"]), tmp_path / "run")
    lines = (tmp_path / "run" / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    for line, record in zip(lines, run.history, strict=True):
        kept = json.loads(line)["diagnostics"]
        assert set(kept) == {"gradient_norms", "update_ratios", "touched_rows", "stuck_units"}
        assert Diagnostics(**kept) == record.diagnostics
        assert set(kept["gradient_norms"]) == set(run.tagger.model.network.parameters)
        assert set(kept["touched_rows"]) == {table.parameter for table in run.tagger.model.network.tables}
