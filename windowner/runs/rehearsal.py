"""What a training learns from that starts from a trained model: the new text, and old sentences that it sees again.

`unmarked` says what O means in them.
"""

from collections.abc import Mapping
from pathlib import Path

from windowner.config.config import Config
from windowner.config.loading import RUN_CONFIG, load_config
from windowner.errors import ConfigError, DataError
from windowner.links import resolved
from windowner.runs.annotation import annotated_as
from windowner.runs.drawing import draw_fraction
from windowner.runs.folds import join
from windowner.runs.readers import Readers
from windowner.runs.starting import Start
from windowner.runs.unmarked import leave_open
from windowner.stores.paths import exists
from windowner.text.sentence import Corpus
from windowner.text.wording import count_of
from windowner.training.observer import Observer


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
    new, types = corpora["train"], {*start.model.tags.types, *corpora["train"].entity_types}
    train = [_without(types - {*new.entity_types}, new, observer)]
    if config.data.rehearse:
        old, known = rehearsed(config, start, observer, readers)
        train.append(_without(types - {*start.model.tags.types, *known}, old, observer))
    return {**corpora, "train": join(train)}


def _without(lacking: set[str], corpus: Corpus, observer: Observer) -> Corpus:
    """Return a corpus in which nobody looked for the types that it lacks, and report them."""
    if not lacking:
        return corpus
    types = " or ".join(sorted(lacking))
    observer.note(
        f"{corpus.path}: no entity of {types}. Nobody looked for such entities there, so O means O or {types}"
    )
    return leave_open(corpus, sorted(lacking))


def rehearsed(config: Config, start: Start, observer: Observer, readers: Readers) -> tuple[Corpus, list[str]]:
    """Return the share of the old sentences that is seen again (`data.rehearse`), and the types of all of them.

    Raises
    ------
    DataError
        If the old text cannot be read, or is part of the new text.
    """
    share, named = config.data.rehearse, config.data.rehearse_from
    old = config if named else _config_of_run(start)
    path = old.path(named or old.data.train)
    if not exists(path):
        raise DataError(
            f"{path}: no such file, expected the training text of {start.path}; name it: data.rehearse_from"
        )
    check_apart(config, path)
    seen = annotated_as("train", readers.corpus(path, **old.data.reading()), old.data.unlabelled_as)
    drawn = draw_fraction(seen, share, config.train.seed)
    observer.note(f"data.rehearse = {share:g}: {count_of(len(drawn.sentences), 'sentence')} of {path} are seen again")
    return drawn, seen.entity_types


def check_apart(config: Config, rehearsed: Path) -> None:
    """Refuse to rehearse a file of the new text: sentences that are held out of it would be trained on.

    Raises
    ------
    DataError
        If the config names the file.
    """
    for name in ("train", "dev", "test"):
        value = getattr(config.data, name)
        if value and resolved(config.path(value)) == resolved(rehearsed):
            raise DataError(
                f"{rehearsed}: data.{name}, and the old text of data.rehearse too; expected two files: name a copy of "
                "the old text as data.rehearse_from, or leave data.rehearse out"
            )


def _config_of_run(start: Start) -> Config:
    """Return the config in the folder of a run. Its paths hold everywhere. Those of a model file do not."""
    if not isinstance(start.path, Path) or not start.path.is_dir():
        found = "a model file" if isinstance(start.path, Path) else "a model in a store"
        raise ConfigError(f"{start.path}: {found} does not say where its training text is; name it: data.rehearse_from")
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
