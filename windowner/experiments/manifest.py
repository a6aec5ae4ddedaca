"""The manifest of an experiment, `experiment.json`: everything that its trials depend on.

It holds the experiment's file, the base config with every default spelled out, the digests of all files of text and
vectors, and the version of windowner. If any of these differs, scores are not comparable, and the folder is refused.
"""

from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.errors import ConfigError, DataError
from windowner.experiments.experiment import Experiment
from windowner.experiments.folder import EXPERIMENT_NAME
from windowner.experiments.manifest_file import read_manifest, text_key, texts_of
from windowner.files import is_leftover, write_whole
from windowner.runs.identity import as_written, differences, flatten
from windowner.runs.provenance import digest_of_files
from windowner.schemas import encode_json
from windowner.stores.paths import exists


def manifest(experiment: Experiment, vectors: Mapping[str, str]) -> dict[str, Any]:
    """Return everything that the trials depend on, by dotted key.

    Parameters
    ----------
    experiment
        The experiment.
    vectors
        The digest of each source of word vectors.

    Raises
    ------
    DataError
        A file of labelled text is missing.
    """
    file = asdict(experiment.file)
    del file["base"]  # its contents follow
    values = {
        "windowner": version("windowner"),
        **dict(flatten(file)),
        **{f"base: {key}": value for key, value in flatten(experiment.base.with_absolute_paths().as_dict())},
        **{text_key(path): _digest(path, config) for path, config in _texts(experiment).items()},
        **{f"blake2b of {source}": digest for source, digest in vectors.items()},
    }
    return as_written(values)


def claim(folder: Path, values: Mapping[str, Any], *, must_exist: bool = False) -> None:
    """Make a folder that of an experiment, or check that it already is.

    Parameters
    ----------
    folder
        The experiment's folder.
    values
        The experiment's manifest.
    must_exist
        Fail unless the folder already holds this experiment.

    Raises
    ------
    ConfigError
        The folder holds another experiment or something else, or nothing although it must exist.
    """
    path = folder / EXPERIMENT_NAME
    if exists(path):
        _compare(folder, read_manifest(folder), values)
        return
    if must_exist:
        raise ConfigError(f"{folder}: --resume: holds no experiment yet; leave --resume out to start one")
    try:
        if exists(folder) and not all(map(is_leftover, folder.iterdir())):
            raise ConfigError(f"{folder}: holds files of something else; expected a new folder: --out")
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, encode_json(values))
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}; expected a new folder: --out") from None


def _compare(folder: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    differing = differences(there, here)
    if differing:
        raise ConfigError(
            f"{folder}: holds another experiment: {differing}. Remove it, or name another folder: "
            "--out of cv and compare"
        )


def _texts(experiment: Experiment) -> dict[str, Config]:
    """Return the files of text that trials read, each with a config that names it."""
    configs = [trial.config for trial in experiment.trials]
    return {path: config for config in configs for path in texts_of(config)}


def _digest(path: str, config: Config) -> str:
    try:
        return digest_of_files([Path(path)])
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}. {config.data.obtain}".rstrip(". ")) from None
