"""`metrics.json`: what a run measured, by name, and the types of its values.

Rates are fractions. Values that runs of earlier revisions lack are `NotRequired`.
"""

from pathlib import Path
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec
from msgspec import Meta

from windowner.errors import DataError
from windowner.files import write_whole
from windowner.runs.seal import SEAL, Seal, check_seal, digest_of_metrics
from windowner.schemas import decode_json, encode_json
from windowner.scoring.familiarity import GROUPS

REMEDY = "train again"
TRIAL = "trial"
Count = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0)]


class Rates(TypedDict):
    """Precision, recall and F1 of entities, and the number of gold entities."""

    precision: Share
    recall: Share
    f1: Share
    support: Count


class SplitScores(TypedDict):
    """Scores of a split: all types together, and each type."""

    overall: Rates
    types: dict[str, Rates]
    tokens: NotRequired[Count]
    sentences: NotRequired[Count]
    not_annotated: NotRequired[Count]
    accuracy: NotRequired[Share]


class TextSize(TypedDict):
    """Sentences and words of a text."""

    sentences: Count
    words: Count


class RungCounts(TypedDict):
    """How many forms and tokens each rung of the look-up finds."""

    types: dict[str, Count]
    tokens: dict[str, Count]


class WordRows(TypedDict):
    """Rows of the word vectors: those of training words, those that were trained, and all."""

    own: Count
    trained: Count
    all: Count


class Calibration(TypedDict):
    """Temperature, and the expected calibration error on dev."""

    temperature: float
    dev_ece: Share


class SecondTraining(TextSize):
    """The training on train and dev together: steps of each network, and seconds."""

    steps: list[Count]
    train_seconds: Seconds


class Metrics(TypedDict):
    """What the file holds.

    `test` and `fold` are there where the run scored them. `trial` says which trial of which experiment the run is.
    """

    dev: SplitScores
    test: NotRequired[SplitScores]
    fold: NotRequired[SplitScores]
    familiarity: dict[str, Rates]
    training: TextSize
    mode: str
    best_epoch: Count
    epochs: Annotated[int, Meta(ge=1)]
    train_seconds: Seconds
    windows_per_second: Seconds
    coverage: dict[str, RungCounts]
    word_rows: WordRows
    threshold: NotRequired[float]
    calibration: NotRequired[Calibration]
    model_bytes: Count
    refit: NotRequired[SecondTraining]
    trial: NotRequired[str]
    seal: NotRequired[dict[str, str]]


def write_metrics(path: Path, metrics: dict[str, Any], seal: Seal) -> dict[str, Any]:
    """Write the metrics with the seal of all files of the run. Return what the file holds."""
    values = msgspec.json.decode(msgspec.json.encode(metrics))
    sealed: dict[str, Any] = {**values, SEAL: {**seal, path.name: digest_of_metrics(values)}}
    write_whole(path, encode_json(sealed))
    return sealed


def decode_metrics(content: bytes, path: Path) -> dict[str, Any]:
    """Return the metrics in the content of a file.

    Raises
    ------
    DataError
        The content is damaged, or changed.
    """
    metrics = decode_json(content, Metrics, path, REMEDY)
    for group in GROUPS:
        if group not in metrics["familiarity"]:
            raise DataError(f"{path}: damaged: familiarity lacks the group {group!r}; {REMEDY}")
    check_seal(metrics.get("seal"), path, lambda: digest_of_metrics(msgspec.json.decode(content)))
    return dict(metrics)
