"""The thaw: from which step on which rows move, against trainings that are frozen or fine-tuned throughout.

The text's words have rows from 2 to 7 of 12. Rows 0 to 4 stand for those that training may move before the thaw.
"""

from dataclasses import replace

import numpy as np
import pytest

from windowner.training.loop import train_steps
from windowner.training.settings import TrainSettings
from windowner.training.thaw import before_thaw

OWN = 5
SETTINGS = TrainSettings(epochs=4, batch=5, optimizer="adam", learning_rate=0.05, thaw=0.5)


def with_rows(subject, trainable=None, early=None):
    """Return a new subject, with these numbers of rows in its table of words."""
    found = subject()
    words, *others = found.network.tables
    words = replace(words, trainable=len(words.E) if trainable is None else trainable, before_thaw=early)
    found.network = replace(found.network, tables=[words, *others])
    return found


def train(found, settings=SETTINGS):
    """Train, and return the words' rows after each epoch, the first values before them."""
    trainer, words = found.trainer(settings), found.network.tables[0].E
    epochs = [words.copy()]
    for epoch in range(1, settings.epochs + 1):
        trainer.train_epoch(epoch)
        epochs.append(words.copy())
    return trainer, epochs


def test_before_the_thaw_it_is_a_frozen_training_bit_for_bit(subject):
    thawing, frozen = with_rows(subject, early=OWN), with_rows(subject, trainable=OWN)
    _, epochs = train(thawing, replace(SETTINGS, thaw=1.0))
    _, expected = train(frozen, replace(SETTINGS, thaw=0.0))
    np.testing.assert_array_equal(epochs, expected)
    np.testing.assert_array_equal(epochs[-1][OWN:], epochs[0][OWN:])
    assert thawing.unchanged(frozen.copy()) == set(thawing.network.parameters)


def test_with_a_thaw_at_the_start_it_is_a_fine_tuned_training_bit_for_bit(subject):
    thawing, tuned = with_rows(subject, early=OWN), with_rows(subject)
    train(thawing, replace(SETTINGS, thaw=0.0))
    train(tuned)
    assert thawing.unchanged(tuned.copy()) == set(thawing.network.parameters)


@pytest.mark.parametrize(("thaw", "epochs_frozen"), [(0.25, 1), (0.5, 2), (0.75, 3)])
def test_rows_move_from_the_step_at_the_share_on(subject, thaw, epochs_frozen):
    """4 epochs have as many steps each. The first step after the share moves the rows."""
    _, epochs = train(with_rows(subject, early=OWN), replace(SETTINGS, thaw=thaw))
    moved = [not np.array_equal(after[OWN:8], epochs[0][OWN:8]) for after in epochs[1:]]
    assert moved == [epoch > epochs_frozen for epoch in range(1, 5)]
    assert all((after[2:OWN] != epochs[0][2:OWN]).any() for after in epochs[1:]), "the others move from the start on"


def test_rows_move_at_the_very_step(subject):
    """6 batches in each of 4 epochs. A thaw at 7/24 leaves step 7 (progress 6/24) frozen, and moves at step 8."""
    found = with_rows(subject, early=OWN)
    trainer, words = found.trainer(replace(SETTINGS, batch=1, thaw=7 / 24)), found.network.tables[0].E
    before, moved, step = words[OWN:8].copy(), [], trainer.optimizer.step

    def watched(gradients, rate):
        step(gradients, rate)
        moved.append(not np.array_equal(words[OWN:8], before))

    trainer.optimizer.step = watched
    for epoch in (1, 2):
        trainer.train_epoch(epoch)
    rows = [trainer.network_at(number / 24).tables[0].trainable for number in range(12)]
    assert rows == [OWN] * 7 + [12] * 5
    assert not any(moved[:7])
    assert moved[-1]


@pytest.mark.parametrize(("steps", "moves"), [(4, False), (5, True)])
def test_a_training_of_some_steps_thaws_at_the_share_of_all_of_them(subject, steps, moves):
    """Of 8 steps the first 4 are frozen. A batch holds the whole text."""
    found = with_rows(subject, early=OWN)
    words = found.network.tables[0].E
    before = words.copy()
    train_steps(found.trainer(replace(SETTINGS, batch=100)), steps, total=8)
    assert np.array_equal(words[OWN:8], before[OWN:8]) is not moves


def test_the_state_of_adam_starts_at_the_thaw(subject):
    found = with_rows(subject, early=OWN)
    trainer = found.trainer(SETTINGS)
    for epoch in (1, 2):
        trainer.train_epoch(epoch)
    m, v = trainer.optimizer.state("E.words")
    assert m[2:OWN].any()
    assert not m[OWN:].any()
    assert not v[OWN:].any()
    trainer.train_epoch(3)
    assert m[OWN:8].any()


def test_the_rate_of_the_thawed_rows_is_that_of_the_step_times_the_words_share(subject):
    """Plain gradient descent with a constant rate of 0.5 and a share of 0.2: a step is -0.1 times the gradient."""
    settings = TrainSettings(
        epochs=2, batch=100, optimizer="sgd", learning_rate=0.5, word_rate=0.2, schedule="constant", thaw=0.5, l2=0.0,
        dropout_hidden=0, dropout_input=0,
    )  # fmt: skip
    found = with_rows(subject, early=OWN)
    trainer = found.trainer(settings)
    trainer.train_epoch(1)
    words = found.network.tables[0].E
    before = words.copy()
    gradient = found.network.loss(found.whole_batch())[1]["E.words"].dense(words.shape)
    trainer.train_epoch(2)
    assert np.abs(gradient[OWN:8]).max() > 1e-3
    np.testing.assert_allclose(words[OWN:] - before[OWN:], -0.1 * gradient[OWN:], rtol=1e-4, atol=1e-7)


def test_a_network_whose_tables_do_not_thaw_stays_the_same_object(subject):
    network = subject().network
    assert before_thaw(network) is network


def test_both_networks_share_their_parameters(subject):
    network = with_rows(subject, early=OWN).network
    early = before_thaw(network)
    assert early.tables[0].trainable == OWN
    assert all(early.parameters[name] is array for name, array in network.parameters.items())
