"""After training: the model is scored, and the files of the run are written. A finished run is read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windowner.errors import ConfigError, DataError, ModelError
from windowner.markup.filling import for_notebook
from windowner.runs.file_names import DEV_NAME, HISTORY_NAME, METRICS_NAME, MODEL_NAME
from windowner.runs.fitting import Trained
from windowner.runs.folder import read_run, seal_of
from windowner.runs.identity import identity
from windowner.runs.metrics import evaluate, run_metrics
from windowner.runs.metrics_file import write_metrics
from windowner.runs.predictions import tag_corpus
from windowner.runs.preparation import Prepared
from windowner.runs.refitting import Refitted
from windowner.runs.structs import read_structs, write_structs
from windowner.scoring.entities import Scores, score
from windowner.tagger.parts import write_model
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.training.observer import EpochRecord


@dataclass(frozen=True)
class Run:
    """What a training left behind.

    Parameters
    ----------
    folder
        Where its files are.
    tagger
        The tagger that is kept: of the best epoch, or of the second training (`train.refit`).
    history
        One record per epoch.
    metrics
        What `metrics.json` holds.
    scores
        Scores by the name of the corpus: dev, and test if the config names one, or the fold that is held out.
    """

    folder: Path
    tagger: Tagger
    history: list[EpochRecord]
    metrics: dict[str, Any]
    scores: dict[str, Scores]

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows. None if the report extra is not installed."""
        best, epochs = self.metrics["best_epoch"], self.metrics["epochs"]
        note = f"kept epoch {best} of {epochs}, word vectors {self.metrics['mode']}"
        return for_notebook("scores_fragment.html", {"scores": self.scores, "head": self.folder.name, "note": note})

    @property
    def found_dev_entities(self) -> bool:
        """Whether any entity of dev is found. If not, nothing was learnt that could be measured."""
        return self.scores["dev"].overall.correct > 0


def finish(trained: Trained, again: Refitted | None, prepared: Prepared, folder: Path) -> Run:
    """Write the model that is kept, its scores, and the first model's predictions on dev into a folder.

    With `train.refit`, dev is scored by the first model, and all else by the kept one, which has seen dev.
    """
    model = trained.model if again is None else again.model
    write_model(model, folder / MODEL_NAME)
    first = Tagger(trained.model)
    kept = first if again is None else Tagger(model)
    scores = {
        name: evaluate(first if name == "dev" else kept, corpus) for name, corpus in _scored(prepared.corpora).items()
    }
    write_structs(folder / DEV_NAME, tag_corpus(first, prepared.corpora["dev"]))
    metrics = run_metrics(first, kept, prepared, trained.history, scores)
    if again is not None:
        metrics["refit"] = again.metrics
    metrics["model_bytes"] = (folder / MODEL_NAME).stat().st_size
    metrics = write_metrics(folder / METRICS_NAME, metrics, seal_of(folder))
    return Run(folder, kept, trained.history, metrics, scores)


def finished_run(folder: Path, belongs_to: Mapping[str, Any], corpora: Mapping[str, Corpus]) -> Run | None:
    """Return the run of a folder if it is finished and of the same training, otherwise None.

    Parameters
    ----------
    folder
        The run's folder.
    belongs_to
        What the training depends on.
    corpora
        Its labelled text by name.
    """
    try:
        run = read_run(folder)
        if identity(run.tagger.model) != belongs_to:
            return None
        run.check_config()
        history = read_structs(folder / HISTORY_NAME, EpochRecord)
    except (ConfigError, DataError, ModelError):  # there is none, or it is damaged
        return None
    scores = {name: evaluate(run.tagger, corpus) for name, corpus in _scored(corpora).items() if name != "dev"}
    dev = score([sentence.gold for sentence in run.dev], [sentence.predicted for sentence in run.dev])
    return Run(folder, run.tagger, history, run.metrics, {"dev": dev, **scores})


def _scored(corpora: Mapping[str, Corpus]) -> dict[str, Corpus]:
    return {name: corpus for name, corpus in corpora.items() if name != "train"}
