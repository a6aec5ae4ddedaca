"""windowner trained as its users train it: reading of text and vectors, training and scoring are all counted."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import windowner
from benchmarks.peers.protocol import Handler, Result, Task, read_labelled, serve
from windowner.config.checking import make_config
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.scoring.entities import score
from windowner.training.observer import EpochRecord, Observer


class Clock(Observer):
    """Keeps the time at the end of each epoch, scoring of dev included, and the time of the training steps alone."""

    def __init__(self) -> None:
        self.start = process_time(), perf_counter()
        self.epochs: list[dict[str, Any]] = []
        self.steps = self.epoch_began = self.last_step = 0.0

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        """Note the time before the first step."""
        self.epoch_began = process_time()

    def batch_ends(self, windows: int, loss: float) -> None:
        """Note the time after each step."""
        self.last_step = process_time()

    def epoch_ends(self, record: EpochRecord) -> None:
        """Note an epoch."""
        self.steps += self.last_step - self.epoch_began
        cpu, wall = process_time() - self.start[0], perf_counter() - self.start[1]
        self.epochs.append({"f1": record.dev_f1, "cpu_seconds": cpu, "wall_seconds": wall})


def timed_training(config: Config) -> Result:
    """Train into a folder that is removed; return the epochs with their times, and the CPU seconds of all steps."""
    clock = Clock()
    with TemporaryDirectory() as out:
        windowner.train(config, out, clock)
    return {"epochs": clock.epochs, "steps_cpu_seconds": clock.steps}


def set_up(task: Task) -> Handler:
    """Train when asked."""
    folder = Path(task["folder"])
    files = {"train": str(folder / "train.conll"), "dev": str(folder / "dev.conll")}

    def answer(asked: Task) -> Result:
        if asked["do"] == "score":
            return {"f1": score(read_labelled(files["dev"])[1], asked["tags"]).overall.f1}
        if asked["do"] == "config":
            return timed_training(load_config(asked["config"], asked["keys"]))
        sections = {"data": files, "vectors": task["vectors"], "train": task["train"]}
        return timed_training(make_config(sections, "the benchmark"))

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
