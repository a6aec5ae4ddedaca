"""What a training depends on, by dotted key: config, text, vectors, and the versions of windowner and NumPy.

A checkpoint keeps it. With another config or other data, a training would not give the bytes of an uninterrupted one.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from windowner.runs.versions import versions
from windowner.tagger.model import Model

SHOWN = 3
"""Differences that an error names."""


def identity(model: Model) -> dict[str, Any]:
    """Return what a training depends on, given its model before or after training."""
    further = dict(enumerate(model.provenance.get("further_vectors", [])))
    sources = {
        "data": model.provenance.get("data", {}),
        "vectors": model.provenance.get("vectors", {}),
        "more": further,
    }
    here = versions()
    values = {
        "windowner": here["windowner"],
        "numpy": here["numpy"],
        **dict(flatten(model.config.as_dict())),
        **{key: digest for key, digest in flatten(sources) if key.endswith("blake2b")},
        "rules": None if model.rules is None else _digest("\n".join(model.rules.lines)),
        "gazetteer": None if model.gazetteer is None else _digest("\n".join(model.gazetteer.lines())),
    }
    return as_written(values)


def as_written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are read back from JSON."""
    return msgspec.json.decode(msgspec.json.encode(values), type=dict[str, Any])


def flatten(values: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of nested dictionaries, by dotted key."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Return the first differences between what two trainings depend on, as text. It is empty where there is none."""
    differing = [key for key in {**there, **here} if there.get(key) != here.get(key)]
    shown = "; ".join(f"{key}: {_word(there, key)} there, {_word(here, key)} here" for key in differing[:SHOWN])
    return shown + (f"; and {len(differing) - SHOWN} more" if len(differing) > SHOWN else "")


def _word(values: Mapping[str, Any], key: str) -> str:
    return msgspec.json.encode(values[key]).decode() if key in values else "nothing"


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
