"""Nearest words in a trained model, before and after fine-tuning."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from windowner.arrays import Float32
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError, VectorsError
from windowner.inputs.tables import FIRST
from windowner.runs.file_names import CONFIG_NAME
from windowner.stores.address import AnyPath
from windowner.tagger.parts import read_model
from windowner.text.wording import count_of
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.lookup import look_up
from windowner.vectors.neighbours import Neighbour, find_neighbours, pretrained_part


@dataclass(frozen=True)
class TrainedVectors:
    """The word vectors of a trained model.

    Parameters
    ----------
    words
        V words.
    array
        Their vectors, (V, k D): those of the k networks of an ensemble, side by side.
    movable
        Number of the first words that training could move.
    config
        What the model was trained with.
    """

    words: Sequence[str]
    array: Float32
    movable: int
    config: Config


@dataclass(frozen=True)
class WordNeighbours:
    """The nearest words of a word.

    Parameters
    ----------
    asked, found
        The word that was asked for, and the word of the model that it was looked up as.
    trained
        Whether training could move its vector.
    before, after
        Its nearest words before and after training. `before` is None if it started from a random vector, or if the
        vectors before training are not known.
    """

    asked: str
    found: str
    trained: bool
    before: list[Neighbour] | None
    after: list[Neighbour]


def read_trained_vectors(run: AnyPath) -> TrainedVectors:
    """Return the word vectors of a run's folder or a model file.

    Raises
    ------
    ModelError
        There is no model, or its file is damaged.
    """
    model = read_model(run)
    words = model.words
    return TrainedVectors(words.values, words.E[FIRST:], words.trainable - FIRST, model.config)


def compare_neighbours(run: AnyPath, words: Sequence[str], count: int) -> tuple[list[WordNeighbours], str]:
    """Return the `count` nearest words of each word, and why those before training are not known, or nothing.

    Raises
    ------
    ModelError
        There is no model, or its file is damaged.
    VectorsError
        The model has no vector for a word.
    """
    trained = read_trained_vectors(run)
    rows = _find_rows(run, trained, words)
    after = find_neighbours(trained.words, trained.array, rows, count)
    before, reason = _neighbours_before(run, trained, rows, count)
    compared = [
        WordNeighbours(word, trained.words[row], row < trained.movable, before.get(row), near)
        for word, row, near in zip(words, rows, after, strict=True)
    ]
    return compared, reason


def _find_rows(run: AnyPath, trained: TrainedVectors, words: Sequence[str]) -> list[int]:
    key_to_index = {word: row for row, word in enumerate(trained.words)}
    rows = [look_up(word, key_to_index)[0] for word in words]
    unknown = [repr(word) for word, row in zip(words, rows, strict=True) if row < 0]
    if unknown:
        raise VectorsError(
            f"{run}: found no vector for {', '.join(unknown)} among {count_of(len(trained.words), 'word')}"
        )
    return rows


def _neighbours_before(
    run: AnyPath, trained: TrainedVectors, rows: Sequence[int], count: int
) -> tuple[dict[int, list[Neighbour]], str]:
    """Return the neighbours before training of rows with a pretrained vector, or why there are none to show."""
    settings = trained.config.vectors
    if not settings.source:
        return {}, "Only neighbours after training: the vectors started at random, because vectors.source is empty."
    if settings.mode == "frozen":
        return {}, "Pretrained vectors are frozen in this run: training did not move them."
    try:
        vectors = _read_pretrained(run, trained.config).for_forms(trained.words)
        known, array = pretrained_part(trained.words, trained.array, trained.movable, vectors)
    except (ConfigError, VectorsError) as error:
        return {}, f"Only neighbours after training: the vectors before cannot be read: {error}"
    place = {row: i for i, row in enumerate(known)}
    asked = [row for row in dict.fromkeys(rows) if row in place]
    words = [trained.words[row] for row in known]
    found = find_neighbours(words, array, [place[row] for row in asked], count)
    return dict(zip(asked, found, strict=True)), ""


def _read_pretrained(run: AnyPath, config: Config) -> Vectors:
    saved = run / CONFIG_NAME  # its paths are absolute; those in the model file are relative to the training's config
    config = load_config(saved, trained=True) if isinstance(saved, Path) and saved.exists() else config
    return load_vectors(config.vectors.source, directory=config.directory)
