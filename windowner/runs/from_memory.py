"""A training on labelled text from memory that needs no folder: nothing is written, and the tagger is returned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.formats.items import as_sentences
from windowner.formats.jsonl import json_line
from windowner.formats.options import ReadOptions
from windowner.formats.reading import corpus_of
from windowner.runs.annotation import annotated_as
from windowner.runs.checkpoint import Checkpoint
from windowner.runs.corpora import describe_corpus, part_corpora
from windowner.runs.fitting import train_members
from windowner.runs.history import HistoryKeeper
from windowner.runs.memory import LabelledText, as_config, checked_items
from windowner.runs.preparation import prepare_corpora
from windowner.runs.readers import READERS, Readers
from windowner.runs.refitting import refit
from windowner.runs.rehearsal import check_rehearsal
from windowner.tagger.tagger import Tagger
from windowner.text.schemes import split_tag
from windowner.text.sentence import Corpus, Sentence
from windowner.training.observer import SILENT, Observer

FROM_MEMORY = "(memory)"
"""What stands in `data.train` of the config of such a model."""


def train_tagger(
    config: Config | str | Path | Mapping[str, Any],
    train: LabelledText,
    dev: LabelledText | None = None,
    observer: Observer = SILENT,
    *,
    threads: int = 1,
    readers: Readers = READERS,
) -> Tagger:
    """Train on labelled text from memory, and return the tagger of the best epoch on dev. Nothing is written.

    Parameters
    ----------
    config
        A config, the path of one, or its sections as a dictionary, which may be empty. The labelled files that it
        names are not read.
    train
        `Document`s with spans, or pairs of tokens and tags.
    dev
        The same, to choose the epoch and the threshold. Without it, a tenth of `train` is held out.
    observer
        Hears how training goes on.
    threads
        Threads of the matrix products; more than one seldom pays, because the products are small.
    readers
        What reads word vectors.

    Raises
    ------
    ConfigError, DataError, VectorsError
        Something that the config says or names cannot be used, or the text cannot be learnt from.
    TrainingError
        The loss is no longer a finite number.
    """
    config = as_config(config, FROM_MEMORY)
    config = replace(config, data=replace(config.data, train=FROM_MEMORY, dev="", test="", fold=""))
    check_rehearsal(config)
    read = {"train": _read("train", train, config, config.data.tokenizer)}
    if dev is not None:
        read["dev"] = _read("dev", dev, config, read["train"].tokenizer or config.data.tokenizer)
    for name, corpus in read.items():
        observer.note(describe_corpus(name, corpus))
    with threadpool_limits(limits=threads, user_api="blas"):
        prepared = prepare_corpora(config, part_corpora(config, read, observer), observer, readers)
        checkpoint = Checkpoint(Path(), {}, writes=False)
        trained = train_members(prepared, HistoryKeeper(observer, None), checkpoint)
        if not config.train.refit:
            return Tagger(trained.model)
        return Tagger(refit(trained, prepared, observer, readers, checkpoint).model)


def _read(name: str, items: LabelledText, config: Config, tokenizer: str) -> Corpus:
    """Return labelled text as a corpus, with a digest of its sentences as JSON Lines."""
    options = ReadOptions(tokenizer=tokenizer, tag_names=config.data.tag_names)
    sentences = list(as_sentences(_of_one_kind(items, name), name, options))
    _check_tags(sentences, name)
    corpus = corpus_of(name, sentences, options)
    digest = blake2b(digest_size=32)
    for sentence in corpus.sentences:
        digest.update(json_line(sentence, sentence.tags or []).encode("utf-8", "surrogatepass"))
    return annotated_as(name, replace(corpus, digest=digest.hexdigest()), config.data.unlabelled_as)


def _of_one_kind(items: LabelledText, name: str) -> Iterator[Any]:
    """Yield documents or sentences; refuse a mixture."""
    kinds = set()
    for number, item in enumerate(checked_items(items, name)):
        kinds.add(type(item))
        if len(kinds) > 1:
            raise DataError(f"{name}[{number}]: a document among sentences or the reverse, expected items of one kind")
        yield item


def _check_tags(sentences: Sequence[Sentence], name: str) -> None:
    """Refuse what is no tag, and name the item that holds it."""
    for tag in set(chain.from_iterable(sentence.tags or [] for sentence in sentences)):
        try:
            split_tag(tag)
        except ValueError as error:
            number = next(sentence.line for sentence in sentences if tag in (sentence.tags or []))
            raise DataError(f"{name}[{number}]: {error}") from None
