"""The facts of a model file: its format, digest and size, its config and tables, and its training data.

All facts are read from the file. A fact that the file does not hold is None, or missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from windowner.config.checking import make_config
from windowner.config.config import Config
from windowner.config.presets import PRESETS
from windowner.stores.address import AnyPath
from windowner.tagger.held_words import HeldWords, held_words
from windowner.tagger.model import Model
from windowner.tagger.model_file import content_of, read_model_bytes
from windowner.tagger.parts import checked_model, model_path

SHOWN_KEYS = (
    *("vectors.source", "vectors.mode", "model.radius", "model.hidden", "model.nonlinearity", "model.loss"),
    *("model.decoding", "model.document", "features.characters", "data.scheme"),
    *("train.epochs", "train.ensemble", "train.refit", "train.seed"),
)
"""The keys of the config in short."""

DEFAULTS = "fast"
"""The preset that has the defaults alone."""

TEXTS = ("train", "dev", "test")
"""Texts in the order in which they are named. Others follow."""

INPUTS = {"vectors.source", "vectors.more", "features.gazetteers", "model.rules", "train.seed"}
"""Keys that no preset is about."""

VERSIONED = {"windowner": "windowner", "numpy": "NumPy", "python": "Python"}
"""What a file has the version of, and how it is written."""

LEFT_TO_THE_TEXT = ("auto", "long")
"""Values of a preset for which a training puts others, which depend on its text."""


@dataclass(frozen=True)
class ModelFacts:
    """A model, and what its file says beside it.

    Parameters
    ----------
    path
        The file, or its address.
    model
        The model.
    format
        Version of the file's format.
    digest
        BLAKE2b digest of all that the file holds; None in files of format 1, which have none.
    bytes
        Size of the file.
    """

    path: AnyPath
    model: Model
    format: int
    digest: str | None
    bytes: int

    @classmethod
    def read(cls, path: str | AnyPath) -> "ModelFacts":
        """Return the facts of a model file, or of the run folder that holds one. Either one may be an address.

        Raises
        ------
        ModelError
            There is no model, or its file is damaged, truncated, foreign, or of a newer format version.
        StoreError
            A store does not give it.
        """
        path = model_path(path)
        content = content_of(path)
        description, arrays = read_model_bytes(content, path)
        model = checked_model(path, description, arrays)
        return cls(path, model, description["format"], description.get("digest"), len(content))

    @property
    def words(self) -> HeldWords:
        """The words of the training text that the file holds."""
        return held_words(self.model)

    def as_dict(self) -> dict[str, Any]:
        """Return the facts, for JSON."""
        model = self.model
        return {
            "file": str(self.path),
            "format": self.format,
            "digest": self.digest,
            "bytes": self.bytes,
            "types": model.tags.types,
            "tags": model.tags.names,
            "preset": preset_of(model.config),
            "changed": changed_keys(model.config),
            "config": {key: config_value(model.config, key) for key in SHOWN_KEYS},
            "tokenizer": model.tokenizer,
            "threshold": model.threshold,
            "temperature": model.temperature,
            "cutoffs": dict(model.cutoffs),
            "rules": 0 if model.rules is None else len(model.rules.lines),
            "gazetteer": 0 if model.gazetteer is None else len(model.gazetteer.lines()),
            "tables": tables(model),
            "parameters": parameters(model),
            "versions": versions_of(model.provenance),
            "provenance": dict(model.provenance),
            "words": self.words.as_dict(),
        }


def config_value(config: Config, key: str) -> Any:
    """Return the value of a key such as `train.seed`."""
    section, _, name = key.partition(".")
    return getattr(getattr(config, section), name)


def preset_of(config: Config) -> str | None:
    """Return the preset all of whose values a config has, or None. A file does not say which one it began from."""
    return next((name for name in PRESETS if not _changed(config, name)), None)


def changed_keys(config: Config) -> dict[str, Any]:
    """Return the keys in which a config differs from the defaults, with its values."""
    return {key: config_value(config, key) for key in _changed(config, DEFAULTS)}


def tables(model: Model) -> list[dict[str, Any]]:
    """Return name, rows, dimensions and trained rows of each lookup table."""
    return [
        {"name": table.name, "rows": len(table.E), "dimensions": table.size, "trained_rows": table.trainable}
        for table in model.network.tables
    ]


def parameters(model: Model) -> dict[str, int]:
    """Return the number of all parameters, of those outside of lookup tables, and of those that training could move."""
    sizes = {name: array.size for name, array in model.network.parameters.items()}
    in_tables = sum(sizes[table.parameter] for table in model.network.tables)
    outside = sum(sizes.values()) - in_tables
    moved = outside + sum(table.trainable * table.size for table in model.network.tables)
    return {"all": sum(sizes.values()), "outside_of_tables": outside, "trained": moved}


def described_sources(provenance: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the description of each text, and of each source of vectors, that a model comes from."""
    texts: Mapping[str, Mapping[str, Any]] = provenance.get("data", {})
    yield from sorted(texts.items(), key=lambda item: (*TEXTS, item[0]).index(item[0]))
    first = [provenance["vectors"]] if "vectors" in provenance else []
    yield from (("vectors", source) for source in [*first, *provenance.get("further_vectors", [])])


def versions_of(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions of windowner, NumPy and Python that trained a model; {} where its file does not say."""
    versions = provenance.get("versions")
    found = versions if isinstance(versions, Mapping) else {}
    return {name: str(found[name]) for name in VERSIONED if name in found}


def described_versions(provenance: Mapping[str, Any]) -> str:
    """Return the same as text; "" where the file does not say."""
    return ", ".join(f"{VERSIONED[name]} {number}" for name, number in versions_of(provenance).items())


def _changed(config: Config, preset: str) -> list[str]:
    """Return the keys in which a config differs from a preset, except for `INPUTS` and what is left to the text."""
    values = dict(_keys(config))
    wanted = _keys(make_config({"preset": preset, "data": {"train": "-"}}, "windowner"))
    return [key for key, value in wanted if value not in LEFT_TO_THE_TEXT and value != values[key]]


def _keys(config: Config) -> Iterator[tuple[str, Any]]:
    for section, values in config.as_dict().items():
        for name, value in values.items():
            if section != "data" and f"{section}.{name}" not in INPUTS:
                yield f"{section}.{name}", value
