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
    from windowner.config.config import Config
    from windowner.config.loading import load_config
    from windowner.errors import ConfigError, DataError, ModelError, TrainingError, VectorsError, WindownerError
    from windowner.experiments.answer import Answer
    from windowner.experiments.running import compare
    from windowner.formats.reading import read_corpus
    from windowner.runs.metrics import evaluate
    from windowner.runs.training import Run, train
    from windowner.scoring.entities import Scores, score
    from windowner.tagger.model import Model
    from windowner.tagger.prediction import Entity
    from windowner.tagger.tagger import Tagger
    from windowner.vectors.loading import load_vectors

_HOMES = {
    "Answer": "experiments.answer",
    "Config": "config.config",
    "ConfigError": "errors",
    "DataError": "errors",
    "Entity": "tagger.prediction",
    "Model": "tagger.model",
    "ModelError": "errors",
    "Run": "runs.training",
    "Scores": "scoring.entities",
    "Tagger": "tagger.tagger",
    "TrainingError": "errors",
    "VectorsError": "errors",
    "WindownerError": "errors",
    "compare": "experiments.running",
    "evaluate": "runs.metrics",
    "load_config": "config.loading",
    "load_vectors": "vectors.loading",
    "read_corpus": "formats.reading",
    "score": "scoring.entities",
    "train": "runs.training",
}

__all__ = [
    "Answer",
    "Config",
    "ConfigError",
    "DataError",
    "Entity",
    "Model",
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
