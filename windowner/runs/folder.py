"""A run's folder: the names of its files, and its contents as other rooms read them.

    runs/wikigold/
      config.toml               the config, every key spelled out
      history.jsonl             one line per epoch
      metrics.json              scores on dev and test, coverage, sizes, times
      dev.jsonl                 dev as the tagger tags it, one sentence per line (`runs/predictions.py`)
      model.safetensors         the model

A training works in a folder beside it, such as `runs/.wikigold.work` (`files.py`), which takes its place when the
training is done. While it trains, and after an interruption, `checkpoint.safetensors` is there (`runs/checkpoint.py`).

`config/` and `tagger/` stand above this room and need one name each. Both names are defined there and repeated here.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from windowner.config.config import Config
from windowner.config.loading import RUN_CONFIG, load_config
from windowner.errors import DataError
from windowner.files import heal, read_file, work_folder
from windowner.runs.corpora import read_corpora
from windowner.runs.metrics_file import REMEDY, Share, decode_metrics
from windowner.runs.predictions import TaggedSentence
from windowner.runs.seal import (
    SEAL,
    Seal,
    check_seal,
    digest_of_bytes,
    digest_of_config,
    digest_of_history,
    digest_of_model,
)
from windowner.schemas import decode_json
from windowner.tagger import parts
from windowner.tagger.tagger import Tagger
from windowner.training.observer import SILENT

CONFIG_NAME = RUN_CONFIG
MODEL_NAME = parts.MODEL_NAME
HISTORY_NAME = "history.jsonl"
METRICS_NAME = "metrics.json"
DEV_NAME = "dev.jsonl"
CHECKPOINT_NAME = "checkpoint.safetensors"
FINISHED_NAMES = (CONFIG_NAME, HISTORY_NAME, METRICS_NAME, DEV_NAME, MODEL_NAME)
"""What a finished run holds."""

TEXT_NAMES = {"train": "train-text.jsonl", "dev": "dev-text.jsonl"}
"""Labelled text from memory (`runs/memory.py`)."""

HELD_OUT_LINES, HELD_OUT_ARRAYS = "held-out.jsonl", "held-out.safetensors"
"""What is said of a fold that is held out (`experiments/held_out.py`)."""

REPORT_NAME, PICTURES_NAME = "report.html", "pictures"
"""The page about a run, and the folder of its pictures (`report/page.py`)."""

PICTURE_SUFFIXES = (".svg", ".png")
OWN_NAMES = {*FINISHED_NAMES, CHECKPOINT_NAME, *TEXT_NAMES.values(), HELD_OUT_LINES, HELD_OUT_ARRAYS, REPORT_NAME}
"""All files that a run's folder may hold, beside its pictures. A training replaces a folder that holds no other."""

T = TypeVar("T")


class Epoch(msgspec.Struct):
    """The part of a line of `history.jsonl` that reports show."""

    epoch: Annotated[int, Meta(ge=1)]
    loss: float
    dev_f1: Share
    best: bool = False


@dataclass(frozen=True)
class RunFolder:
    """A finished run. Its model and its training text are read when they are first used.

    Parameters
    ----------
    path
        The folder.
    history
        One record per epoch.
    metrics
        The contents of `metrics.json`.
    dev
        Dev with gold and predicted tags.
    number
        The number that the file system gave the folder. Another run in its place has another number.
    """

    path: Path
    history: list[Epoch]
    metrics: dict[str, Any]
    dev: list[TaggedSentence]
    number: int = 0

    @cached_property
    def config(self) -> Config:
        """The config that the run was trained with."""
        path = self.path / CONFIG_NAME
        config = load_config(path, trained=True)
        self.check_config()
        return config

    @cached_property
    def tagger(self) -> Tagger:
        """The trained tagger."""
        path = self.path / MODEL_NAME
        tagger = Tagger.load(path)
        self.check_same()
        check_seal(self.seal, path, digest_of_model(path))
        return tagger

    @property
    def seal(self) -> Seal | None:
        """The digests of the run's files. None if it was written without them."""
        return self.metrics.get(SEAL)

    def check_config(self) -> None:
        """Raise a `DataError` if `config.toml` is not the config of this run."""
        self.check_same()
        check_seal(self.seal, self.path / CONFIG_NAME, digest_of_config(self.path / CONFIG_NAME))

    def check_same(self) -> None:
        """Raise a `DataError` if another run has taken the place of this one since it was read, or it was removed."""
        number = _number(self.path)
        if self.number and not number:
            raise DataError(f"{self.path}: was removed meanwhile, expected the folder of a run; train again")
        if self.number and self.number != number:
            raise DataError(f"{self.path}: another training took its place meanwhile. Start the command again")

    @cached_property
    def training_forms(self) -> Counter[str]:
        """The number of times that each written form occurs in the training text.

        Raises
        ------
        DataError
            The training text is no longer where the config says.
        """
        corpora = read_corpora(self.config, SILENT)
        return Counter(chain.from_iterable(corpora["train"].tokens))


def read_run(path: str | Path) -> RunFolder:
    """Read a run's folder.

    Raises
    ------
    DataError
        A file is missing or damaged, or the run has not finished.
    """
    path = Path(path)
    while heal(path) and not path.is_file():
        number = _number(path)
        try:
            run = RunFolder(
                path=path,
                history=_read_history(path / HISTORY_NAME),
                metrics=decode_metrics(_read(path / METRICS_NAME), path / METRICS_NAME),
                dev=read_lines(path / DEV_NAME, TaggedSentence),
                number=number,
            )
            check_seal(run.seal, path / HISTORY_NAME, digest_of_history(_read(path / HISTORY_NAME)))
            check_seal(run.seal, path / DEV_NAME, digest_of_bytes(_read(path / DEV_NAME)))
        except DataError:
            if number and number == _number(path):
                raise
        else:
            if number == _number(path):
                return run
        # Another run has taken its place meanwhile. It is read from the start.
    if (work_folder(path) / CHECKPOINT_NAME).exists():
        raise DataError(f"{path}: its training has not finished; go on with it: `windowner train` with --resume")
    raise DataError(f"{path}: no such folder; expected a run that `windowner train` wrote")


def seal_of(folder: Path) -> Seal:
    """Return the digests of the files of a run that is written, without `metrics.json`."""
    return {
        CONFIG_NAME: digest_of_config(folder / CONFIG_NAME),
        HISTORY_NAME: digest_of_history(_read(folder / HISTORY_NAME)),
        DEV_NAME: digest_of_bytes(_read(folder / DEV_NAME)),
        MODEL_NAME: digest_of_model(folder / MODEL_NAME),
    }


def _number(path: Path) -> int:
    """Return the number of a folder in its file system. It is 0 where there is no folder."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileNotFoundError:
        expected = "expected a run that `windowner train` has finished. Train it again"
        raise DataError(f"{path}: no such file; {expected}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def _read_history(path: Path) -> list[Epoch]:
    """Read one record per epoch, in their order."""
    history = read_lines(path, Epoch)
    for number, record in enumerate(history, start=1):
        if record.epoch != number:
            raise DataError(f"{path}:{number}: damaged: found epoch {record.epoch}, expected {number}; {REMEDY}")
    return history


def read_lines(path: Path, kind: type[T]) -> list[T]:
    """Read a file of JSON objects, one per line.

    Raises
    ------
    DataError
        The file is missing, empty or damaged.
    """
    lines = enumerate(_read(path).splitlines(), start=1)
    values = [decode_json(line, kind, f"{path}:{number}", REMEDY) for number, line in lines]
    if not values:
        raise DataError(f"{path}:1: empty, expected at least one line; train again")
    return values
