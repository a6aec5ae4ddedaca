"""What a step of windowner costs on generated text as its parts grow: table rows, batch, hidden units and more.

Forms are drawn by Zipf's law, and their rows from the whole table. In a large table they are therefore far apart, as in
practice, and no cache holds them all. Plain SGD, fine-tuned, every row trainable.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.protocol import Handler, Result, Task, serve, timed
from benchmarks.peers.windowner_training import new_trainer
from windowner.config.checking import make_config
from windowner.inputs.encoding import lay_out
from windowner.inputs.features import Feature
from windowner.inputs.tables import FIRST, PAD, Table
from windowner.network.building import build_network, new_rows
from windowner.network.settings import ModelSettings
from windowner.tagger.model import Model
from windowner.tagger.parts import write_model
from windowner.text.schemes import tag_set
from windowner.text.spans import TagTable
from windowner.training.text import TrainingText
from windowner.training.trainer import Trainer

FORMS = 20_000
LENGTH = 20  # tokens per sentence
TAGS = tag_set(["PER", "LOC", "ORG", "MISC"], "BIOES")
FEATURE = (2_000, 10)  # shape of a feature's table


def generated_text(rng: np.random.Generator, tokens: int, rows: int, features: int, radius: int) -> TrainingText:
    """Return text of Zipf-distributed forms."""
    p = 1 / np.arange(1, FORMS + 1)
    forms = (1 + rng.choice(FORMS, tokens, p=p / p.sum())).astype(np.int32)
    table = np.full((FORMS + 1, 1 + features), PAD, dtype=np.int32)
    table[1:, 0] = rng.integers(2, rows, FORMS)
    table[1:, 1:] = rng.integers(2, FEATURE[0], (FORMS, features))
    lengths = np.full(tokens // LENGTH, LENGTH, dtype=np.intp)
    tags = rng.integers(0, len(TAGS), tokens).astype(np.int32)
    return TrainingText(lay_out(forms, lengths, tags, radius), table, np.zeros(rows, dtype=bool), unk_rate=0.0)


def generated_trainer(task: Task, words: NDArray[np.float32]) -> Trainer:
    """Return a trainer of a network of the task's sizes."""
    rng = np.random.default_rng(0)
    settings = ModelSettings(radius=task["radius"], hidden=task["hidden"])
    features = [
        Table(f"feature{j}", new_rows(rng, *FEATURE), FEATURE[0], feature=Feature("shape"))
        for j in range(task["features"])
    ]
    network = build_network(rng, [Table("words", words, len(words)), *features], len(TAGS), settings)
    tokens = task["tokens"] // LENGTH * LENGTH
    text = generated_text(rng, tokens, len(words), task["features"], task["radius"])
    return new_trainer(network, text, task["batch"], rate=0.01)


def write_untrained(task: Task, words: NDArray[np.float32]) -> Result:
    """Write an untrained model of all words of the table."""
    config = make_config(
        {"data": {"train": "none"}, "features": dict.fromkeys(("capitals", "shape", "affix_size"), 0)}, ""
    )
    names = [f"word{number}" for number in range(len(words) - FIRST)]
    table = Table("words", words, 0, names)
    network = build_network(np.random.default_rng(0), [table], len(TAGS), ModelSettings())
    path = Path(task["model"])
    path.mkdir(parents=True, exist_ok=True)
    write_model(Model(network, TagTable.of(TAGS), config), path / "model.safetensors")
    return {"bytes": (path / "model.safetensors").stat().st_size}


def set_up(task: Task) -> Handler:
    """Draw a table."""
    words = np.random.default_rng(0).random((task["rows"], task["size"]), dtype=np.float32)
    words -= 0.5
    trainers: dict[str, Trainer] = {}

    def answer(task: Task) -> Result:
        if task["do"] == "write":
            return write_untrained(task, words)
        key = repr(sorted((name, value) for name, value in task.items() if name != "seconds"))
        trainer = trainers.setdefault(key, generated_trainer(task, words)) if key not in trainers else trainers[key]
        steps = len(trainer.batches())

        def epoch() -> int:
            trainer.train_epoch(1)
            return steps

        trainer_text: Any = trainer.training.text
        return {**timed(epoch, task["seconds"]), "windows": len(trainer_text) / steps}

    return answer


if __name__ == "__main__":
    serve(set_up, "windowner", "numpy", "scipy")
