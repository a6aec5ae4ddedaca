"""The seal of a run, in `metrics.json`: a digest of each of its files. It says which files are one run.

    config.toml          its keys and values without paths, because files may be moved
    history.jsonl        the values of its lines, without times
    dev.jsonl            its bytes
    model.safetensors    its arrays, because its cutoffs may be changed; it has a digest of its own
    metrics.json         its values, without times and without the seal

A file that was changed, or that another run wrote, has another digest. Reading it is refused. Runs of earlier revisions
have no seal.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from windowner.config.config import PATHS
from windowner.config.toml_file import read_toml
from windowner.errors import DataError
from windowner.schemas import damage_refused
from windowner.tagger.model_file import digest_of, read_model_file

SEAL = "seal"
TIMES = ("train_seconds", "dev_seconds", "windows_per_second")
REMEDY = "train again, or copy the whole folder again"

Seal = Mapping[str, str]


def digest_of_bytes(content: bytes) -> str:
    """Return BLAKE2b as 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def digest_of_values(values: Any) -> str:
    """Return the digest of nested values; the order of keys does not matter."""
    return digest_of_bytes(json.dumps(values, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))


def digest_of_config(path: Path) -> str:
    """Return the digest of a config, given its file."""
    sections = read_toml(path)
    kept = {
        section: {key: _without_paths(f"{section}.{key}", value) for key, value in values.items()}
        for section, values in sections.items()
        if isinstance(values, dict)
    }
    return digest_of_values(kept)


def digest_of_model(path: Path) -> str:
    """Return the digest of the arrays of a model, given its file."""
    return digest_of({}, read_model_file(path)[1])


def digest_of_history(content: bytes) -> str:
    """Return the digest of the content of `history.jsonl`, all of whose lines are JSON."""
    return digest_of_values(list(map(_without_times, msgspec.json.Decoder().decode_lines(content))))


def digest_of_metrics(metrics: Mapping[str, Any]) -> str:
    """Return the digest of what `metrics.json` holds."""
    return digest_of_values(_without_times({key: value for key, value in metrics.items() if key != SEAL}))


def check_seal(seal: Seal | None, path: Path, digest: Callable[[], str]) -> None:
    """Refuse a file that is not the one that was sealed. A file of a run without digests is not looked at.

    Parameters
    ----------
    seal
        Digests by the names of files. None where a run has none.
    path
        The file.
    digest
        Computes its digest.

    Raises
    ------
    DataError
        The digests differ, or the file holds values that have none: numbers out of range, or nested too deeply.
    """
    if seal is None:
        return
    with damage_refused(path, REMEDY):
        found = digest()
    if seal.get(path.name) != found:
        raise DataError(
            f"{path}: damaged, changed, or of another run: it does not agree with the digest in metrics.json; {REMEDY}"
        )


def _without_paths(key: str, value: Any) -> Any:
    """Return the value of a config's key, without paths in it."""
    if key not in PATHS:
        return value
    if isinstance(value, list):
        return [_without_paths(key, each) for each in value]
    return {name: each for name, each in value.items() if name != "source"} if isinstance(value, dict) else ""


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(each) for key, each in value.items() if key not in TIMES}
    return value
