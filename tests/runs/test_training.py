"""A run: what its folder holds, that it can be repeated to the byte, and what is left when it goes wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from synthetic import Tiny, train_tiny, write_corpus, write_tiny, write_vectors

import windowner.runs.fitting
from windowner.config.loading import load_config
from windowner.errors import ConfigError, TrainingError
from windowner.formats.reading import read_corpus
from windowner.runs.finishing import Run
from windowner.runs.metrics import evaluate
from windowner.runs.training import train
from windowner.scoring.entities import score
from windowner.tagger.parts import read_model
from windowner.tagger.tagger import Tagger
from windowner.training.observer import Observer

FILES = ["config.toml", "dev.jsonl", "history.jsonl", "metrics.json", "model.safetensors"]


class Spoils(Observer):
    """Sets a parameter of the network to a value after every batch from an epoch on."""

    def __init__(self, monkeypatch, epoch: int, parameter: str, value: float):
        self.epoch, self.parameter, self.value = epoch, parameter, value
        self.begun = 0
        original = windowner.runs.fitting.train_network

        def spy(trainer, *args, **kwargs):
            self.network = trainer.network
            return original(trainer, *args, **kwargs)

        monkeypatch.setattr(windowner.runs.fitting, "train_network", spy)

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        self.begun = epoch

    def batch_ends(self, windows: int, loss: float) -> None:
        if self.begun >= self.epoch:
            self.network.parameters[self.parameter][:] = self.value


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture
def path(tmp_path) -> Path:
    """Path of a config of the test's own."""
    return write_tiny(tmp_path / "project")


def trained(path: Path, out: Path, *overrides: str, observer: Observer | None = None) -> Run:
    return train(load_config(path, overrides), out, observer or Observer())


# The folder


def test_the_folder_holds_what_a_user_keeps_and_no_checkpoint(tiny):
    assert sorted(os.listdir(tiny.run.folder)) == FILES


def test_history_has_one_line_per_epoch(tiny):
    lines = (tiny.run.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [record.as_dict() for record in tiny.run.history]
    assert [record.epoch for record in tiny.run.history] == [1, 2]
    assert tiny.run.history[1].loss < tiny.run.history[0].loss


def test_dev_is_kept_as_it_was_tagged(tiny):
    lines = (tiny.run.folder / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    gold, predicted = zip(*((s["gold"], s["predicted"]) for s in map(json.loads, lines)), strict=True)
    assert score(gold, predicted) == tiny.run.scores["dev"]
    assert all(s["tokens"] and len(s["tokens"]) == len(s["gold"]) for s in map(json.loads, lines))


def test_metrics_hold_scores_sizes_and_times(tiny):
    metrics = json.loads((tiny.run.folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics == tiny.run.metrics
    assert metrics["dev"] == tiny.run.scores["dev"].as_dict()
    assert metrics["test"] == tiny.run.scores["test"].as_dict()
    assert "train" not in metrics
    best = max(tiny.run.history, key=lambda record: record.dev_f1)
    assert (metrics["best_epoch"], metrics["epochs"], metrics["mode"]) == (best.epoch, 2, "fine-tuned")
    assert metrics["dev"]["overall"]["f1"] == best.dev_f1 > 0.8
    assert metrics["model_bytes"] == tiny.model.stat().st_size
    assert metrics["word_rows"]["all"] == len(tiny.run.tagger.model.words.E)
    known = metrics["familiarity"]
    assert list(known) == ["seen", "only as vectors", "unseen"]
    assert sum(group["support"] for group in known.values()) == metrics["dev"]["overall"]["support"]
    assert known["only as vectors"]["support"] == 0 < known["seen"]["support"]  # there are no vectors
    assert metrics["training"]["words"] == sum(map(len, read_corpus(tiny.folder / "train.conll").tokens))


def test_the_kept_config_trains_the_same_again(tiny, tmp_path):
    kept = load_config(tiny.run.folder / "config.toml")
    assert kept.vectors.mode == "fine-tuned"
    assert kept.train == load_config(tiny.config).train
    again = train(kept, tmp_path / "again")
    for name, array in tiny.run.tagger.model.network.parameters.items():
        np.testing.assert_array_equal(again.tagger.model.network.parameters[name], array, strict=True)
    assert (tmp_path / "again" / "config.toml").read_bytes() == (tiny.run.folder / "config.toml").read_bytes()


def test_the_folder_is_named_after_the_config(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    run = train(str(path))
    assert run.folder == Path("runs/tiny")
    assert sorted(os.listdir(path.parent / "runs" / "tiny")) == FILES


def test_evaluate_scores_in_the_texts_own_scheme(tiny, tmp_path):
    corpus = read_corpus(tiny.folder / "test.conll")
    assert evaluate(tiny.run.tagger, corpus) == tiny.run.scores["test"]
    io = write_corpus(tmp_path / "io.conll", 3, 40)
    io.write_text(io.read_text().replace("B-", "I-"))
    assert evaluate(tiny.run.tagger, read_corpus(io)).accuracy > 0.9


def test_the_best_epoch_is_what_is_kept(path, tmp_path, monkeypatch):
    """Not the last one: after the third, every window gets the same tag."""
    run = trained(path, tmp_path / "run", "train.epochs=5", observer=Spoils(monkeypatch, 4, "W", 0))
    f1 = [record.dev_f1 for record in run.history]
    assert f1[3:] == [0, 0] < f1[:2]
    assert run.metrics["best_epoch"] == 1 + f1.index(max(f1))
    kept = Tagger.load(run.folder)
    assert kept.model.provenance["best_epoch"] == run.metrics["best_epoch"]
    dev = read_corpus(path.parent / "dev.conll")
    assert score(dev.tags, kept.tag(dev.tokens)).overall.f1 == max(f1)


def test_patience_ends_training(path, tmp_path):
    run = trained(path, tmp_path / "run", "train.epochs=20", "train.patience=2")
    assert len(run.history) == run.metrics["best_epoch"] + 2 < 20


# Again, to the byte


def test_another_folder_holds_the_same_bytes(tiny, tmp_path):
    """Also where something was trained before."""
    train(load_config(tiny.config, ["train.seed=5"]), tmp_path / "out")
    assert (tmp_path / "out" / "model.safetensors").read_bytes() != tiny.model.read_bytes()
    train(tiny.config, tmp_path / "out")
    assert (tmp_path / "out" / "model.safetensors").read_bytes() == tiny.model.read_bytes()


ALL_PARTS = ["preset=best", "model.document=on", "features.characters=5"]


@pytest.mark.parametrize(("hash_seed", "more"), [("1", []), ("2", []), ("3", ALL_PARTS)])
def test_another_process_writes_the_same_bytes(path, tmp_path, monkeypatch, hash_seed, more):
    """A set's order, which depends on the hash seed, must show nowhere."""
    overrides = ["vectors.source=vectors.txt", "vectors.keep=all", "data.dev=", *more]
    code = f"import windowner; windowner.train(windowner.load_config('tiny.toml', {overrides}), 'run')"
    subprocess.run(
        [sys.executable, "-c", code], cwd=path.parent, env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True
    )
    monkeypatch.chdir(path.parent)
    trained(Path("tiny.toml"), tmp_path / "here", *overrides)
    ours, theirs = tmp_path / "here" / "model.safetensors", path.parent / "run" / "model.safetensors"
    assert ours.read_bytes() == theirs.read_bytes()


# Vectors


@pytest.mark.parametrize("keep", ["0", "all"])
def test_frozen_vectors_equal_the_source_bit_for_bit(path, tmp_path, keep):
    source = path.parent / "vectors.txt"
    vectors = write_vectors(source)
    overrides = [f"vectors.source={source}", "vectors.mode=frozen", f"vectors.keep={keep}"]
    trained(path, tmp_path / "run", *overrides)
    words = read_model(tmp_path / "run").words
    table = dict(zip(words.values, words.E[2:], strict=True))
    for word in table.keys() - {"Omar", "Mei"}:
        np.testing.assert_array_equal(table[word], vectors[word], strict=True)
    assert (table.keys() >= vectors.keys()) == (keep == "all")


def test_fine_tuning_moves_the_words_of_the_training_data_alone(path, tmp_path):
    source = path.parent / "vectors.txt"
    vectors = write_vectors(source)
    trained(path, tmp_path / "run", f"vectors.source={source}", "vectors.mode=fine-tuned", "vectors.keep=all")
    words = read_model(tmp_path / "run").words
    table = dict(zip(words.values, words.E[2:], strict=True))
    seen = {token.lower() for tokens in read_corpus(path.parent / "train.conll").tokens for token in tokens}
    moved = {word for word in vectors if (table[word] != vectors[word]).any()}
    assert moved == seen & vectors.keys()
    assert {"zurich", "lagos", "spare"} <= table.keys() - moved


def test_a_pretrained_word_that_training_lacks_is_known(path, tmp_path):
    """`zurich` has the vector of `paris`, so what it is called cannot matter where no feature looks at its letters."""
    off = ["features.capitals=0", "features.shape=0", "features.affix_size=0"]
    known, unknown = ("Zurich", "Xyzzy")
    source = [f"vectors.source={path.parent}/vectors.txt", "vectors.mode=frozen"]
    trained(path, tmp_path / "all", *off, *source, "vectors.keep=all")
    trained(path, tmp_path / "none", *off, *source, "vectors.keep=0")

    def logits(name, place):
        return Tagger.load(tmp_path / name).predict([f"The weather in {place} is bad .".split()]).logits

    np.testing.assert_array_equal(logits("all", known), logits("all", "Paris"))
    np.testing.assert_array_equal(logits("none", known), logits("none", unknown))
    assert (logits("all", known) != logits("all", unknown)).any()


# What goes wrong


class Breaks(Observer):
    """Raises when an epoch is over, or after its first batch."""

    def __init__(self, error: BaseException, epoch: int):
        self.error = error
        self.epoch = epoch
        self.begun = 0

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        self.begun = epoch

    def batch_ends(self, windows: int, loss: float) -> None:
        if self.begun == self.epoch:
            raise self.error


def test_an_interrupt_leaves_the_earlier_run(path, tmp_path):
    out = tmp_path / "run"
    trained(path, out)
    before = {name: (out / name).read_bytes() for name in FILES}
    with pytest.raises(KeyboardInterrupt):
        trained(path, out, "train.seed=3", observer=Breaks(KeyboardInterrupt(), epoch=2))
    assert {name: (out / name).read_bytes() for name in FILES} == before
    assert sorted(os.listdir(out)) == FILES


def test_an_interrupt_before_the_first_checkpoint_leaves_nothing(path, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        trained(path, tmp_path / "run", observer=Breaks(KeyboardInterrupt(), epoch=1))
    assert os.listdir(tmp_path) == ["project"]


def test_a_loss_that_is_no_number_stops_training_and_leaves_the_earlier_run(path, tmp_path, monkeypatch):
    out = tmp_path / "run"
    trained(path, out)
    before = (out / "model.safetensors").read_bytes()
    with pytest.raises(TrainingError) as error:
        trained(path, out, "train.epochs=3", "train.schedule=constant", observer=Spoils(monkeypatch, 2, "b1", np.nan))
    assert str(error.value).startswith("epoch 2, batch 2 of ")
    assert "the loss is nan at learning rate 0.01; expected a finite number" in str(error.value)
    assert (out / "model.safetensors").read_bytes() == before


def test_a_folder_that_cannot_be_made(path, tmp_path):
    (tmp_path / "file").write_text("")
    for out, why in (
        (tmp_path / "file", "a file, expected a folder or a new name: --out"),
        (tmp_path / "file" / "run", "cannot write a run there: Not a directory"),
    ):
        with pytest.raises(ConfigError) as error:
            trained(path, out)
        assert str(error.value) == f"{out}: {why}"


def test_bad_data_makes_no_folder(path, tmp_path):
    (path.parent / "dev.conll").unlink()
    with pytest.raises(Exception, match="no such file"):
        trained(path, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_ensemble_is_one_network_that_survives_its_file(tiny_config, tmp_path):
    """Its members are drawn one after the other, so that they differ."""
    overrides = ["train.epochs=3", "train.ensemble=2"]
    run = train(load_config(tiny_config, overrides), tmp_path / "both")
    single = train(load_config(tiny_config, overrides[:1]), tmp_path / "single").tagger.model.network
    network = run.tagger.model.network
    assert [record.epoch for record in run.history] == [1, 2, 3, 4, 5, 6]
    assert (network.W.shape[0], network.U.shape[0]) == (2 * single.W.shape[0], 2 * single.U.shape[0])
    first, second = np.split(network.tables[0].E, 2, axis=1)
    assert first.shape == second.shape == single.tables[0].E.shape
    assert np.abs(first - second).max() > 0.01
    sentences = [["John", "Smith", "left", "Paris"], ["Rome"]]
    loaded = Tagger.load(tmp_path / "both")
    np.testing.assert_array_equal(loaded.predict(sentences).logits, run.tagger.predict(sentences).logits)
    assert loaded.model.config.train.ensemble == 2
