"""A training that starts from a trained model: what its config keeps.

The network keeps its shape, so the keys that decide it are those of the model. `auto` stands for the model's value.
Another value is refused. Threshold and temperature are fitted anew, as in every training.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from windowner.config.config import Config
from windowner.errors import ConfigError
from windowner.stores.address import AnyPath, path_of
from windowner.tagger.model import Model
from windowner.tagger.model_file import content_of, read_model_bytes
from windowner.tagger.parts import checked_model, model_path
from windowner.training.observer import Observer
from windowner.vectors.loading import Vectors

SHAPE = {
    "data": ("scheme",),
    "vectors": ("size",),
    "features": ("capitals", "shape", "prefixes", "suffixes", "affix_size", "characters", "gazetteer_size"),
    "model": ("radius", "hidden", "nonlinearity", "loss", "document"),
    "train": ("ensemble",),
}
"""Keys that decide the shape of a network, or what its numbers mean."""


@dataclass(frozen=True)
class Start:
    """A trained model that a training starts from.

    Parameters
    ----------
    path
        Its run folder or file, or the address of one.
    model
        The model.
    digest
        BLAKE2b digest of its file.
    """

    path: AnyPath
    model: Model
    digest: str

    @classmethod
    def read(cls, path: str | AnyPath) -> "Start":
        """Read a model file, or the one of a run folder.

        Raises
        ------
        ModelError
            There is no model, or its file cannot be read.
        StoreError
            A store does not give it.
        """
        file = model_path(path)
        content = content_of(file)
        model = checked_model(file, *read_model_bytes(content, file))
        return cls(path_of(path), model, blake2b(content, digest_size=32).hexdigest())

    @property
    def description(self) -> dict[str, str]:
        """What the new model's file says of it."""
        return {"file": str(self.path), "blake2b": self.digest}


def fitting_config(config: Config, start: Start, observer: Observer) -> Config:
    """Return the config with the model's values for `auto`, and with the mode of its word vectors.

    Raises
    ------
    ConfigError
        If the config wants a network of another shape, or several networks.
    """
    old = start.model.config
    if old.train.ensemble != 1:
        raise ConfigError(f"{start.path}: merged from {old.train.ensemble} networks, expected the model of one network")
    differing = [
        f"{key} = {mine!r}, expected {its!r}" for key, mine, its in _shape(config, old) if mine not in (its, "auto")
    ]
    if differing:
        raise ConfigError(f"{config.name} does not fit {start.path}, which --init names: {'; '.join(differing)}")
    sections: dict[str, Any] = {}
    for key, mine, its in _shape(config, old):
        section, _, name = key.partition(".")
        if mine != its:
            sections[section] = replace(sections.get(section, getattr(config, section)), **{name: its})
    vectors = sections.get("vectors", config.vectors)
    if vectors.mode not in (old.vectors.mode, "auto"):
        observer.note(f"vectors.mode: {old.vectors.mode}, as in {start.path}")
    return replace(config, **{**sections, "vectors": replace(vectors, mode=old.vectors.mode)})


def _shape(config: Config, old: Config) -> Iterator[tuple[str, Any, Any]]:
    """Yield the keys of `SHAPE`, each with its value in both configs."""
    for section, names in SHAPE.items():
        mine, its = getattr(config, section), getattr(old, section)
        yield from ((f"{section}.{name}", getattr(mine, name), getattr(its, name)) for name in names)


def check_sources(start: Start, sources: list[Vectors]) -> None:
    """Refuse other word vectors than those that the model started from.

    Raises
    ------
    ConfigError
        If they differ. A row of other vectors would mean nothing to the network.
    """
    provenance = start.model.provenance
    first = [provenance["vectors"]] if "vectors" in provenance else []
    its = [*first, *provenance.get("further_vectors", ())]
    if [each["blake2b"] for each in its] != [source.digest for source in sources]:
        mine = ", ".join(source.source for source in sources) or "none"
        expected = ", ".join(each["source"] for each in its) or "none"
        raise ConfigError(f"vectors.source: {mine}, expected {expected}, the word vectors of {start.path}")
