"""Window-based named-entity taggers, trained on a CPU in seconds, with every gradient derived by hand.

    import windowner

    run = windowner.train("configs/wikigold.toml")
    tagger = windowner.Tagger.load("runs/wikigold")
    tagger.tag([["Paris", "is", "big"]])        # [["B-LOC", "O", "O"]]
    tagger.entities([["Paris", "is", "big"]])   # [[Entity(start=0, end=1, type="LOC", text="Paris", ...)]]
    tagger.tag_text("Paris is big.")            # [Span(start=0, end=5, label="LOC", probability=...)]
    windowner.render("Paris is big.", tagger.tag_text("Paris is big."))    # HTML, which a notebook shows

A name is imported when it is first used, so `import windowner` is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "Answer": "experiments.answer",
    "Config": "config.config",
    "ConfigError": "errors",
    "DataError": "errors",
    "Document": "text.document",
    "Entity": "tagger.prediction",
    "Explanation": "tagger.explanation",
    "Model": "tagger.model",
    "ModelError": "errors",
    "Rules": "tagger.rules.rules",
    "Run": "runs.finishing",
    "Scores": "scoring.entities",
    "Span": "text.document",
    "Tagger": "tagger.tagger",
    "TrainingError": "errors",
    "VectorsError": "errors",
    "WindownerError": "errors",
    "compare": "experiments.running",
    "evaluate": "runs.metrics",
    "load_config": "config.loading",
    "load_vectors": "vectors.loading",
    "read_corpus": "formats.reading",
    "render": "report.rendering",
    "score": "scoring.entities",
    "train": "runs.training",
    "train_tagger": "runs.from_memory",
}
"""Every public name, and the module that defines it."""

__all__ = list(_HOMES)

if TYPE_CHECKING:  # type checkers need the imports; a test keeps them in step with _HOMES
    from windowner.config.config import Config as Config
    from windowner.config.loading import load_config as load_config
    from windowner.errors import ConfigError as ConfigError
    from windowner.errors import DataError as DataError
    from windowner.errors import ModelError as ModelError
    from windowner.errors import TrainingError as TrainingError
    from windowner.errors import VectorsError as VectorsError
    from windowner.errors import WindownerError as WindownerError
    from windowner.experiments.answer import Answer as Answer
    from windowner.experiments.running import compare as compare
    from windowner.formats.reading import read_corpus as read_corpus
    from windowner.report.rendering import render as render
    from windowner.runs.finishing import Run as Run
    from windowner.runs.from_memory import train_tagger as train_tagger
    from windowner.runs.metrics import evaluate as evaluate
    from windowner.runs.training import train as train
    from windowner.scoring.entities import Scores as Scores
    from windowner.scoring.entities import score as score
    from windowner.tagger.explanation import Explanation as Explanation
    from windowner.tagger.model import Model as Model
    from windowner.tagger.prediction import Entity as Entity
    from windowner.tagger.rules.rules import Rules as Rules
    from windowner.tagger.tagger import Tagger as Tagger
    from windowner.text.document import Document as Document
    from windowner.text.document import Span as Span
    from windowner.vectors.loading import load_vectors as load_vectors


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("windowner")
    if name not in _HOMES:
        raise AttributeError(f"module 'windowner' has no attribute {name!r}")
    return getattr(import_module(f"windowner.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
