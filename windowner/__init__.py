"""Window-based named-entity taggers, trained on a CPU in seconds, every gradient derived by hand.

    import windowner

    run = windowner.train("configs/wikigold.toml")
    tagger = windowner.Tagger.load("runs/wikigold")
    tagger.tag([["Paris", "is", "big"]])        # [["B-LOC", "O", "O"]]
    tagger.entities([["Paris", "is", "big"]])   # [[Entity(start=0, end=1, type="LOC", text="Paris", ...)]]

A name is imported when it is first used, so that `import windowner` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from windowner.config import Config, load_config
    from windowner.errors import ConfigError, DataError, ModelError, TrainingError, VectorsError, WindownerError
    from windowner.experiments.answer import Answer
    from windowner.experiments.running import compare
    from windowner.inputs.vectors import load_vectors
    from windowner.prediction import Entity
    from windowner.run import Run, evaluate, train
    from windowner.scoring.entities import Scores, score
    from windowner.tagger import Tagger
    from windowner.text.reading import read_corpus

_HOMES = {
    "Answer": "experiments.answer",
    "Config": "config",
    "ConfigError": "errors",
    "DataError": "errors",
    "Entity": "prediction",
    "ModelError": "errors",
    "Run": "run",
    "Scores": "scoring.entities",
    "Tagger": "tagger",
    "TrainingError": "errors",
    "VectorsError": "errors",
    "WindownerError": "errors",
    "compare": "experiments.running",
    "evaluate": "run",
    "load_config": "config",
    "load_vectors": "inputs.vectors",
    "read_corpus": "text.reading",
    "score": "scoring.entities",
    "train": "run",
}

__all__ = [
    "Answer",
    "Config",
    "ConfigError",
    "DataError",
    "Entity",
    "ModelError",
    "Run",
    "Scores",
    "Tagger",
    "TrainingError",
    "VectorsError",
    "WindownerError",
    "compare",
    "evaluate",
    "load_config",
    "load_vectors",
    "read_corpus",
    "score",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'windowner' has no attribute {name!r}")
    return getattr(import_module(f"windowner.{_HOMES[name]}"), name)
