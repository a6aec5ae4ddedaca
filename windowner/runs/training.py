"""From a config to a run: prepare, train, score, keep.

    runs/wikigold/
      config.toml               the config, every key spelled out
      history.jsonl             a line an epoch
      metrics.json              scores on dev and test, coverage, sizes, times
      dev.jsonl                 dev as the tagger tags it, a sentence a line: tokens, gold, predicted
      model.safetensors         the tagger
      checkpoint.safetensors    the best epoch's tagger, while training goes on

A run may be trained again into the same folder: its model is replaced when the new one is whole.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from threadpoolctl import threadpool_limits

from windowner.config.loading import RUN_CONFIG, Config, load_config
from windowner.errors import ConfigError, TrainingError
from windowner.inputs.features import UNK
from windowner.network.folding import fold
from windowner.runs.calibration import calibrate, entity_reliability
from windowner.runs.preparation import Prepared, prepare
from windowner.runs.sources import READERS, Readers
from windowner.runs.threshold import fit_threshold
from windowner.scoring.entities import Scores, entity_f1, score
from windowner.scoring.familiarity import familiarity, score_groups
from windowner.scoring.reliability import expected_calibration_error
from windowner.tagger.tagger import MODEL_NAME, Tagger
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.training.loop import train_network
from windowner.training.observer import SILENT, EpochRecord, Observer

CHECKPOINT_NAME = "checkpoint.safetensors"
DEV_NAME = "dev.jsonl"


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
        A record an epoch.
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


def train(
    config: Config | str | Path,
    out: str | Path | None = None,
    observer: Observer = SILENT,
    threads: int = 1,
    readers: Readers = READERS,
) -> Run:
    """Train a tagger, keep its best epoch on dev, and score it on dev and, once, on test.

    Parameters
    ----------
    config
        A config, or the path of one.
    out
        The run's folder; `runs/` and the config's name by default.
    observer
        Hears how training goes on.
    threads
        Threads of the matrix products; more than one seldom pays, since the products are small.
    readers
        What reads text and vectors.

    Raises
    ------
    ConfigError, DataError, VectorsError
        Something that the config says or names cannot be used.
    TrainingError
        The loss is no longer a finite number; the best epoch so far is kept as the checkpoint.
    """
    if not isinstance(config, Config):
        config = load_config(config)
    prepared = prepare(config, observer, readers)
    tagger = prepared.tagger
    folder = Path("runs") / config.name if out is None else Path(out)
    _start(folder, tagger.config)  # before training, so that a folder that cannot be written costs no time
    with threadpool_limits(limits=threads, user_api="blas"):
        history = _train(prepared, folder, observer)
        if tagger.config.train.fit_threshold:
            fit_threshold(prepared)
        calibrate(prepared)
    best = max(history, key=lambda record: record.dev_f1)  # the first of equals, as training keeps it
    tagger.description["best_epoch"] = best.epoch
    tagger.save(folder / MODEL_NAME)
    (folder / CHECKPOINT_NAME).unlink(missing_ok=True)
    scores = {name: evaluate(tagger, corpus) for name, corpus in prepared.corpora.items() if name != "train"}
    _write_predictions(folder / DEV_NAME, prepared.corpora["dev"], tagger)
    metrics = _metrics(prepared, history, best, scores, folder)
    metrics["threshold"] = tagger.threshold
    metrics["calibration"] = {"temperature": tagger.temperature, "dev_ece": _dev_error(prepared)}
    _write_json(folder / "metrics.json", metrics)
    return Run(folder, tagger, history, metrics, scores)


def evaluate(tagger: Tagger, corpus: Corpus) -> Scores:
    """Score a tagger on labelled text; its tags are written in the text's own scheme."""
    return score(corpus.tags, tagger.tag(corpus.tokens, corpus.scheme.name))


def _train(prepared: Prepared, folder: Path, observer: Observer) -> list[EpochRecord]:
    history = folder / "history.jsonl"
    checkpoint = folder / CHECKPOINT_NAME
    for left in (history, checkpoint):  # by a training that was broken off
        left.unlink(missing_ok=True)
    tagger, keeper = prepared.tagger, _Keeper(observer, history)
    try:
        for number, network in enumerate(prepared.members, start=1):
            tagger.network = network
            if len(prepared.members) > 1:
                observer.note(f"network {number} of {len(prepared.members)} (train.ensemble)")
            train_network(
                network,
                prepared.training,
                tagger.config.train,
                prepared.rng,
                dev_f1=_dev_scorer(prepared),
                on_best=lambda: tagger.save(checkpoint),
                observer=keeper,
            )
    except TrainingError as error:
        kept = f"; the best epoch so far is kept in {checkpoint}" if checkpoint.exists() else ""
        raise TrainingError(f"{error}{kept}") from None
    tagger.network = fold(prepared.members)
    return keeper.records


def _dev_scorer(prepared: Prepared) -> Callable[[], float]:
    """Return a function that says the entity F1 on dev of the network as it is when called."""
    tagger = prepared.tagger
    gold = encode_tags(prepared.corpora["dev"].tags, tagger.tags.types)
    spans = gold.spans()
    return lambda: entity_f1(spans, tagger.spans(tagger.predict_text(prepared.dev, prepared.dev_forms)))


def _dev_error(prepared: Prepared) -> float:
    """Return the expected calibration error of the entities found in dev."""
    dev = prepared.corpora["dev"]
    return expected_calibration_error(entity_reliability(prepared.tagger, dev.tokens, dev.tags))


class _Keeper(Observer):
    """Passes everything on, and writes each epoch down when it is over; an ensemble's are numbered throughout."""

    def __init__(self, listener: Observer, history: Path):
        self.listener = listener
        self.history = history
        self.records: list[EpochRecord] = []

    def note(self, message: str) -> None:
        self.listener.note(message)

    def epoch_begins(self, epoch: int, epochs: int, windows: int) -> None:
        self.listener.epoch_begins(epoch, epochs, windows)

    def batch_ends(self, windows: int, loss: float) -> None:
        self.listener.batch_ends(windows, loss)

    def epoch_ends(self, record: EpochRecord) -> None:
        self.records.append(replace(record, epoch=len(self.records) + 1))
        with self.history.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self.records[-1].as_dict()) + "\n")
        self.listener.epoch_ends(record)


def _start(folder: Path, config: Config) -> None:
    """Make the run's folder; what an earlier run left in it stays until this one replaces it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        config.write(folder / RUN_CONFIG)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot write a run there: {error.strerror}") from None


def _metrics(
    prepared: Prepared, history: list[EpochRecord], best: EpochRecord, scores: dict[str, Scores], folder: Path
) -> dict[str, Any]:
    words, train = prepared.words, prepared.corpora["train"]
    seconds = sum(record.train_seconds for record in history)
    return {
        **{name: of_corpus.as_dict() for name, of_corpus in scores.items()},
        "familiarity": _familiarity(prepared),
        "training": {"sentences": len(train.sentences), "words": train.token_count},
        "mode": prepared.tagger.config.vectors.mode,
        "best_epoch": best.epoch,
        "epochs": len(history),
        "train_seconds": seconds,
        "windows_per_second": len(history) * len(prepared.training.text) / seconds,
        "coverage": {name: found.as_dict() for name, found in prepared.coverage.items()},
        "word_rows": {"own": words.own, "trained": words.trained, "all": words.own + len(words.source_rows)},
        "model_bytes": (folder / MODEL_NAME).stat().st_size,
    }


def _familiarity(prepared: Prepared) -> dict[str, dict[str, float]]:
    """Return scores on dev by how well the entities' words are known."""
    tagger, dev = prepared.tagger, prepared.corpora["dev"]
    tokens, training = (chain.from_iterable(prepared.corpora[name].tokens) for name in ("dev", "train"))
    groups = familiarity(tokens, training, tagger.encoder.word_row, UNK)
    gold = encode_tags(dev.tags, tagger.tags.types)
    found = tagger.spans(tagger.predict_text(prepared.dev, prepared.dev_forms))
    scores = score_groups(gold.spans(), found, groups)
    return {name: counts.as_dict() for name, counts in scores.items()}


def _write_predictions(path: Path, corpus: Corpus, tagger: Tagger) -> None:
    scheme = corpus.scheme.name
    sentences = zip(corpus.tokens, corpus.tags, tagger.tag(corpus.tokens, scheme), strict=True)
    names = ("tokens", "gold", "predicted")
    path.write_bytes(msgspec.json.Encoder().encode_lines(dict(zip(names, s, strict=True)) for s in sentences))


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
