"""The epoch loop: what it changes and what it must not, when it stops, and which epoch it keeps."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.errors import TrainingError
from windowner.runs.training import train
from windowner.training.observer import EpochRecord, Observer
from windowner.training.optimizers import RULES
from windowner.training.schedules import SCHEDULES
from windowner.training.settings import TrainSettings
from windowner.vectors.loading import load_vectors

PLAIN = TrainSettings(epochs=3, batch=5, l2=0.0, dropout_hidden=0, dropout_input=0, schedule="constant")


@dataclass
class Recorder(Observer):
    """Keeps every call."""

    begun: list = field(default_factory=list)
    batches: list = field(default_factory=list)
    records: list[EpochRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, message):
        self.notes.append(message)

    def epoch_begins(self, *what):
        self.begun.append(what)

    def batch_ends(self, windows, loss):
        self.batches.append((windows, loss))

    def epoch_ends(self, record):
        self.records.append(record)


# What is changed


@pytest.mark.parametrize("optimizer", RULES)
def test_training_lowers_the_loss(subject, optimizer):
    trained = subject()
    before = trained.whole_loss()
    # The first of equal epochs is the best, so dev has to go on improving for the last one to be kept.
    f1s = iter(np.linspace(0.1, 0.9, 30))
    trained.train(replace(PLAIN, optimizer=optimizer, epochs=30, learning_rate=0.05), dev_f1=lambda: next(f1s))
    assert trained.whole_loss() < 0.8 * before


def test_the_same_seed_trains_the_same_network_bit_for_bit(subject):
    """With everything that is drawn: order, both dropouts, rare words."""
    settings = replace(PLAIN, dropout_hidden=0.5, dropout_input=0.3)
    first, again, other = subject(unk_rate=0.5), subject(unk_rate=0.5), subject(unk_rate=0.5)
    first.train(settings, seed=7)
    again.train(settings, seed=7)
    other.train(settings, seed=8)
    names = set(first.network.parameters)
    assert first.unchanged(again.copy()) == names
    assert not first.unchanged(other.copy())


@pytest.mark.parametrize("optimizer", RULES)
def test_frozen_rows_are_bit_identical_after_training(subject, optimizer):
    """Rows 6 and on; words on both sides stand in the text."""
    trained = subject(frozen=6)
    touched = trained.touched()
    assert touched.max() >= 6
    before = trained.copy()
    trained.train(replace(PLAIN, optimizer=optimizer, dropout_input=0.2))
    after = trained.network.tables[0].E
    assert after[6:].tobytes() == before["E.words"][6:].tobytes()
    changed = np.flatnonzero((after != before["E.words"]).any(axis=1))
    np.testing.assert_array_equal(changed, touched[touched < 6])
    assert trained.unchanged(before) == set()


@pytest.mark.parametrize("optimizer", RULES)
def test_fine_tuning_changes_the_rows_of_words_in_the_text_and_no_others(subject, optimizer):
    """Padding, row 0, is one of them; UNK, row 1, and rows 8 to 11 are not in the text."""
    trained = subject()
    touched = trained.touched()
    assert touched[0] == 0
    assert not {1, 8, 9, 10, 11} & set(touched.tolist())
    before = trained.copy()["E.words"]
    trained.train(replace(PLAIN, optimizer=optimizer))
    changed = (trained.network.tables[0].E != before).any(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(changed), touched)


def test_rare_words_train_the_unknown_row(subject):
    """Rows 2 and 3 are rare; read as UNK every time, they are never touched themselves."""
    trained = subject(unk_rate=1.0)
    touched = trained.touched()
    rare = np.isin(touched, [2, 3])
    assert rare.any()
    before = trained.copy()["E.words"]
    trained.train(PLAIN)
    changed = (trained.network.tables[0].E != before).any(axis=1)
    np.testing.assert_array_equal(np.flatnonzero(changed), np.unique(np.where(rare, 1, touched)))


# What is reported


def test_every_epoch_sees_every_window_once(subject):
    trained, heard = subject(), Recorder()
    history = trained.train(PLAIN, observer=heard)
    assert heard.begun == [(1, 3, 20), (2, 3, 20), (3, 3, 20)]
    assert sum(windows for windows, _ in heard.batches) == 3 * 20
    assert heard.records == history
    assert [record.epoch for record in history] == [1, 2, 3]


def test_sentences_are_shuffled_anew_each_epoch(subject):
    """Whole sentences of 4, 1, 6, 3, 2 and 4 windows make other batches when their order differs."""
    trained, heard = subject(), Recorder()
    trained.train(replace(PLAIN, batch=1, epochs=4), observer=heard)
    sizes = [windows for windows, _ in heard.batches]
    epochs = [tuple(sizes[i : i + 6]) for i in range(0, 24, 6)]
    assert all(sorted(epoch) == [1, 2, 3, 4, 4, 6] for epoch in epochs)
    assert len(set(epochs)) > 1


def test_the_epochs_loss_is_the_mean_over_windows_not_over_batches(subject):
    """With a learning rate that moves nothing, it is the loss of the whole text. Tolerance: float32."""
    trained = subject()
    expected, _ = trained.network.loss(trained.whole_batch(), 0.01)
    settings = replace(PLAIN, epochs=1, l2=0.01, learning_rate=1e-30, optimizer="sgd")
    (record,) = trained.train(settings)
    assert record.loss == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_learning_rate_follows_its_schedule(subject, schedule):
    """One batch an epoch: epoch e of 4 begins when (e - 1)/4 of the training is done."""
    settings = replace(PLAIN, epochs=4, batch=1000, schedule=schedule, learning_rate=0.01, final_rate=0.1)
    rates = [record.learning_rate for record in subject().train(settings)]
    assert rates == pytest.approx([0.01 * SCHEDULES[schedule](i / 4, 0.1) for i in range(4)], rel=1e-12)


# When it stops, and what it keeps


@pytest.mark.parametrize(
    ("words", "passes"),
    [
        (1_000_000, 15),
        (40_000, 15),  # 600,000 words
        (39_999, 16),
        (30_000, 20),
        (6_000, 100),
        (1, 100),
    ],
)
def test_a_small_corpus_is_passed_over_more_often(words, passes):
    """So that 600,000 words are trained on; but what the config says is done."""
    assert TrainSettings().passes(words) == passes
    assert TrainSettings(epochs=7).passes(words) == 7
    assert TrainSettings(epochs="long").passes(words) == (25 if words >= 100_000 else passes)
    assert abs(TrainSettings(epochs="short").passes(words) - passes / 10) <= 0.5


def test_as_many_passes_are_made_and_the_learning_rate_comes_down_over_all_of_them(subject):
    settings = replace(PLAIN, epochs="auto", schedule="linear", final_rate=0.1, learning_rate=1e-9, batch=1000)
    rates = [record.learning_rate for record in subject().train(settings)]
    assert rates == pytest.approx([1e-9 * (1 - 0.9 * i / 100) for i in range(100)], rel=1e-9)


@pytest.mark.parametrize(
    ("f1s", "patience", "epochs", "best"),
    [
        ([0.1, 0.3, 0.2, 0.3, 0.1, 0.9], 3, 5, 2),  # equal is not better
        ([0.1, 0.3, 0.2, 0.4, 0.1, 0.9], 3, 6, 6),  # a better epoch begins the wait anew
        ([0.5, 0.4, 0.9, 0.9, 0.9, 0.9], 1, 2, 1),
        ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 10, 6, 1),  # no entity found: still an epoch to keep
        ([0.5, 0.4, 0.3, 0.2, 0.1, 0.0], 0, 6, 1),  # patience is off
    ],
)
def test_early_stopping_keeps_the_best_epoch_bit_for_bit(subject, f1s, patience, epochs, best):
    trained, values, seen = subject(), iter(f1s), []

    def dev_f1():
        seen.append(trained.copy())
        return next(values)

    history = trained.train(replace(PLAIN, epochs=6, patience=patience), dev_f1=dev_f1)
    assert len(history) == epochs
    assert max(record.epoch for record in history if record.best) == best
    assert [record.dev_f1 for record in history] == f1s[:epochs]
    assert trained.unchanged(seen[best - 1]) == set(trained.network.parameters)
    if best < epochs:
        assert not trained.unchanged(seen[-1])  # it would not do to keep the last


def test_of_equal_f1_the_epoch_with_the_lowest_dev_loss_is_kept(subject):
    trained, losses, seen = subject(), iter([0.4, 0.2, 0.3]), []

    def dev_f1():
        seen.append(trained.copy())
        return 0.5

    history = trained.train(PLAIN, dev_f1=dev_f1, dev_loss=lambda: next(losses))
    assert [record.best for record in history] == [True, True, False]
    assert trained.unchanged(seen[1]) == set(trained.network.parameters)


def test_a_lower_loss_at_the_same_f1_does_not_begin_the_wait_anew(subject):
    losses = iter(np.linspace(0.9, 0.1, 6))
    history = subject().train(replace(PLAIN, epochs=6, patience=2), dev_loss=lambda: next(losses))
    assert [record.best for record in history] == [True, True, True]


@pytest.mark.parametrize(("patience", "said"), [(1, True), (3, False), (0, False)])
def test_stopping_early_is_reported(subject, patience, said):
    heard = Recorder()
    subject().train(replace(PLAIN, patience=patience), observer=heard)
    assert any("train.patience" in note for note in heard.notes) == said
    assert len(heard.records) == (2 if said else 3)


def test_whoever_keeps_snapshots_is_called_after_each_epoch_that_is_reported(subject):
    heard, kept = Recorder(), []
    subject().train(PLAIN, observer=heard, keep=lambda take: kept.append((len(heard.records), len(take().records))))
    assert kept == [(1, 1), (2, 2), (3, 3)]


# What goes wrong


def f1_of_numbers(trained):
    """As a real one would, it looks at the logits, whatever they are."""
    return lambda: float(np.isfinite(trained.network.forward(trained.whole_batch()).z2).all())


@pytest.mark.parametrize(
    ("optimizer", "rate", "batch", "place"),
    [
        # The first step leaves numbers that float32 can hold, or, at a rate of 1e300, none.
        *((name, 1e30, 5, "epoch 1, batch 2 of 4: the loss is ") for name in ("sgd", "momentum", "adam", "adamw")),
        *((name, 1e300, 5, "epoch 1, batch 2 of 4: the loss is ") for name in ("sgd", "adagrad", "rmsprop")),
        *((name, 1e30, 1000, "epoch 2, batch 1 of 1: the loss is ") for name in ("sgd", "nesterov", "adam")),
        *((name, 1e300, 1000, "epoch 1: a parameter is not finite") for name in ("sgd", "adagrad", "rmsprop")),
    ],
)
def test_what_is_no_number_stops_training(subject, optimizer, rate, batch, place):
    """Epoch, batch and learning rate are named; numpy's warnings, which the tests take for errors, are not let out."""
    trained = subject()
    settings = replace(PLAIN, optimizer=optimizer, learning_rate=rate, batch=batch)
    with pytest.raises(TrainingError) as caught:
        trained.train(settings, dev_f1=f1_of_numbers(trained))
    assert str(caught.value).startswith(place)
    assert f" at learning rate {rate:g}; expected a finite number. Try a smaller" in str(caught.value)
    assert "the loss is" not in place or "nan" in str(caught.value) or "inf" in str(caught.value)


def test_what_the_last_batch_spoils_is_never_kept(subject):
    """No loss comes after the last step of the last epoch, so the parameters themselves are looked at."""
    trained, kept, heard = subject(), [], Recorder()

    def dev_f1():
        raise AssertionError("dev is not looked at")

    with pytest.raises(TrainingError, match="epoch 1: a parameter is not finite at learning rate 1e"):
        trained.train(
            replace(PLAIN, optimizer="sgd", learning_rate=1e300, batch=1000, epochs=1),
            dev_f1=dev_f1,
            keep=lambda take: kept.append(1),
            observer=heard,
        )
    assert kept == heard.records == []


# From a config, on real text


def test_a_tiny_corpus_is_learnt_to_f1_1(tiny_config, tmp_path):
    every_word_counts = ["vectors.unk_rate=0", "train.dropout_hidden=0.3"]  # none of six sentences' words is frequent
    run = train(load_config(tiny_config, every_word_counts), tmp_path / "run")
    assert run.scores["dev"].overall.f1 == 1.0
    assert run.history[-1].loss < run.history[0].loss / 4
    assert run.tagger.tag([["John", "Smith", "left", "Paris"]]) == [["B-PER", "I-PER", "O", "B-LOC"]]


@pytest.mark.parametrize("mode", ["frozen", "fine-tuned"])
def test_pretrained_vectors_in_the_model_are_their_sources_bit_for_bit(tiny_config, tmp_path, mode):
    """Frozen: all of them. Fine-tuned: those of words that the training data does not have."""
    rng = np.random.default_rng(1)
    words = ["paris", "is", "rome", "in", "zebra", "yak", "new", "xerus"]
    lines = (f"{word} {' '.join(map(str, rng.normal(size=4).round(5)))}\n" for word in words)
    (tmp_path / "vectors.txt").write_text("".join(lines), encoding="utf-8")
    overrides = [f"vectors.source={tmp_path / 'vectors.txt'}", f"vectors.mode={mode}", "vectors.unk_rate=0"]
    run = train(load_config(tiny_config, overrides), tmp_path / "run")
    vectors = load_vectors("vectors.txt", directory=tmp_path)
    table = run.tagger.model.words
    changed = {
        word
        for word, row in table.rows.items()
        if word in vectors and table.E[row].tobytes() != vectors.rows([vectors.key_to_index[word]]).tobytes()
    }
    assert set(words) <= set(table.values)
    assert changed == (set() if mode == "frozen" else {"paris", "is", "rome", "in", "new"})
