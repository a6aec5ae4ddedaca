"""The best epoch is kept bit for bit, and of tables only what may move."""

import numpy as np
import pytest

from windowner.training.best import Best, BestEpoch


@pytest.fixture
def network(draw_case):
    """Rows 4 to 6 of the words are frozen."""
    return draw_case(np.random.default_rng(1), frozen=3).network


def values(network):
    return {name: p.copy() for name, p in network.parameters.items()}


def change(network):
    for p in network.parameters.values():
        p += 1


def offer(best, f1, epoch, loss=0.0):
    return best.offer(f1, lambda: loss, epoch)


def test_only_a_better_epoch_is_kept(network):
    """An F1 of 0 is better than none; one with the same F1 and loss is not better."""
    best = Best(network)
    assert [offer(best, f1, epoch) for epoch, f1 in enumerate([0.0, 0.0, 0.5, 0.4, 0.5, 0.6], start=1)] == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]
    assert (best.reached.epoch, best.reached.f1) == (6, 0.6)


def test_of_equal_f1_the_lower_loss_is_kept(network):
    best = Best(network)
    offers = [(0.5, 0.3), (0.5, 0.4), (0.5, 0.2), (0.5, 0.2), (0.4, 0.1), (0.5, 0.1)]
    kept = [offer(best, f1, epoch, loss) for epoch, (f1, loss) in enumerate(offers, start=1)]
    assert kept == [True, False, True, False, False, True]
    assert best.reached == BestEpoch(epoch=6, improved=1, f1=0.5, loss=0.1)


def test_a_higher_f1_counts_more_than_the_loss(network):
    best = Best(network)
    assert [offer(best, 0.5, 1, 0.1), offer(best, 0.6, 2, 0.9)] == [True, True]
    assert best.reached == BestEpoch(epoch=2, improved=2, f1=0.6, loss=0.9)


def test_the_loss_of_a_worse_epoch_is_not_asked_for(network):
    best = Best(network)
    offer(best, 0.5, 1)
    assert not best.offer(0.4, lambda: pytest.fail("asked for"), 2)


def test_restoring_puts_the_best_values_back_in_place(network):
    best, arrays = Best(network), dict(network.parameters)
    change(network)
    offer(best, 0.5, 1)
    kept = values(network)
    change(network)
    offer(best, 0.4, 2)
    best.restore()
    assert all(network.parameters[name] is arrays[name] for name in arrays)
    for name, p in network.parameters.items():
        frozen = 4 if name == "E.words" else len(p)
        np.testing.assert_array_equal(p[:frozen], kept[name][:frozen])


def test_frozen_rows_are_not_copied(network):
    """400,000 frozen vectors must not cost a copy an epoch: what changes there is not put back."""
    best = Best(network)
    offer(best, 0.5, 1)
    network.tables[0].E[:] = 7
    best.restore()
    assert (network.tables[0].E[4:] == 7).all()
    assert (network.tables[0].E[:4] != 7).all()
    assert best.kept["E.words"].shape == (4, 3)


def test_restoring_without_a_best_changes_nothing(network):
    before = values(network)
    Best(network).restore()
    assert all(p.tobytes() == before[name].tobytes() for name, p in network.parameters.items())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["E.words", "E.capitals", "W", "b1", "U", "b2"])
def test_one_value_that_is_no_number_is_noticed_in_any_block(network, name, bad):
    best = Best(network)
    assert best.is_finite()
    network.parameters[name].flat[1] = bad
    assert not best.is_finite()


def test_what_training_may_not_change_is_not_looked_at(network):
    best = Best(network)
    network.tables[0].E[5, 0] = np.nan
    assert best.is_finite()
