"""A snapshot: a training that goes on from it ends as one that was never interrupted, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from windowner.errors import TrainingError
from windowner.training.loop import train_steps
from windowner.training.optimizers import RULES
from windowner.training.settings import TrainSettings
from windowner.training.snapshot import Snapshot

SETTINGS = TrainSettings(epochs=6, batch=5, learning_rate=0.01, dropout_hidden=0.5, dropout_input=0.3, clip=1.0)


def copied(snapshot: Snapshot) -> Snapshot:
    """A snapshot's arrays are those of the training, which goes on."""
    return replace(snapshot, arrays={name: array.copy() for name, array in snapshot.arrays.items()})


def scores(f1s):
    """F1 of dev, epoch by epoch, of a training that begins after some of them."""
    values = iter(f1s)
    return lambda: next(values)


@pytest.mark.parametrize("optimizer", RULES)
def test_it_goes_on_from_each_epoch(subject, optimizer):
    """With patience, frozen rows, dropout and rare words. The best epoch is sometimes the last one, sometimes not."""
    settings, f1s = replace(SETTINGS, optimizer=optimizer, patience=3), [0.2, 0.1, 0.5, 0.5, 0.4, 0.3]
    drawn = {"unk_rate": 0.5, "frozen": 6, "chain": True}
    whole, kept = subject(**drawn), []
    history = whole.train(settings, dev_f1=scores(f1s), keep=lambda take: kept.append(copied(take())))
    assert len(kept) == len(history) == 6
    for done, snapshot in enumerate(kept, start=1):
        other = subject(**drawn)
        again = other.train(settings, seed=99, dev_f1=scores(f1s[done:]), start=snapshot)
        assert other.unchanged(whole.copy()) == set(whole.network.parameters)
        assert [(record.epoch, record.loss, record.best) for record in again] == [
            (record.epoch, record.loss, record.best) for record in history
        ]


def test_patience_that_was_at_its_end_ends_the_training(subject):
    kept = []
    settings = replace(SETTINGS, patience=2)
    subject().train(settings, dev_f1=scores([0.5, 0.4, 0.4]), keep=lambda take: kept.append(copied(take())))
    assert len(subject().train(settings, dev_f1=lambda: pytest.fail("it is over"), start=kept[-1])) == 3


def test_a_training_without_dev_goes_on_too(subject):
    whole, other, kept = subject(), subject(), []
    train_steps(whole.trainer(SETTINGS), 13, 20, keep=lambda take: kept.append(copied(take())))
    assert (len(kept), kept[-1].steps) == (4, 13)  # an epoch has three or four batches
    train_steps(other.trainer(SETTINGS, seed=99), 13, 20, start=kept[1])
    assert other.unchanged(whole.copy()) == set(whole.network.parameters)


def test_arrays_are_those_that_training_may_move(subject):
    """Of 12 words, 6 rows are frozen. The best epoch is written apart only where it is not the last one."""
    kept = []
    drawn = subject(frozen=6)
    drawn.train(SETTINGS, dev_f1=scores([0.5, 0.4, 0.6, 0.1, 0.1, 0.1]), keep=lambda take: kept.append(copied(take())))
    assert {kept[0].arrays[name].shape for name in ("now.E.words", "rule.E.words.0", "rule.E.words.1")} == {(6, 3)}
    assert ["best.W" in snapshot.arrays for snapshot in kept] == [False, True, False, True, True, True]


def test_a_snapshot_of_something_else_is_refused(subject):
    kept = []
    subject(frozen=6).train(SETTINGS, keep=lambda take: kept.append(copied(take())))
    with pytest.raises(TrainingError, match=r"now\.E\.words is float32 of the shape \(6, 3\), expected .* \(12, 3\)"):
        subject().train(SETTINGS, start=kept[0])
    arrays = {name: array for name, array in kept[0].arrays.items() if not name.startswith("rule")}
    without = replace(kept[0], arrays=arrays)
    with pytest.raises(TrainingError, match=r"rule\.E\.words\.0 is nothing, expected float32"):
        subject(frozen=6).train(SETTINGS, start=without)


def test_the_state_of_the_generator_can_be_written_as_json(subject):
    """Some generators have arrays in their state."""
    trained = subject()
    for kind in (np.random.PCG64, np.random.MT19937, np.random.Philox):
        trainer = trained.trainer(SETTINGS)
        trainer.rng, kept = np.random.Generator(kind(3)), []
        train_steps(trainer, 1, 2, keep=lambda take, kept=kept: kept.append(copied(take())))
        other = trained.trainer(SETTINGS)
        other.rng = np.random.Generator(kind(4))
        other.rng.bit_generator.state = kept[0].generator
        assert other.rng.random() == trainer.rng.random()
        assert "ndarray" not in repr(kept[0].generator)


@pytest.mark.parametrize(
    "change",
    [
        lambda state: {},
        lambda state: {**state, "bit_generator": "MT19937"},
        lambda state: {**state, "state": {"state": -1, "inc": 1}},
        lambda state: {**state, "state": {"state": "x", "inc": 1}},
        lambda state: {**state, "state": 3},
    ],
)
def test_a_generator_that_cannot_be_restored_is_refused(subject, change):
    kept = []
    subject().train(SETTINGS, keep=lambda take: kept.append(copied(take())))
    broken = replace(kept[0], generator=change(kept[0].generator))
    with pytest.raises(TrainingError, match=r"^the state of the generator cannot be used: .*; train without --resume$"):
        subject().train(SETTINGS, start=broken)
