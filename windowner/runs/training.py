"""From a config to a run: prepare, train, choose threshold and temperature, score, keep.

A run may be trained again into the same folder: its model is replaced when the new one is whole.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from threadpoolctl import threadpool_limits

from windowner.config.config import Config
from windowner.config.loading import load_config, make_config
from windowner.errors import ConfigError, TrainingError
from windowner.files import write_whole
from windowner.network.folding import fold
from windowner.runs.calibration import calibrate
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.dev_scorer import DevScorer
from windowner.runs.findings import note_findings
from windowner.runs.folder import CHECKPOINT_NAME, CONFIG_NAME, DEV_NAME, HISTORY_NAME, METRICS_NAME, MODEL_NAME
from windowner.runs.history import HistoryKeeper
from windowner.runs.memory import FILES, LabelledText, keep_texts
from windowner.runs.metrics import evaluate, run_metrics
from windowner.runs.predictions import tag_corpus, write_lines
from windowner.runs.preparation import Prepared, prepare
from windowner.runs.readers import READERS, Readers
from windowner.runs.refitting import Refitted, refit
from windowner.runs.threshold import fit_threshold
from windowner.scoring.entities import Scores
from windowner.tagger.model import Model
from windowner.tagger.parts import write_model
from windowner.tagger.tagger import Tagger
from windowner.text.sentence import Corpus
from windowner.training.loop import train_network
from windowner.training.observer import SILENT, EpochRecord, Observer
from windowner.training.trainer import Trainer


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

    @property
    def found_dev_entities(self) -> bool:
        """Whether any entity of dev is found. If not, nothing was learnt that could be measured."""
        return self.scores["dev"].overall.correct > 0


def train(
    config: Config | str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    observer: Observer = SILENT,
    threads: int = 1,
    readers: Readers = READERS,
    *,
    init: str | Path | None = None,
    train: LabelledText | None = None,
    dev: LabelledText | None = None,
) -> Run:
    """Train a tagger, keep its best epoch on dev, and score it on dev and, once, on test.

    With `train.refit`, the kept tagger is trained once more, on train and dev together, and the scores on dev are those
    of the first one. With `data.fold`, a fold of train and dev is scored in place of test.

    Parameters
    ----------
    config
        A config, the path of one, or its sections as a dictionary, which may be empty.
    out
        The run's folder; `runs/` and the config's name by default.
    observer
        Hears how training goes on.
    threads
        Threads of the matrix products; more than one seldom pays, because the products are small.
    readers
        What reads text and vectors.
    init
        A run's folder or a model file. Training starts from its network, with rows for new words and new types.
    train, dev
        Labelled text from memory, in place of the files that the config names: `Document`s with spans, or pairs of
        tokens and tags. It is kept in the run's folder.

    Raises
    ------
    ConfigError, DataError, VectorsError
        Something that the config says or names cannot be used.
    TrainingError
        The loss is no longer a finite number; the best epoch so far is kept as the checkpoint.
    """
    config = _config(config, in_memory=train is not None)
    folder = Path("runs") / config.name if out is None else Path(out)
    if train is not None or dev is not None:
        config = keep_texts(config, folder, {"train": train, "dev": dev}, observer)
    prepared = prepare(config, observer, readers, init)
    note_findings(prepared.corpora, config, prepared.model.tokenizer, observer)
    _start(folder, prepared.model.config)  # before training, so that a folder that cannot be written costs no time
    with threadpool_limits(limits=threads, user_api="blas"):
        trained = _train(prepared, folder, observer)
        _note_nothing_found(kept_epoch(trained.history), prepared.corpora["dev"], observer)
        again = None
        if prepared.model.config.train.refit:
            again = refit(trained.model, prepared, trained.epochs, observer, readers)
    return _finish(trained, again, prepared, folder)


@dataclass(frozen=True)
class Trained:
    """What the training on train gave: the model, one record per epoch, and the kept epoch of each network."""

    model: Model
    history: list[EpochRecord]
    epochs: list[int]


def _finish(trained: Trained, again: Refitted | None, prepared: Prepared, folder: Path) -> Run:
    """Write the model that is kept, its scores, and the first model's predictions on dev into the run's folder.

    With `train.refit`, dev is scored by the first model, and all else by the kept one, which has seen dev.
    """
    model = trained.model if again is None else again.model
    write_model(model, folder / MODEL_NAME)
    (folder / CHECKPOINT_NAME).unlink(missing_ok=True)
    first = Tagger(trained.model)
    kept = first if again is None else Tagger(model)
    corpora = {name: corpus for name, corpus in prepared.corpora.items() if name != "train"}
    scores = {name: evaluate(first if name == "dev" else kept, corpus) for name, corpus in corpora.items()}
    write_lines(folder / DEV_NAME, tag_corpus(first, corpora["dev"]))
    metrics = run_metrics(first, kept, prepared, trained.history, scores)
    if again is not None:
        metrics["refit"] = again.metrics
    metrics["model_bytes"] = (folder / MODEL_NAME).stat().st_size
    write_whole(folder / METRICS_NAME, msgspec.json.format(msgspec.json.encode(metrics), indent=2) + b"\n")
    return Run(folder, kept, trained.history, metrics, scores)


def _config(config: Config | str | Path | Mapping[str, Any], *, in_memory: bool) -> Config:
    """Return the config that is meant; with training text in memory it need not name any."""
    if isinstance(config, Config):
        return config
    if not isinstance(config, Mapping):
        return load_config(config)
    data = config.get("data", {})
    if in_memory and isinstance(data, Mapping):
        config = {**config, "data": {"train": FILES["train"], **data}}
    return make_config(config, "config")


def _train(prepared: Prepared, folder: Path, observer: Observer) -> Trained:
    """Train all networks, and return the model of their mean, with its threshold and temperature."""
    history, checkpoint = folder / HISTORY_NAME, Checkpoint(folder / CHECKPOINT_NAME)
    for left in (history, checkpoint.path):  # by a training that was interrupted
        left.unlink(missing_ok=True)
    keeper = HistoryKeeper(observer, history)
    epochs = []
    try:
        with ExitStack() as if_interrupted:
            if_interrupted.callback(checkpoint.write_pending)
            for number, network in enumerate(prepared.members, start=1):
                if len(prepared.members) > 1:
                    observer.note(f"network {number} of {len(prepared.members)} (train.ensemble)")
                model = replace(prepared.model, network=network)
                trainer = Trainer(network, prepared.training, model.config.train, prepared.rng, keeper)
                scorer = DevScorer(model, prepared)
                offer = partial(checkpoint.offer, model)
                records = train_network(trainer, dev_f1=scorer.f1, dev_loss=scorer.loss, on_best=offer)
                epochs.append(kept_epoch(records).epoch)
            if_interrupted.pop_all()
    except TrainingError as error:
        kept = f"; the best epoch so far is kept in {checkpoint.path}" if checkpoint.path.exists() else ""
        raise TrainingError(f"{error}{kept}") from None
    model = replace(prepared.model, network=fold(prepared.members))
    if model.config.train.fit_threshold:
        model = fit_threshold(model, prepared)
    model = replace(model, provenance={**model.provenance, "best_epoch": kept_epoch(keeper.records).epoch})
    return Trained(calibrate(model, prepared), keeper.records, epochs)


def kept_epoch(history: Sequence[EpochRecord]) -> EpochRecord:
    """Return the record of the epoch whose network was kept; of an ensemble, that of its best network."""
    return max((record for record in history if record.best), key=lambda record: (record.dev_f1, record.epoch))


def _note_nothing_found(kept: EpochRecord, dev: Corpus, observer: Observer) -> None:
    """Report that no epoch found an entity of dev."""
    if kept.dev_f1 == 0 and dev.entity_types:
        observer.note(
            f"no entity of dev was found in any epoch: epoch {kept.epoch} is kept, which has the lowest loss on dev. "
            "Try more epochs (train.epochs), more training sentences, or pretrained vectors (vectors.source)"
        )


def _start(folder: Path, config: Config) -> None:
    """Make the run's folder; what an earlier run left in it stays until this one replaces it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        config.write(folder / CONFIG_NAME)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot write a run there: {error.strerror}") from None
