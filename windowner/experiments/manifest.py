"""Whether a folder holds the same experiment: `experiment.json` there says what all its trials depend on.

That is the experiment's file, its base with every default spelled out, the files of text and vectors by digest, and
the version of windowner. Where anything differs, scores would not be comparable, and the folder is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from windowner.config.config import Config
from windowner.errors import ConfigError, DataError
from windowner.experiments.experiment import Experiment

MANIFEST = "experiment.json"
SHOWN = 3  # differences that an error names


def manifest(experiment: Experiment, vectors: Mapping[str, str]) -> dict[str, Any]:
    """Return all that the trials depend on, by dotted key; `vectors` holds digests by source.

    Raises
    ------
    DataError
        A file of labelled text is missing.
    """
    settings = asdict(experiment.settings)
    del settings["base"]  # what it holds follows
    values = {
        "windowner": version("windowner"),
        **dict(_flat(settings)),
        **{f"base: {key}": value for key, value in _flat(experiment.base.with_absolute_paths().as_dict())},
        **{f"blake2b of {path}": _digest(path, config) for path, config in _texts(experiment).items()},
        **{f"blake2b of {source}": digest for source, digest in vectors.items()},
    }
    encoded = msgspec.json.encode(values)  # and back: as the file will have it
    return msgspec.json.decode(encoded, type=dict[str, Any])


def claim(folder: Path, values: Mapping[str, Any], *, must_exist: bool = False) -> bool:
    """Make a folder this experiment's, and say whether it was so before.

    Raises
    ------
    ConfigError
        It holds another experiment or something else; or nothing, where something has to be there.
    """
    path = folder / MANIFEST
    if path.exists():
        _compare(folder, msgspec.json.decode(path.read_bytes(), type=dict[str, Any]), values)
        return True
    if must_exist:
        raise ConfigError(f"{folder}: --resume: no experiment was begun there; leave --resume out to begin one")
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder}: holds something that is no experiment; expected a new folder: --out")
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(values)))
    part.rename(path)
    return False


def _compare(folder: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    differing = [key for key in {**there, **here} if there.get(key) != here.get(key)]
    if not differing:
        return
    shown = "; ".join(f"{key}: {_word(there, key)} there, {_word(here, key)} here" for key in differing[:SHOWN])
    more = f"; and {len(differing) - SHOWN} more" if len(differing) > SHOWN else ""
    raise ConfigError(f"{folder}: holds another experiment: {shown}{more}. Choose another folder with --out")


def _word(values: Mapping[str, Any], key: str) -> str:
    return msgspec.json.encode(values[key]).decode() if key in values else "nothing"


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _texts(experiment: Experiment) -> dict[str, Config]:
    configs = [trial.config for trial in experiment.trials]
    named = [(config, [config.data.train, config.data.dev, config.data.test]) for config in configs]
    named += [(config, [*config.features.gazetteers]) for config in configs]
    return {path: config for config, paths in named for path in paths if path}


def _digest(path: str, config: Config) -> str:
    try:
        return blake2b(Path(path).read_bytes(), digest_size=32).hexdigest()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}. {config.data.obtain}".rstrip(". ")) from None
