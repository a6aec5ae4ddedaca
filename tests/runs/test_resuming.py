"""An interrupted training goes on to the same bytes; kills are real, and moments are counted in epochs."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from windowner.config.loading import load_config
from windowner.errors import ConfigError, ModelError
from windowner.runs import checkpoint
from windowner.runs.file_names import CHECKPOINT_NAME, HISTORY_NAME, MODEL_NAME
from windowner.runs.folder import read_run
from windowner.runs.training import train
from windowner.tagger.parts import read_model
from windowner.text.document import Document, Span
from windowner.training.observer import Observer
from windowner.training.optimizers import RULES
from windowner.whole_folders import work_folder

SETTINGS = [
    ("train.epochs=6", "train.patience=0"),
    ("train.epochs=9", "train.patience=2"),
    ("train.epochs=3", "train.ensemble=2"),
    ("train.epochs=3", "train.refit=true", "train.ensemble=2"),
    ("train.epochs=4", "model.loss=sentence", "model.document=on"),
    ("train.epochs=3", "features.characters=5"),
    ("train.epochs=3", "preset=best"),
    ("train.epochs=4", "vectors.source=VECTORS", "vectors.mode=frozen-then-fine-tuned", "vectors.keep=all"),
    *(("train.epochs=4", f"train.optimizer={name}") for name in RULES),
]


class Breaks(Observer):
    """Counts batches, and interrupts the training after one of them."""

    def __init__(self, last: int = -1):
        self.count, self.last = 0, last
        self.notes = []

    def note(self, message):
        self.notes.append(message)

    def batch_ends(self, windows, loss):
        self.count += 1
        if self.count == self.last:
            raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """A checkpoint is written after every epoch."""
    monkeypatch.setattr(checkpoint, "PAUSE", 0)
    monkeypatch.setattr(checkpoint, "LEAST", 0)


def model_bytes(folder: Path) -> bytes:
    return (folder / MODEL_NAME).read_bytes()


@pytest.mark.parametrize("overrides", SETTINGS, ids=" ".join)
def test_it_goes_on_to_the_same_bytes(path, tmp_path, overrides):
    """Interrupted twice, at moments that are drawn."""
    there = [override.replace("VECTORS", str(path.parent / "vectors.txt")) for override in overrides]
    config, whole = load_config(path, there), Breaks()
    epochs = len(train(config, tmp_path / "whole", whole).history)
    rng, done = np.random.default_rng(len("".join(overrides))), 0
    for epoch in sorted(rng.choice(epochs, 2, replace=False).tolist()):
        batches = (epoch - done) * whole.count // epochs + int(rng.integers(1, whole.count // epochs))
        with pytest.raises(KeyboardInterrupt):
            train(config, tmp_path / "run", Breaks(batches), resume=done > 0)
        done = epoch
    run = train(config, tmp_path / "run", resume=True)
    assert model_bytes(tmp_path / "run") == model_bytes(tmp_path / "whole")
    assert [record.epoch for record in read_run(run.folder).history] == list(range(1, len(run.history) + 1))
    before = read_run(tmp_path / "whole").metrics
    assert {key: run.metrics[key] for key in ("dev", "test", "best_epoch", "epochs")} == {
        key: before[key] for key in ("dev", "test", "best_epoch", "epochs")
    }
    assert sorted(os.listdir(tmp_path)) == ["project", "run", "whole"]


def test_the_second_training_goes_on_too(path, tmp_path):
    """The one of `train.refit`, which reports no batches: it is interrupted at its first checkpoint."""
    config = load_config(path, ["train.epochs=4", "train.learning_rate=0.001", "train.refit=true"])
    assert train(config, tmp_path / "whole").metrics["best_epoch"] > 1
    offered, offer = [], checkpoint.Checkpoint.offer

    def interrupted(self, take):
        offer(self, take)
        offered.append(take)
        if len(offered) == 5:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint.Checkpoint, "offer", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(config, tmp_path / "run")
    assert [record.epoch for record in train(config, tmp_path / "run", resume=True).history] == [1, 2, 3, 4]
    assert model_bytes(tmp_path / "run") == model_bytes(tmp_path / "whole")


def test_text_from_memory_goes_on_too(path, tmp_path):
    """It is kept in the folder, whose name the model has."""
    texts = {
        "train": [Document("Paris is big .", [Span(0, 5, "LOC")])] * 30,
        "dev": [Document("Paris .", [Span(0, 5, "LOC")])],
    }
    config = {"train": {"epochs": 4, "batch": 8}, "features": {"min_count": 1}}
    for out, last in (("a", -1), ("b", 35)):
        run = tmp_path / out / "run"
        if last > 0:
            with pytest.raises(KeyboardInterrupt):
                train(config, run, Breaks(last), **texts)
            assert (work_folder(run) / CHECKPOINT_NAME).exists()
        train(config, run, resume=last > 0, **texts)
        assert read_run(run).training_forms["Paris"] == 30
    first, second = (read_model(tmp_path / out / "run") for out in "ab")
    for name, values in first.network.parameters.items():
        assert values.tobytes() == second.network.parameters[name].tobytes()


def interrupted(path: Path, out: Path, *overrides: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(load_config(path, overrides), out, Breaks(160))


def test_another_config_is_refused(path, tmp_path):
    interrupted(path, tmp_path / "run", "train.epochs=9")
    with pytest.raises(ConfigError) as caught:
        train(load_config(path, ["train.epochs=8"]), tmp_path / "run", resume=True)
    assert str(caught.value) == (
        f"{tmp_path}/.run.work/checkpoint.safetensors: belongs to another training: train.epochs: 9 there, 8 here. "
        "Expected the same config and data; train without --resume to begin anew"
    )
    assert (tmp_path / ".run.work" / CHECKPOINT_NAME).exists()


def test_changed_data_are_refused(path, tmp_path):
    interrupted(path, tmp_path / "run", "train.epochs=9")
    with (path.parent / "dev.conll").open("a", encoding="utf-8") as file:
        file.write("\nParis 0 B-LOC\n")
    with pytest.raises(
        ConfigError, match=r"belongs to another training: data\.dev\.blake2b: \".+\" there, \".+\" here"
    ):
        train(load_config(path, ["train.epochs=9"]), tmp_path / "run", resume=True)


def test_a_damaged_checkpoint_is_refused(path, tmp_path):
    interrupted(path, tmp_path / "run", "train.epochs=9")
    kept = tmp_path / ".run.work" / CHECKPOINT_NAME
    damaged = bytearray(kept.read_bytes())
    damaged[-5] ^= 1
    kept.write_bytes(damaged)
    with pytest.raises(ConfigError, match=r"does not agree with its digest.*train without --resume"):
        train(load_config(path, ["train.epochs=9"]), tmp_path / "run", resume=True)


def test_a_model_is_not_a_checkpoint_and_a_checkpoint_is_not_a_model(path, tmp_path):
    interrupted(path, tmp_path / "run", "train.epochs=9")
    kept = tmp_path / ".run.work" / CHECKPOINT_NAME
    with pytest.raises(ModelError, match="the parts of the model do not fit together"):
        read_model(kept)
    train(path, tmp_path / "other")
    kept.write_bytes(model_bytes(tmp_path / "other"))
    with pytest.raises(ConfigError, match="not a checkpoint"):
        train(load_config(path, ["train.epochs=9"]), tmp_path / "run", resume=True)


def test_killed_between_an_epoch_and_its_checkpoint(path, tmp_path):
    """Lines of epochs are in the history already. They must not stand there twice."""
    interrupted(path, tmp_path / "run", "train.epochs=9")
    work = work_folder(tmp_path / "run")
    (work / CHECKPOINT_NAME).unlink()
    assert (work / HISTORY_NAME).read_text().count("\n") > 1
    train(path, tmp_path / "run", resume=True)
    train(path, tmp_path / "whole")
    assert model_bytes(tmp_path / "run") == model_bytes(tmp_path / "whole")
    assert [record.epoch for record in read_run(tmp_path / "run").history] == [1, 2]


def test_without_resume_the_interrupted_training_is_given_up_aloud(path, tmp_path):
    interrupted(path, tmp_path / "run", "train.epochs=9")
    heard = Breaks()
    train(path, tmp_path / "run", heard)
    assert (
        "the checkpoint of an interrupted training is removed, from which --resume would have gone on" in heard.notes[0]
    )
    train(path, tmp_path / "other")
    assert model_bytes(tmp_path / "run") == model_bytes(tmp_path / "other")


def test_what_is_finished_is_read_again(path, tmp_path):
    first, heard = train(path, tmp_path / "run"), Breaks()
    before = (tmp_path / "run" / MODEL_NAME).stat().st_mtime_ns
    again = train(path, tmp_path / "run", heard, resume=True)
    assert (again.metrics, again.scores, again.history) == (first.metrics, first.scores, first.history)
    assert (heard.count, heard.notes[-1]) == (0, f"{tmp_path}/run: this training is finished already")
    assert (tmp_path / "run" / MODEL_NAME).stat().st_mtime_ns == before
    train(load_config(path, ["train.seed=1"]), tmp_path / "run", heard, resume=True)
    assert heard.notes[-1] != f"{tmp_path}/run: this training is finished already"
    assert read_run(tmp_path / "run").config.train.seed == 1


def test_a_checkpoint_has_the_size_of_what_training_may_move(path, tmp_path):
    """Frozen vectors are not in it: three copies of the rest, and the best epoch where it is not the last."""
    vectors = [f"vectors.source={path.parent}/vectors.txt", "vectors.keep=all", "train.epochs=9"]
    names = []
    for mode in ("frozen", "fine-tuned"):
        interrupted(path, tmp_path / mode, *vectors, f"vectors.mode={mode}")
        kept = checkpoint.read_model_file(tmp_path / f".{mode}.work" / CHECKPOINT_NAME)[1]
        names.append(kept["now.E.words"].shape)
        assert kept["rule.E.words.1"].shape == kept["now.E.words"].shape
    assert names[0][0] < names[1][0]


KILLED = """
import sys
from windowner.config.loading import load_config
from windowner.runs import checkpoint
from windowner.runs.training import train
checkpoint.PAUSE = checkpoint.LEAST = 0
train(load_config(sys.argv[1], ["train.epochs=60"]), sys.argv[2], resume=len(sys.argv) > 3)
"""


def killed(path: Path, out: Path, epochs: int, delay: float, *resume: str) -> None:
    """Start a training, and kill it when this many epochs are over, and a moment later."""
    history = work_folder(out) / HISTORY_NAME
    process = subprocess.Popen([sys.executable, "-c", KILLED, path, out, *resume])
    deadline = monotonic() + 120
    while monotonic() < deadline and process.poll() is None:
        if history.exists() and history.read_bytes().count(b"\n") >= epochs:
            break
        sleep(0.001)
    sleep(delay)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()


def test_a_killed_training_goes_on_to_the_same_bytes(path, tmp_path):
    """Killed at several moments of one training, some of them while a file is written."""
    config = load_config(path, ["train.epochs=60"])
    train(config, tmp_path / "whole")
    rng = np.random.default_rng(20)
    for number, epochs in enumerate(sorted(rng.integers(0, 58, 4).tolist())):
        killed(path, tmp_path / "run", epochs, float(rng.uniform(0, 0.02)), *["resume"] * (number > 0))
    train(config, tmp_path / "run", resume=True)
    assert model_bytes(tmp_path / "run") == model_bytes(tmp_path / "whole")
