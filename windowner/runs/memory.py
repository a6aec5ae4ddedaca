"""Labelled text from memory. It is written into the run's folder and read from there, so the run names its data."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from windowner.config.checking import make_config
from windowner.config.config import Config
from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.files import write_whole
from windowner.formats.jsonl import json_line
from windowner.formats.span_records import checked_label
from windowner.links import resolved
from windowner.runs.file_names import TEXT_NAMES
from windowner.runs.work import Work
from windowner.tagger.model import Model
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.choosing import AUTO, tokenizer_for_text
from windowner.text.conversion import sentences_of
from windowner.text.document import Document
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import find_tokenizer
from windowner.text.wording import count_of
from windowner.training.observer import Observer

LabelledText = Iterable[Document | tuple[Sequence[str], Sequence[str]]]
"""Documents with spans, or sentences as pairs of tokens and tags."""


def as_config(config: Config | str | Path | Mapping[str, Any], train: str, *, going_on: bool = False) -> Config:
    """Return the config that is meant.

    Parameters
    ----------
    config
        A config, the path of one, or its sections as a dictionary.
    train
        What `data.train` is in a dictionary that does not name it. Empty if there it must be named.
    going_on
        Whether the training starts from a trained model; see `load_config`.
    """
    if isinstance(config, Config):
        return config
    if not isinstance(config, Mapping):
        return load_config(config, going_on=going_on)
    data = config.get("data", {})
    if train and isinstance(data, Mapping):
        config = {**config, "data": {"train": train, **data}}
    return make_config(config, "config", going_on=going_on)


def keep_texts(config: Config, folder: Path, texts: dict[str, LabelledText | None], observer: Observer) -> Config:
    """Write labelled text into a run's folder, and return the config that names these files.

    Parameters
    ----------
    config
        The config. Its tokenizer finds the tokens of documents; with `auto`, the letters of the first one decide.
    folder
        The run's work folder.
    texts
        Labelled text by `train` and `dev`; None leaves what the config names.
    observer
        Hears what was changed when spans became tags.

    Raises
    ------
    DataError
        A document has no spans, a span is outside of its text, or a sentence has not one tag per token.
    ConfigError
        The folder cannot be written.
    """
    given = {name: list(checked_items(items, name)) for name, items in texts.items() if items is not None}
    documents = [item for items in given.values() for item in items if isinstance(item, Document)]
    tokenizer: str = config.data.tokenizer
    if documents and tokenizer == AUTO:
        tokenizer = tokenizer_for_text(documents[0].text)
    paths = {}
    for name, items in given.items():
        counts = AlignmentCounts()
        lines = [_line(sentence, name) for sentence in _sentences(items, name, tokenizer, counts)]
        paths[name] = str((folder / TEXT_NAMES[name]).absolute())
        _write(folder / TEXT_NAMES[name], "".join(lines))
        for line in counts.describe():
            observer.note(f"{name}: {line}")
    changed: dict[str, Any] = {**paths, "tokenizer": tokenizer}
    return replace(config, data=replace(config.data, **changed))


def copy_kept_texts(config: Config, work: Work) -> None:
    """Copy labelled text that was kept in the run's folder, and that the config names, into the work folder."""
    for value in (config.data.train, config.data.dev, config.data.test):
        path = config.path(value)
        if path.name in TEXT_NAMES.values() and path.is_file() and resolved(path).parent == resolved(work.folder):
            shutil.copyfile(path, work.path / path.name)


def named_after(model: Model, work: Work) -> Model:
    """Return a model that names the files of the work folder as those of the run's folder, where they will be."""
    there, here = str(work.path.absolute()), str(work.folder.absolute())

    def renamed(value: str) -> str:
        return value.replace(there, here) if value.startswith(there) else value

    data = replace(model.config.data, train=renamed(model.config.data.train), dev=renamed(model.config.data.dev))
    if data == model.config.data:
        return model
    files = {
        name: {**file, "file": file["file"].replace(there, here)} for name, file in model.provenance["data"].items()
    }
    return replace(model, config=replace(model.config, data=data), provenance={**model.provenance, "data": files})


def checked_items(items: LabelledText, name: str) -> Iterator[Document | Sentence]:
    """Yield documents as they are, and pairs as sentences. The number of an item stands for its line.

    Raises
    ------
    DataError
        A document has no spans, or a sentence has not one tag per token.
    """
    for number, item in enumerate(items):
        if isinstance(item, Document):
            if item.spans is None:
                raise DataError(f"{name}[{number}]: a document without spans, expected a list, which may be empty")
            where = f"{name}[{number}]"
            spans = [span._replace(label=_label(span.label, where)) for span in item.spans]
            yield replace(item, text=_plain(item.text, where, "the text"), spans=spans, line=number)
            continue
        tokens, tags = item
        if len(tokens) != len(tags):
            raise DataError(
                f"{name}[{number}]: {count_of(len(tags), 'tag')}, expected {len(tokens)}, one for each token"
            )
        where = f"{name}[{number}]"
        # A tag may also be a number or None, as in a file.
        plain = [tag if tag is None or isinstance(tag, int) else _plain(tag, where, "a tag") for tag in tags]
        yield Sentence([_plain(token, where, "a token") for token in tokens], plain, number, [])


def _label(value: object, where: str) -> str:
    """Return a label as files hold it; refuse what is no string, and what is empty."""
    try:
        return checked_label(_plain(value, where, "a label"))
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None


def _plain(value: object, where: str, what: str) -> str:
    """Return a string that is no subclass; refuse what is none."""
    if not isinstance(value, str):
        raise DataError(f"{where}: {what} is {value!r}, expected a string")
    return str(value)


def _line(sentence: Sentence, name: str) -> str:
    """Return a sentence as a line of a file."""
    try:
        return json_line(sentence, sentence.tags or [])
    except UnicodeEncodeError as error:
        half = f"{error.object[error.start]!r}, half of a surrogate pair"
        raise DataError(f"{name}[{sentence.line}]: {half}, expected text that UTF-8 can hold") from None


def _sentences(
    items: Sequence[Document | Sentence], name: str, tokenizer: str, counts: AlignmentCounts
) -> Iterator[Sentence]:
    for item in items:
        if isinstance(item, Document):
            yield from sentences_of(item, find_tokenizer(tokenizer), counts=counts, name=name)
        else:
            yield item


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise ConfigError(f"{path.parent}: cannot write a run there: {error.strerror}") from None
