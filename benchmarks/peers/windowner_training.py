"""windowner's training of the lecture's model."""

import cProfile
import pstats
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.peers.protocol import Handler, Result, Task, serve, timed
from windowner.inputs.encoding import EncodedText
from windowner.inputs.tables import Table
from windowner.network.model import WindowNetwork
from windowner.training.settings import TrainSettings
from windowner.training.text import TrainingText
from windowner.training.trainer import Trainer

Function = tuple[str, int, str]  # file, line and name


def load_text(folder: Path) -> TrainingText:
    """Return the text of a lecture's folder."""
    arrays = {name: np.load(folder / f"{name}.npy") for name in ("stream", "centers", "offsets", "tags", "table")}
    F = arrays.pop("table")
    rare = np.zeros(int(F.max()) + 1, dtype=bool)
    return TrainingText(EncodedText(**arrays, radius=2), F, rare, unk_rate=0.0)


def load_network(folder: Path, fine_tuned: bool) -> WindowNetwork:
    """Return the network of a lecture's folder, in memory of its own."""
    E, W, b1, U, b2 = (np.load(folder / f"{name}.npy") for name in ("E", "W", "b1", "U", "b2"))
    return WindowNetwork([Table("words", E, len(E) if fine_tuned else 0)], W, b1, U, b2, "tanh")


def new_trainer(network: WindowNetwork, text: TrainingText, batch: int, rate: float) -> Trainer:
    """Return a trainer by plain SGD."""
    settings = TrainSettings(
        batch=batch,
        optimizer="sgd",
        learning_rate=rate,
        schedule="constant",
        l2=0.0,
        dropout_hidden=0.0,
        dropout_input=0.0,
    )
    return Trainer(network, text, settings, np.random.default_rng(0))


def batch_shape(trainer: Trainer) -> Result:
    """Return the mean size of a batch, as the keywords of `benchmarks.limits.Shape`."""
    batches = list(trainer.batches())
    network = trainer.network
    D, C, H = network.W.shape
    means = {"N": fmean(map(len, batches)), "R": fmean(len(batch.F) for batch in batches)}
    return {**means, "C": C, "D": D, "H": H, "K": len(network.b2), "chain": network.chain is not None}


def hot_spots(profile: cProfile.Profile, count: int) -> list[dict[str, Any]]:
    """Return the functions that take most time, without what they call, and their shares."""
    stats: dict[Function, tuple[Any, ...]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = sum(row[2] for row in stats.values())
    most = sorted(stats.items(), key=lambda item: -item[1][2])[:count]
    return [{"function": readable_name(*key), "calls": row[0], "share": row[2] / total} for key, row in most]


def readable_name(file: str, line: int, name: str) -> str:
    """Return a function's file and name."""
    if file == "~":
        return name.strip("<>").removeprefix("built-in method ").removeprefix("method ")
    return f"{'/'.join(Path(file).parts[-2:])} {name}"


def set_up(task: Task) -> Handler:
    """Load the text and the weights."""
    folder = Path(task["folder"])
    text = load_text(folder)
    fine_tuned = bool(task["fine_tuned"])
    network = load_network(folder, fine_tuned)

    def answer(task: Task) -> Result:
        if task["do"] == "loss":
            fresh = load_network(folder, fine_tuned)
            return {"loss": new_trainer(fresh, text, task["batch"], task["rate"]).train_epoch(1).loss}
        trainer = new_trainer(network, text, task["batch"], task["rate"])
        if task["do"] == "shape":
            return batch_shape(trainer)
        if task["do"] == "profile":
            profile = cProfile.Profile(perf_counter)
            profile.runcall(trainer.train_epoch, 1)
            return {"spots": hot_spots(profile, task["count"])}

        def epoch() -> int:
            trainer.train_epoch(1)
            return len(text.text)

        return timed(epoch, task["seconds"])

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
