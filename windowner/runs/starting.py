"""A training that starts from a trained model: what its config keeps, and what it learns from.

The network keeps its shape, so the keys that decide it are those of the model. `auto` stands for the model's value.
Another value is refused. Threshold and temperature are fitted anew, as in every training.

It learns from the new text, and from old sentences that it sees again. `unmarked` says what O means in them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.config.loading import RUN_CONFIG, load_config
from windowner.errors import ConfigError, DataError
from windowner.runs.annotation import annotated_as
from windowner.runs.drawing import draw_fraction
from windowner.runs.folds import join
from windowner.runs.provenance import digest_of
from windowner.runs.readers import Readers
from windowner.runs.unmarked import leave_open
from windowner.tagger.model import Model
from windowner.tagger.parts import MODEL_NAME, read_model
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of
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
        Its run folder or file.
    model
        The model.
    digest
        BLAKE2b digest of its file.
    """

    path: Path
    model: Model
    digest: str

    @classmethod
    def read(cls, path: str | Path) -> "Start":
        """Read a model file, or the one of a run folder.

        Raises
        ------
        ModelError
            There is no model, or its file cannot be read.
        """
        path = Path(path)
        model = read_model(path)
        return cls(path, model, digest_of([path / MODEL_NAME if path.is_dir() else path]))

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


def training_corpora(
    config: Config, corpora: Mapping[str, Corpus], start: Start, observer: Observer, readers: Readers
) -> dict[str, Corpus]:
    """Return the corpora as a training learns from them that starts from a model.

    In train, the new text comes first, then old sentences that are seen again. Each text has types for which nobody
    looked in it.

    Raises
    ------
    DataError
        If the old text cannot be read, or is part of the new text.
    """
    new, old_types = corpora["train"], start.model.tags.types
    lacking = sorted(set(old_types) - set(new.entity_types))
    if lacking:
        observer.note(_said(new.path, lacking))
    train = [leave_open(new, lacking)]
    if config.data.rehearse:
        old = rehearsed(config, start, observer, readers)
        lacking = sorted(set(new.entity_types) - set(old_types))
        if lacking:
            observer.note(_said(old.path, lacking))
        train.append(leave_open(old, lacking))
    return {**corpora, "train": join(train)}


def _said(path: str, lacking: list[str]) -> str:
    types = " or ".join(lacking)
    return f"{path}: no entity of {types}. Nobody looked for such entities there, so O means O or {types}"


def rehearsed(config: Config, start: Start, observer: Observer, readers: Readers) -> Corpus:
    """Return the share of the old sentences that is seen again (`data.rehearse`).

    Raises
    ------
    DataError
        If the old text cannot be read, or is part of the new text.
    """
    share, named = config.data.rehearse, config.data.rehearse_from
    old = config if named else _config_of_run(start)
    path = old.path(named or old.data.train)
    if not path.exists():
        raise DataError(
            f"{path}: no such file, expected the training text of {start.path}; name it: data.rehearse_from"
        )
    check_apart(config, path)
    seen = annotated_as("train", readers.corpus(path, **old.data.reading()), old.data.unlabelled_as)
    drawn = draw_fraction(seen, share, config.train.seed)
    observer.note(f"data.rehearse = {share:g}: {count_of(len(drawn.sentences), 'sentence')} of {path} are seen again")
    return drawn


def check_apart(config: Config, rehearsed: Path) -> None:
    """Refuse to rehearse a file of the new text: sentences that are held out of it would be trained on.

    Raises
    ------
    DataError
        If the config names the file.
    """
    for name in ("train", "dev", "test"):
        value = getattr(config.data, name)
        if value and config.path(value).resolve() == rehearsed.resolve():
            raise DataError(
                f"{rehearsed}: data.{name}, and the old text of data.rehearse too; expected two files: name a copy of "
                "the old text as data.rehearse_from, or leave data.rehearse out"
            )


def _config_of_run(start: Start) -> Config:
    """Return the config in the folder of a run. Its paths hold everywhere. Those of a model file do not."""
    if not start.path.is_dir():
        raise ConfigError(
            f"{start.path}: a model file does not say where its training text is; name it: data.rehearse_from"
        )
    return load_config(start.path / RUN_CONFIG, trained=True)


def check_rehearsal(config: Config) -> None:
    """Refuse `data.rehearse` where a training starts from nothing.

    Raises
    ------
    ConfigError
        If there is nothing to rehearse.
    """
    if config.data.rehearse:
        raise ConfigError(f"data.rehearse = {config.data.rehearse:g}: expected a model to start from, --init RUN")
