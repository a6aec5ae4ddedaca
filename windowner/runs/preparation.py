"""Before training: from a config to text in arrays and networks with their first values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from windowner.arrays import Ids
from windowner.config.config import Config
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.forms import Forms
from windowner.inputs.mentions import in_documents
from windowner.inputs.tables import group_columns
from windowner.inputs.words import WordLayout
from windowner.network.building import build_network
from windowner.network.model import WindowNetwork
from windowner.runs.characters import choose_characters
from windowner.runs.corpora import read_corpora
from windowner.runs.document_context import choose_documents, document_edges
from windowner.runs.network_size import choose_size
from windowner.runs.provenance import provenance
from windowner.runs.readers import READERS, Readers
from windowner.runs.tables import lay_out_tables, read_gazetteer
from windowner.runs.tokenizer import choose_tokenizer
from windowner.runs.word_vectors import choose_mode, compose_missing, describe_coverage, read_sources
from windowner.tagger.model import Model
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.sentence import Corpus
from windowner.text.spans import TagTable, encode_tags, write_prefixes
from windowner.training.observer import SILENT, Observer
from windowner.training.trainer import TrainingText
from windowner.vectors.lookup import Coverage, coverage


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


def prepare(config: Config, observer: Observer = SILENT, readers: Readers = READERS) -> Prepared:
    """Read what a config names, and build its model with an untrained network.

    Raises
    ------
    DataError, VectorsError
        A file that the config names cannot be read.
    """
    return prepare_corpora(config, read_corpora(config, observer, readers), observer, readers)


def prepare_corpora(
    config: Config, corpora: Mapping[str, Corpus], observer: Observer = SILENT, readers: Readers = READERS
) -> Prepared:
    """Do the same for labelled text that is already read."""
    rng = np.random.default_rng(config.train.seed)
    train = corpora["train"]
    config = choose_mode(config, train.token_count, observer)
    config = choose_documents(config, train, observer)
    config = choose_size(config, train.token_count, observer)
    config = choose_characters(config, train, observer)
    sources = read_sources(config, observer, readers)
    counts = {name: Counter(chain.from_iterable(corpus.tokens)) for name, corpus in corpora.items()}
    covered = {}
    if config.vectors.source:
        covered = {name: coverage(forms, sources[0].key_to_index) for name, forms in counts.items()}
        observer.note(describe_coverage(covered))
    gazetteer = read_gazetteer(config, train)
    known = list(chain.from_iterable(counts.values()))
    sources = [compose_missing(source, known, config.vectors.keep, observer) for source in sources]
    layout = lay_out_tables(config, counts["train"], known, sources, gazetteer)
    tags = TagTable.of(tag_set(train.entity_types, config.data.scheme))
    count = len(tags.names)
    networks = config.train.networks(train.token_count)
    members = [
        build_network(rng, layout.draw(rng), count, config.model, layout.draw_characters(rng)) for _ in range(networks)
    ]
    model = Model(
        network=members[0],
        tags=tags,
        config=config,
        gazetteer=gazetteer,
        tokenizer=choose_tokenizer(config, train, observer),
        provenance=provenance(config, corpora, sources),
    )
    dev_forms = Forms(model.encoder)
    dev = encode_corpus(model, corpora["dev"], dev_forms)
    return Prepared(
        model=model,
        members=members,
        corpora=corpora,
        training=encode_training(model, train, layout.words.trained),
        dev=dev,
        dev_F=dev_forms.F,
        words=layout.words,
        coverage=covered,
        rng=rng,
    )


def encode_corpus(model: Model, corpus: Corpus, forms: Forms, tags: Ids | None = None) -> EncodedText:
    """Return a corpus in arrays, with its documents where the model reads them."""
    text = encode(corpus.tokens, forms, model.config.model.radius, tags)
    if not model.reads_documents:
        return text
    return in_documents(text, forms, document_edges(model.config, corpus.tokens, corpus.document_starts))


def encode_training(model: Model, train: Corpus, word_rows: int) -> TrainingText:
    """Return the training text in arrays; its tags are converted to the scheme that is trained on."""
    settings = model.config.vectors
    forms = Forms(model.encoder)
    text = encode_corpus(model, train, forms, encode_tag_numbers(model, train))
    # To the network, forms with the same rows are the same form, as `The` and `the` where only words are read.
    # Padding, whose rows are all PAD = 0, stays the first.
    F, merged = np.unique(forms.F, axis=0, return_inverse=True)
    text = replace(text, stream=merged.reshape(-1).astype(np.int32)[text.stream])
    columns = group_columns(model.network.tables, "words")
    counts = np.bincount(F[text.stream[text.centers], columns[0]], minlength=word_rows)
    rare = (counts > 0) & (counts <= settings.unk_count)
    documents = None
    if model.reads_documents:
        documents = document_edges(model.config, train.tokens, train.document_starts)
    return TrainingText(text, F, rare, settings.unk_rate, columns, documents)


def encode_tag_numbers(model: Model, corpus: Corpus) -> Ids:
    """Return the number of each token's tag, (T,), in the scheme that the model is trained on.

    A tag whose type the model lacks has the number -1.
    """
    return number_tags(corpus.tags, model.tags, model.config.data.scheme)


def number_tags(sentences: Sequence[Sequence[str]], table: TagTable, scheme: str) -> Ids:
    """Return the number of each token's tag, (T,), when written in a scheme, in a table; -1 for tags that it lacks."""
    encoded = encode_tags(sentences, table.types)
    prefixes, types = write_prefixes(encoded.spans(), encoded.first, SCHEMES[scheme])
    known = zip(table.prefixes.tolist(), table.type_ids.tolist(), strict=True)
    numbers = {tag: number for number, tag in enumerate(known)}
    pairs = zip(prefixes.tolist(), types.tolist(), strict=True)
    return np.fromiter((numbers.get(pair, -1) for pair in pairs), dtype=np.int32, count=len(prefixes))
