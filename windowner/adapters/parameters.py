"""From the parameters of an estimator of scikit-learn to a config."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from windowner.config.checking import make_config
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.config.overrides import change_keys
from windowner.runs.from_memory import FROM_MEMORY

KEYS = {
    "preset": "preset",
    "vectors": "vectors.source",
    "hidden": "model.hidden",
    "epochs": "train.epochs",
    "learning_rate": "train.learning_rate",
    "random_state": "train.seed",
}
"""The key of a config that each parameter sets."""


def config_of(parameters: Mapping[str, Any]) -> Config:
    """Return the config that the parameters of a `WindowTagger` describe.

    Raises
    ------
    ConfigError
        A key is unknown, or a value is not what the key expects.
    ValueError
        Two parameters set one key.
    """
    named = {key: _plain(parameters[name]) for name, key in KEYS.items() if parameters[name] is not None}
    overrides = {key: _plain(value) for key, value in (parameters["overrides"] or {}).items()}
    for name, key in KEYS.items():
        if key in named and key in overrides:
            raise ValueError(f"{name} and overrides both set {key}, expected one of them")
    keys = {**named, **overrides, "data.train": FROM_MEMORY}
    config = parameters["config"]
    if isinstance(config, str | Path):
        return load_config(config, keys=keys)
    sections = {
        name: dict(values) if isinstance(values, Mapping) else values for name, values in (config or {}).items()
    }
    change_keys(sections, (), keys)
    return make_config(sections, "WindowTagger")


def _plain(value: Any) -> Any:
    """Return a value as a config holds it. Searches draw numbers of NumPy, and a generator draws a seed."""
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return int.from_bytes(value.bytes(4), "little")
    if isinstance(value, np.generic):
        return value.item()
    return str(value) if isinstance(value, Path) else value
