"""A finished run, as other rooms read it from its folder (`runs/file_names.py`)."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import DataError
from windowner.runs.corpora import read_corpora
from windowner.runs.file_names import CHECKPOINT_NAME, CONFIG_NAME, DEV_NAME, HISTORY_NAME, METRICS_NAME, MODEL_NAME
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
from windowner.runs.structs import read_run_file, read_structs
from windowner.stores.paths import exists, is_file
from windowner.tagger.tagger import Tagger
from windowner.training.observer import SILENT
from windowner.whole_folders import heal, work_folder


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
        check_seal(self.seal, path, lambda: digest_of_model(path))
        return tagger

    @property
    def seal(self) -> Seal | None:
        """The digests of the run's files. None if it was written without them."""
        return self.metrics.get(SEAL)

    def check_config(self) -> None:
        """Raise a `DataError` if `config.toml` is not the config of this run."""
        self.check_same()
        check_seal(self.seal, self.path / CONFIG_NAME, lambda: digest_of_config(self.path / CONFIG_NAME))

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
    while heal(path) and not is_file(path):
        number = _number(path)
        try:
            run = RunFolder(
                path=path,
                history=_read_history(path / HISTORY_NAME),
                metrics=decode_metrics(read_run_file(path / METRICS_NAME), path / METRICS_NAME),
                dev=read_structs(path / DEV_NAME, TaggedSentence),
                number=number,
            )
            check_seal(run.seal, path / HISTORY_NAME, lambda: digest_of_history(read_run_file(path / HISTORY_NAME)))
            check_seal(run.seal, path / DEV_NAME, lambda: digest_of_bytes(read_run_file(path / DEV_NAME)))
        except DataError:
            if number and number == _number(path):
                raise
        else:
            if number == _number(path):
                return run
        # Another run has taken its place meanwhile. It is read from the start.
    if exists(work_folder(path) / CHECKPOINT_NAME):
        raise DataError(f"{path}: its training has not finished; resume it: `windowner train` with --resume")
    raise DataError(f"{path}: no such folder; expected a run that `windowner train` wrote")


def seal_of(folder: Path) -> Seal:
    """Return the digests of the files of a run that is written, without `metrics.json`."""
    return {
        CONFIG_NAME: digest_of_config(folder / CONFIG_NAME),
        HISTORY_NAME: digest_of_history(read_run_file(folder / HISTORY_NAME)),
        DEV_NAME: digest_of_bytes(read_run_file(folder / DEV_NAME)),
        MODEL_NAME: digest_of_model(folder / MODEL_NAME),
    }


def _number(path: Path) -> int:
    """Return the number of a folder in its file system. It is 0 where there is no folder."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _read_history(path: Path) -> list[Epoch]:
    """Read one record per epoch, in their order."""
    history = read_structs(path, Epoch)
    for number, record in enumerate(history, start=1):
        if record.epoch != number:
            raise DataError(f"{path}:{number}: damaged: found epoch {record.epoch}, expected {number}; {REMEDY}")
    return history
