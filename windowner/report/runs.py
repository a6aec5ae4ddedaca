"""A run's folder, read for a report: what `windowner.runs.training` wrote there."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from windowner.config.config import Config
from windowner.config.loading import RUN_CONFIG, load_config
from windowner.errors import DataError
from windowner.runs.corpora import read_corpora
from windowner.runs.training import DEV_NAME
from windowner.tagger.tagger import Tagger
from windowner.training.observer import SILENT

HISTORY_NAME, METRICS_NAME = "history.jsonl", "metrics.json"
EXPERIMENT_NAME = "experiment.json"  # what `windowner compare` leaves in an experiment's folder

T = TypeVar("T")


class Epoch(msgspec.Struct):
    """What a report needs of a line of `history.jsonl`."""

    epoch: int
    loss: float
    dev_f1: float
    best: bool = False


class Tagged(msgspec.Struct):
    """A sentence of dev as `dev.jsonl` has it: its tokens, the gold tags, and the tagger's."""

    tokens: list[str]
    gold: list[str]
    predicted: list[str]


@dataclass(frozen=True)
class RunFolder:
    """A finished run; its model and its training text are read when they are asked for.

    Parameters
    ----------
    path
        Its folder.
    history
        Its epochs.
    metrics
        What `metrics.json` holds.
    dev
        Dev, tagged.
    """

    path: Path
    history: list[Epoch]
    metrics: dict[str, Any]
    dev: list[Tagged]

    @cached_property
    def config(self) -> Config:
        """What was trained."""
        return load_config(self.path / RUN_CONFIG, trained=True)

    @cached_property
    def tagger(self) -> Tagger:
        """The tagger that came out."""
        return Tagger.load(self.path)

    @cached_property
    def training_forms(self) -> Counter[str]:
        """How often each written form stands in the text that was trained on.

        Raises
        ------
        DataError
            The training text is no longer where the config says.
        """
        return Counter(chain.from_iterable(read_corpora(self.config, SILENT)["train"].tokens))


def read_run(path: str | Path) -> RunFolder:
    """Read a run's folder.

    Raises
    ------
    DataError
        A file is missing or damaged, or its training has not finished.
    """
    path = Path(path)
    if not path.is_dir():
        raise DataError(f"{path}: no such folder; expected a run that `windowner train` wrote")
    if (path / EXPERIMENT_NAME).exists():
        raise DataError(f"{path}: an experiment, not a run; `windowner compare` writes its report.html")
    try:
        metrics = msgspec.json.decode(_read(path / METRICS_NAME), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise DataError(f"{path / METRICS_NAME}: damaged: {error}; train again") from None
    return RunFolder(path, _read_lines(path / HISTORY_NAME, Epoch), metrics, _read_lines(path / DEV_NAME, Tagged))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"{path}: no such file; expected a run that `windowner train` has finished. Train it again"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None


def _read_lines(path: Path, kind: type[T]) -> list[T]:
    decoder = msgspec.json.Decoder(kind)
    values: list[T] = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        try:
            values.append(decoder.decode(line))
        except msgspec.DecodeError as error:  # not JSON, or not what is expected
            raise DataError(f"{path}:{number}: damaged: {error}; train again") from None
    if not values:
        raise DataError(f"{path}:1: empty, expected at least one line; train again")
    return values
