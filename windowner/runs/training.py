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
from windowner.runs.preparation import Prepared, prepare
from windowner.runs.readers import READERS, Readers
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
        The tagger of the best epoch.
    history
        One record per epoch.
    metrics
        What `metrics.json` holds.
    scores
        Scores by the name of the corpus: dev, and test if the config names one.
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
    train: LabelledText | None = None,
    dev: LabelledText | None = None,
) -> Run:
    """Train a tagger, keep its best epoch on dev, and score it on dev and, once, on test.

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
    prepared = prepare(config, observer, readers)
    note_findings(prepared.corpora, config, prepared.model.tokenizer, observer)
    _start(folder, prepared.model.config)  # before training, so that a folder that cannot be written costs no time
    with threadpool_limits(limits=threads, user_api="blas"):
        model, history = _train(prepared, folder, observer)
    return _finish(model, history, prepared, folder, observer)


def _finish(model: Model, history: list[EpochRecord], prepared: Prepared, folder: Path, observer: Observer) -> Run:
    """Write the model of the best epoch, its scores and its predictions on dev into the run's folder."""
    kept = kept_epoch(history)
    _note_nothing_found(kept, prepared.corpora["dev"], observer)
    model = replace(model, provenance={**model.provenance, "best_epoch": kept.epoch})
    write_model(model, folder / MODEL_NAME)
    (folder / CHECKPOINT_NAME).unlink(missing_ok=True)
    tagger = Tagger(model)
    scores = {name: evaluate(tagger, corpus) for name, corpus in prepared.corpora.items() if name != "train"}
    _write_predictions(folder / DEV_NAME, prepared.corpora["dev"], tagger)
    metrics = run_metrics(tagger, prepared, history, scores)
    metrics["model_bytes"] = (folder / MODEL_NAME).stat().st_size
    write_whole(folder / METRICS_NAME, msgspec.json.format(msgspec.json.encode(metrics), indent=2) + b"\n")
    return Run(folder, tagger, history, metrics, scores)


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


def _train(prepared: Prepared, folder: Path, observer: Observer) -> tuple[Model, list[EpochRecord]]:
    """Train all networks, and return the model of their mean, with its threshold and temperature."""
    history, checkpoint = folder / HISTORY_NAME, Checkpoint(folder / CHECKPOINT_NAME)
    for left in (history, checkpoint.path):  # by a training that was interrupted
        left.unlink(missing_ok=True)
    keeper = HistoryKeeper(observer, history)
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
                train_network(trainer, dev_f1=scorer.f1, dev_loss=scorer.loss, on_best=offer)
            if_interrupted.pop_all()
    except TrainingError as error:
        kept = f"; the best epoch so far is kept in {checkpoint.path}" if checkpoint.path.exists() else ""
        raise TrainingError(f"{error}{kept}") from None
    model = replace(prepared.model, network=fold(prepared.members))
    if model.config.train.fit_threshold:
        model = fit_threshold(model, prepared)
    return calibrate(model, prepared), keeper.records


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


def _write_predictions(path: Path, corpus: Corpus, tagger: Tagger) -> None:
    """Write dev as the tagger tags it."""
    predicted = tagger.tag(corpus.tokens, corpus.scheme.name)
    names = ("tokens", "gold", "predicted")
    sentences = zip(corpus.tokens, corpus.tags, predicted, strict=True)
    lines = (dict(zip(names, sentence, strict=True)) for sentence in sentences)
    write_whole(path, msgspec.json.Encoder().encode_lines(lines))
