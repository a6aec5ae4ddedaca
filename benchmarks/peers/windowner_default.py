"""windowner's default network without documents, trained as `windowner train` trains it; and the arrays of its twin.

arrays   the text and the first weights, for the twin
losses   the losses of the first batches, each followed by a step; nothing is dropped
time     windows per second of whole epochs
shape    the mean size of a batch, from which `benchmarks.limits` computes the least time of a step
"""

import cProfile
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.peers.protocol import Handler, Result, Task, serve, timed
from benchmarks.peers.windowner_training import batch_shape, hot_spots
from windowner.config.checking import make_config
from windowner.runs.preparation import Prepared, prepare
from windowner.training.settings import TrainSettings
from windowner.training.trainer import Trainer

NOTHING_DROPPED: dict[str, Any] = {"dropout_hidden": 0.0, "dropout_input": 0.0}


def read(task: Task) -> Prepared:
    """Return the corpus and the untrained network of the default config. It reads no documents, as its twin."""
    folder = Path(task["corpus"])
    data = {"train": str(folder / "train.conll"), "dev": str(folder / "dev.conll")}
    return prepare(
        make_config({"data": data, "vectors": task["vectors"], "model": {"document": "off"}}, "the benchmark")
    )


def new_trainer(prepared: Prepared, dropped: bool = True) -> Trainer:
    """Return a trainer of the network; the order of its batches is that of the twin."""
    training, settings = prepared.training, prepared.model.config.train
    if not dropped:
        training, settings = replace(training, unk_rate=0.0), replace(settings, **NOTHING_DROPPED)
    network = prepared.model.network.astype(np.float32)  # a copy: the prepared one stays untrained
    return Trainer(network, training, settings, np.random.default_rng(0))


def write_arrays(prepared: Prepared, folder: Path) -> Result:
    """Write what the twin reads: text, tables, weights and settings.

    Of the word vectors, only the rows that training may move are written. The training text looks up no others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network, text, F = prepared.model.network, prepared.training.text, prepared.training.F
    tables = network.tables
    if (F >= [table.trainable for table in tables]).any():
        raise ValueError("the training text looks up a row that training may not move")
    weights = {"W": network.W, "b1": network.b1, "U": network.U, "b2": network.b2}
    moving = {f"E{number}": table.E[: table.trainable] for number, table in enumerate(tables)}
    arrays = {name: getattr(text, name) for name in ("stream", "centers", "offsets", "tags")}
    for name, array in {**arrays, **weights, **moving, "table": F, "rare": prepared.training.rare}.items():
        np.save(folder / f"{name}.npy", array)
    train: TrainSettings = prepared.model.config.train
    names = ("batch", "learning_rate", "feature_rate", "final_rate", "l2", "dropout_hidden", "dropout_input")
    settings = {name: getattr(train, name) for name in names}
    return {**settings, "unk_rate": prepared.training.unk_rate, "epochs": train.passes(len(text))}


def first_losses(trainer: Trainer, count: int, rate: float) -> list[float]:
    """Return the losses of the first batches, each followed by a step."""
    losses = []
    for batch in islice(trainer.batches(), count):
        loss, gradients, _ = trainer.gradients(batch)
        trainer.optimizer.step(gradients, rate)
        losses.append(loss - trainer.network.penalty(trainer.settings.l2))
    return losses


def set_up(task: Task) -> Handler:
    """Read the corpus; the network is trained further by each task."""
    prepared = read(task)

    def answer(task: Task) -> Result:
        if task["do"] == "arrays":
            return write_arrays(prepared, Path(task["folder"]))
        if task["do"] == "losses":
            return {"losses": first_losses(new_trainer(prepared, dropped=False), task["count"], task["rate"])}
        trainer = new_trainer(prepared)
        if task["do"] == "shape":
            return batch_shape(trainer)
        if task["do"] == "profile":
            profile = cProfile.Profile(perf_counter)
            profile.runcall(trainer.train_epoch, 1)
            return {"spots": hot_spots(profile, task["count"])}

        def epoch() -> int:
            trainer.train_epoch(1)
            return len(trainer.training.text)

        return timed(epoch, task["seconds"])

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
