"""`experiment.json`, read: the manifest of an experiment, and what a trial keeps of it.

A trial's `metrics.json` holds a digest of the manifest and of the trial's name. So the run of another seed, setting or
fold, of other text, or of another experiment is never taken for the trial.
"""

from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.errors import ConfigError, DataError
from windowner.experiments.experiment_file import MOST_FOLDS
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.files import read_file
from windowner.runs.provenance import digest_of_files
from windowner.runs.seal import digest_of_values
from windowner.schemas import damage_refused, decode_json
from windowner.stores.paths import exists


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest in an experiment's folder. Any value is admitted.

    Raises
    ------
    ConfigError
        The file is missing or damaged.
    """
    path = folder / EXPERIMENT_NAME
    try:
        return decode_json(read_file(path), dict[str, Any], path, f"remove {folder}", ConfigError)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def kept_folds(folder: Path) -> int | None:
    """Return the number of folds of the cross-validation in a folder; None if there is none.

    A number that cannot be meant is none, too. `claim` compares it with what is begun.
    """
    folds = read_manifest(folder).get("folds") if exists(folder / EXPERIMENT_NAME) else None
    return folds if type(folds) is int and 2 <= folds <= MOST_FOLDS else None


def texts_of(config: Config) -> list[str]:
    """Return the files of text that a trial reads, as its config names them."""
    named = [config.data.train, config.data.dev, config.data.test, *config.features.gazetteers, config.model.rules]
    return [path for path in named if path]


def text_key(path: str) -> str:
    """Return the key under which a manifest holds the digest of a file."""
    return f"blake2b of {path}"


def check_texts_stay(folder: Path, config: Config) -> None:
    """Refuse text that has changed since an experiment began, given its folder and the config of a trial.

    Raises
    ------
    DataError
        A file has another digest than in the manifest, or cannot be read any more.
    """
    there = read_manifest(folder)
    for path in texts_of(config):
        kept = there.get(text_key(path))
        if kept is not None and kept != _digest_now(path):
            raise DataError(
                f"{path}: has changed since the experiment in {folder} began; put the text back, or begin anew in "
                "another folder: --out"
            )


def _digest_now(path: str) -> str:
    """Return the digest of a file. It is empty if the file cannot be read any more."""
    try:
        return digest_of_files([Path(path)])
    except OSError:
        return ""


def digest_of_trial(folder: Path, name: str) -> str:
    """Return the digest of the manifest in an experiment's folder and of a trial's name."""
    with damage_refused(folder / EXPERIMENT_NAME, f"remove {folder}", ConfigError):
        return digest_of_values([read_manifest(folder), name])
