"""Steps: their batches, rates and gradients, which blocks they change, and that any subset lowers the loss."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest

import windowner.training.text
from windowner.config.loading import load_config
from windowner.errors import TrainingError
from windowner.network.rows import RowGradient
from windowner.runs.preparation import prepare
from windowner.training.clipping import entries, global_norm
from windowner.training.observer import Observer
from windowner.training.optimizers import RULES
from windowner.training.schedules import rate_share
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer

PLAIN = TrainSettings(epochs=3, batch=5, l2=0.0, dropout_hidden=0, dropout_input=0, schedule="constant")
DRAWN = replace(PLAIN, l2=0.01, dropout_hidden=0.4, dropout_input=0.2)
BLOCKS = ("words", "features", "W", "b1", "U", "b2")
SUBSETS = list(chain.from_iterable(combinations(BLOCKS, size) for size in range(1, 7)))


def parameters(blocks, features=("E.capitals",)):
    """Names of the parameters of some blocks."""
    names_by_group = {"words": ["E.words"], "features": features}
    return {name for block in blocks for name in names_by_group.get(block, [block])}


# Steps


@pytest.mark.parametrize("optimizer", RULES)
def test_an_epoch_is_its_batches_gradients_and_steps(subject, optimizer):
    """Bit for bit: that the last step is measured changes nothing, and nothing is drawn for it."""
    settings = replace(DRAWN, optimizer=optimizer, schedule="cosine", warmup=0.3, clip=0.5)
    trained, by_hand = subject(unk_rate=0.3), subject(unk_rate=0.3)
    trainer = trained.trainer(settings)
    epochs = [trainer.train_epoch(epoch) for epoch in (1, 2)]

    steps = by_hand.trainer(settings)
    for epoch in (0, 1):
        losses, windows = [], []
        batches = steps.batches()
        for number, batch in enumerate(batches):
            loss, gradients, _ = steps.gradients(batch)
            rate = steps.rate((epoch + number / len(batches)) / 3)
            steps.optimizer.step(gradients, rate)
            losses.append(loss)
            windows.append(len(batch))
        assert len(losses) > 2
        assert epochs[epoch].loss == pytest.approx(np.average(losses, weights=windows), rel=1e-12)
        assert epochs[epoch].learning_rate == rate
    assert trained.unchanged(by_hand.copy()) == set(trained.network.parameters)


def test_the_rate_of_a_step_is_its_schedules_at_its_place_in_all_epochs(subject):
    """6 sentences are 6 batches in each of 3 epochs: step i of 18 begins at progress i / 18."""
    settings = replace(PLAIN, batch=1, learning_rate=0.01, schedule="linear", final_rate=0.1, warmup=0.25)
    trainer = subject().trainer(settings)
    rates, step = [], trainer.optimizer.step
    trainer.optimizer.step = lambda gradients, rate: (rates.append(rate), step(gradients, rate))
    for epoch in (1, 2, 3):
        trainer.train_epoch(epoch)
    assert rates == pytest.approx([0.01 * rate_share("linear", i / 18, 0.1, 0.25) for i in range(18)], rel=1e-12)
    assert rates[0] == 0


def test_batches_are_new_ones_in_each_epoch_and_hold_every_window_once(subject):
    trained = subject()
    trainer = trained.trainer(PLAIN)
    orders = []
    for _ in range(3):
        batches = trainer.batches()
        seen = list(batches)
        assert len(batches) == len(seen)
        y = np.concatenate([batch.y for batch in seen])
        np.testing.assert_array_equal(np.sort(y), np.sort(trained.training.text.tags))
        orders.append(tuple(y.tolist()))
    assert len(set(orders)) > 1


def test_batches_hold_fragments_of_documents(subject, monkeypatch):
    """Documents of 11 and of 9 windows, as fragments of about 5. Mentions are those of the words of a batch."""
    monkeypatch.setattr(windowner.training.text, "FRAGMENT", 5)
    trained = subject(documents=(3, 3))
    trainer = trained.trainer(replace(PLAIN, batch=6))
    others = 0
    for _ in range(3):
        seen = list(trainer.batches())
        assert sum(map(len, seen)) == 20
        assert len(seen) > 1
        for batch in seen:
            assert set(batch.A.tokens.tolist()) <= set(range(len(batch)))
            others += len(batch.A.tokens)
    assert others > 0


def test_a_network_that_reads_documents_learns(subject):
    trained = subject(documents=(3, 3))
    before, loss = trained.copy(), trained.whole_loss()
    trained.train(replace(PLAIN, epochs=20, learning_rate=0.1))
    assert trained.whole_loss() < 0.9 * loss
    assert not trained.unchanged(before) & {"U", "b2", "U.own", "U.others", "b2.document"}


def test_the_observer_gets_the_mean_loss_so_far(subject):
    class Ears(Observer):
        heard = ()

        def batch_ends(self, windows, loss):
            self.heard += ((windows, loss),)

    ears = Ears()
    epoch = subject().trainer(PLAIN, observer=ears).train_epoch(1)
    assert sum(windows for windows, _ in ears.heard) == 20
    assert ears.heard[-1][1] == epoch.loss


# Gradients


@pytest.mark.parametrize("limit", [0.0, 1e-3, 1e3])
def test_gradients_are_those_of_the_network_with_masks_and_l2_cut_to_the_limit(subject, limit):
    trained = subject()
    trainer = trained.trainer(replace(DRAWN, clip=limit))
    batch = next(iter(trainer.batches()))
    loss, gradients, masks = trainer.gradients(batch)
    assert masks.input is not None
    assert masks.hidden is not None
    expected_loss, expected = trained.network.loss(batch, 0.01, masks)
    norm = global_norm(expected)
    assert loss == expected_loss
    factor = limit / norm if 0 < limit < norm else 1.0
    assert (factor < 1) == (limit == 1e-3)
    for name, gradient in expected.items():
        np.testing.assert_allclose(entries(gradients[name]), factor * entries(gradient), rtol=1e-6, err_msg=name)


def test_the_norm_that_is_clipped_is_of_the_blocks_that_are_trained(subject):
    """The others' gradients do not shorten the step."""
    trained = subject()
    trainer = trained.trainer(replace(PLAIN, update=("b1", "b2"), clip=1e-3))
    _, gradients, _ = trainer.gradients(trained.whole_batch())
    assert set(gradients) == {"b1", "b2"}
    assert global_norm(gradients) == pytest.approx(1e-3, rel=1e-6)


# Any subset of the gradients still improves the likelihood


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
@pytest.mark.parametrize("update", SUBSETS, ids="-".join)
def test_every_subset_of_blocks_is_changed_alone_and_lowers_the_loss(subject, update, optimizer):
    """All 63: the named blocks change, the others keep every bit (adamw decays none of them), and the loss falls."""
    trained = subject()
    before, loss = trained.copy(), trained.whole_loss()
    rate = 0.05 if optimizer == "sgd" else 0.01
    trainer = trained.trainer(replace(PLAIN, update=update, optimizer=optimizer, learning_rate=rate, batch=10))
    for epoch in (1, 2, 3):
        trainer.train_epoch(epoch)
    assert trained.unchanged(before) == set(before) - parameters(update)
    assert trained.whole_loss() < loss


@pytest.mark.parametrize(
    "update",
    [["U"], ["b2"], ["W"], ["b1"], ["words"], ["features"], ["U", "b2"], ["W", "words"], ["words", "features"]],
    ids="-".join,
)
def test_a_subset_from_a_config_lowers_the_training_loss(tiny_config, update):
    """On text: after 10 epochs the loss of an epoch is below that of the first."""
    prepared = prepare(load_config(tiny_config, [f"train.update={update}", "train.l2=0", "vectors.unk_rate=0"]))
    network = prepared.members[0]
    before = {name: p.copy() for name, p in network.parameters.items()}
    settings = replace(prepared.model.config.train, dropout_hidden=0, dropout_input=0)
    assert list(settings.update) == update
    trainer = Trainer(network, prepared.training, settings, prepared.rng)
    losses = [trainer.train_epoch(epoch).loss for epoch in range(1, 11)]
    assert losses[-1] < losses[0]
    features = [table.parameter for table in network.tables[1:]]
    assert len(features) == 6
    changed = {name for name, p in network.parameters.items() if p.tobytes() != before[name].tobytes()}
    assert changed == parameters(update, features)


def test_all_blocks_learn_more_than_some(subject):
    losses = []
    for update in (BLOCKS, ("U",), ("words",)):
        trained = subject()
        trainer = trained.trainer(replace(PLAIN, update=update, learning_rate=0.03))
        for epoch in (1, 2, 3):
            trainer.train_epoch(epoch)
        losses.append(trained.whole_loss())
    assert losses[0] < min(losses[1:])


# Rates of groups


@pytest.mark.parametrize("optimizer", RULES)
@pytest.mark.parametrize(("key", "kept"), [("word_rate", "E.words"), ("feature_rate", "E.capitals")])
def test_a_group_whose_rate_is_0_keeps_every_bit(subject, optimizer, key, kept):
    trained = subject()
    before = trained.copy()
    trained.trainer(replace(DRAWN, optimizer=optimizer, **{key: 0.0})).train_epoch(1)
    assert trained.unchanged(before) == {kept}


def test_a_groups_rate_is_a_share_of_the_learning_rate(subject):
    """One step of SGD: words move a quarter, features a half of the way. Tolerance: float32 numbers of size 1."""
    moved = []
    for shares in ({"feature_rate": 1.0}, {"word_rate": 0.25, "feature_rate": 0.5}):
        trained = subject()
        before = trained.copy()
        settings = replace(PLAIN, optimizer="sgd", learning_rate=0.5, batch=1000, **shares)
        trained.trainer(settings).train_epoch(1)
        moved.append({name: p.astype(float) - before[name] for name, p in trained.network.parameters.items()})
    whole, part = moved
    for name, share in {"E.words": 0.25, "E.capitals": 0.5, "W": 1, "b1": 1, "U": 1, "b2": 1}.items():
        np.testing.assert_allclose(part[name], share * whole[name], rtol=0, atol=5e-7, err_msg=name)
        assert np.abs(whole[name]).max() > 1e-3


def test_weight_decay_is_the_settings(subject):
    """One step of AdamW: with decay w, W ends a w W lower than without; b1 where it would. Tolerance: float32."""
    ends = []
    for decay in (0.0, 0.5):
        trained = subject()
        start = trained.copy()
        trained.trainer(
            replace(PLAIN, optimizer="adamw", learning_rate=0.1, batch=1000, weight_decay=decay)
        ).train_epoch(1)
        ends.append(trained.copy())
    for name in start:
        lower = 0.1 * 0.5 * start[name] if name in ("W", "U") else 0 * start[name]
        np.testing.assert_allclose(ends[1][name], ends[0][name] - lower, rtol=0, atol=1e-6, err_msg=name)


# What goes wrong


def test_a_loss_that_is_no_number_is_named_with_its_batch(subject):
    trained = subject()
    trained.network.b2[0] = np.nan
    with pytest.raises(TrainingError, match=r"epoch 2, batch 1 of \d: the loss is nan at learning rate 0\.002"):
        trained.trainer(PLAIN).train_epoch(2)


def test_tables_have_sparse_gradients_throughout(subject):
    """Nothing of the size of the vocabulary is made for a batch."""
    trained = subject(frozen=6)
    trainer = trained.trainer(DRAWN)
    for batch in trainer.batches():
        _, gradients, _ = trainer.gradients(batch)
        assert {name for name, g in gradients.items() if isinstance(g, RowGradient)} == {"E.words", "E.capitals"}
        assert gradients["E.words"].rows.max() < 6
