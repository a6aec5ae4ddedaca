"""Before training: from a config to text in arrays and networks with their first values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Ids
from windowner.config.config import Config
from windowner.config.sizes import check_tags
from windowner.inputs.encoding import EncodedText
from windowner.inputs.forms import Forms
from windowner.inputs.words import WordLayout
from windowner.network.building import build_network
from windowner.network.model import WindowNetwork
from windowner.runs.annotation import find_prior
from windowner.runs.carrying import carry_over
from windowner.runs.characters import choose_characters
from windowner.runs.corpora import read_corpora
from windowner.runs.document_context import choose_documents
from windowner.runs.encoded import encode_corpus, encode_training
from windowner.runs.network_size import choose_size
from windowner.runs.provenance import provenance
from windowner.runs.readers import READERS, Readers
from windowner.runs.rehearsal import check_rehearsal, training_corpora
from windowner.runs.rules import read_rules
from windowner.runs.starting import Start, fitting_config
from windowner.runs.tables import TableLayout
from windowner.runs.tokenizer import choose_tokenizer
from windowner.runs.vocabulary import find_vocabulary
from windowner.runs.word_vectors import choose_mode
from windowner.stores.address import AnyPath
from windowner.tagger.model import Model
from windowner.text.schemes import tag_set
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable
from windowner.training.observer import SILENT, Observer
from windowner.training.text import TrainingText
from windowner.vectors.lookup import Coverage


@dataclass(frozen=True)
class Prepared:
    """What training starts from.

    Parameters
    ----------
    model
        The model with an untrained network, the first of `members`.
    members
        The untrained networks; more than one for an ensemble.
    corpora
        The labelled text by name: train, dev, and test if the config names one.
    training
        The training text in arrays.
    dev
        The dev text in arrays.
    dev_F
        Table rows of its forms.
    words
        Layout of the table of word vectors.
    coverage
        How many words of each corpus have a pretrained vector; empty without vectors.
    rng
        The generator that drew the networks; training goes on drawing from it.
    start
        The trained model that the network starts from. None if it starts from nothing.
    """

    model: Model
    members: list[WindowNetwork]
    corpora: Mapping[str, Corpus]
    training: TrainingText
    dev: EncodedText
    dev_F: Ids
    words: WordLayout
    coverage: Mapping[str, Coverage]
    rng: np.random.Generator
    start: Start | None = None


def prepare(
    config: Config, observer: Observer = SILENT, readers: Readers = READERS, init: str | AnyPath | None = None
) -> Prepared:
    """Read what a config names, and build its model with an untrained network, or with that of the run `init`.

    Raises
    ------
    DataError, VectorsError
        A file that the config names cannot be read.
    ConfigError, ModelError
        The network of `init` cannot be read, or does not fit the config.
    StoreError
        A store does not give it.
    """
    if init is None:
        check_rehearsal(config)
        return prepare_corpora(config, read_corpora(config, observer, readers), observer, readers)
    start = Start.read(init)
    config = fitting_config(config, start, observer)
    corpora = read_corpora(config, observer, readers, start.model.tags.types)
    corpora = training_corpora(config, corpora, start, observer, readers)
    return prepare_corpora(config, corpora, observer, readers, start)


def prepare_corpora(
    config: Config,
    corpora: Mapping[str, Corpus],
    observer: Observer = SILENT,
    readers: Readers = READERS,
    start: Start | None = None,
) -> Prepared:
    """Do the same for labelled text that is already read."""
    rng = np.random.default_rng(config.train.seed)
    train = corpora["train"]
    config = _without_auto(config, train, observer)
    known = find_vocabulary(config, corpora, observer, readers, start)
    tags = TagTable.of(tag_set(known.types, config.data.scheme))
    check_tags(len(tags.names), len(tags.types), config.data.train)
    members = _build_members(rng, known.layout, len(tags.names), config, config.train.networks(train.token_count))
    if start is not None:
        carry_over(start.model, members[0], tags)
    tokenizer = choose_tokenizer(config, train, observer)
    model = Model(
        network=members[0],
        tags=tags,
        config=config,
        gazetteer=known.gazetteer,
        rules=read_rules(config, tokenizer),
        tokenizer=tokenizer,
        provenance=provenance(config, corpora, known.sources, None if start is None else start.description),
    )
    training = encode_training(model, train, known.layout.words.trained)
    training = replace(training, prior=find_prior(model, corpora, training.text.tags, observer))
    dev_forms = Forms(model.encoder)
    dev = encode_corpus(model, corpora["dev"], dev_forms)
    return Prepared(
        model=model,
        members=members,
        corpora=corpora,
        training=training,
        dev=dev,
        dev_F=dev_forms.F,
        words=known.layout.words,
        coverage=known.coverage,
        rng=rng,
        start=start,
    )


def _without_auto(config: Config, train: Corpus, observer: Observer) -> Config:
    """Return the config with the keys that are "auto" resolved by the training text."""
    config = choose_mode(config, train.token_count, observer)
    config = choose_documents(config, train, observer)
    config = choose_size(config, train.token_count, observer)
    return choose_characters(config, train, observer)


def _build_members(
    rng: np.random.Generator, layout: TableLayout, tags: int, config: Config, networks: int
) -> list[WindowNetwork]:
    """Return networks before training, one after the other from one generator."""
    return [
        build_network(rng, layout.draw(rng), tags, config.model, layout.draw_characters(rng)) for _ in range(networks)
    ]
