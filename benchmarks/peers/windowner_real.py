"""windowner trained as its users train it: reading of text and vectors, training and scoring are all counted."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import windowner
from benchmarks.peers.protocol import Handler, Result, Task, read_labelled, serve
from windowner.config.loading import make_config
from windowner.scoring.entities import score
from windowner.training.observer import EpochRecord, Observer


class Clock(Observer):
    """Keeps the time at the end of each epoch, scoring of dev included."""

    def __init__(self) -> None:
        self.start = process_time(), perf_counter()
        self.epochs: list[dict[str, Any]] = []

    def epoch_ends(self, record: EpochRecord) -> None:
        """Note an epoch."""
        cpu, wall = process_time() - self.start[0], perf_counter() - self.start[1]
        self.epochs.append({"f1": record.dev_f1, "cpu_seconds": cpu, "wall_seconds": wall})


def set_up(task: Task) -> Handler:
    """Train when asked."""
    folder = Path(task["folder"])
    files = {"train": str(folder / "train.conll"), "dev": str(folder / "dev.conll")}
    vectors = task["vectors"]

    def answer(task: Task) -> Result:
        if task["do"] == "score":
            return {"f1": score(read_labelled(files["dev"])[1], task["tags"]).overall.f1}
        clock = Clock()
        with TemporaryDirectory() as out:
            windowner.train(make_config({"data": files, "vectors": vectors}, "the benchmark"), out, clock)
        return {"epochs": clock.epochs}

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
