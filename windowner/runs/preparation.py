"""Before training: from a config to text in arrays and a network with its first values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from windowner.arrays import Ids
from windowner.config.loading import Config
from windowner.inputs.context import CASINGS
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.features import CASING, MATCHES, feature_vocabulary
from windowner.inputs.forms import Forms
from windowner.inputs.gazetteer import POSITIONS
from windowner.inputs.ngrams import ngram_bag
from windowner.inputs.vector_sets import VectorTable, lay_out_set, set_features
from windowner.inputs.words import Words, lay_out_words
from windowner.network.building import build_network, new_rows
from windowner.network.model import WindowNetwork
from windowner.runs.sources import (
    READERS,
    Readers,
    choose_mode,
    describe_coverage,
    provenance,
    read_corpora,
    read_further_vectors,
    read_gazetteer,
    read_vectors,
)
from windowner.tagger.parts import single_features
from windowner.tagger.tagger import Tagger
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags, write_prefixes
from windowner.training.observer import SILENT, Observer
from windowner.training.trainer import TrainingText
from windowner.vectors.loading import Vectors
from windowner.vectors.lookup import Coverage, coverage


@dataclass(frozen=True)
class Prepared:
    """What training starts from.

    Parameters
    ----------
    tagger
        The tagger, its network untrained.
    corpora
        The labelled text by name: train, dev, and test if the config names one.
    training
        The training text in arrays.
    dev
        The dev text in arrays.
    dev_forms
        What numbers its forms.
    words
        Layout of the table of word vectors.
    coverage
        How many words of each corpus have a pretrained vector; empty without vectors.
    rng
        The generator that drew the network, for training to go on drawing from.
    members
        The untrained networks: the tagger's, and of an ensemble the others.
    """

    tagger: Tagger
    corpora: Mapping[str, Corpus]
    training: TrainingText
    dev: EncodedText
    dev_forms: Forms
    words: Words
    coverage: Mapping[str, Coverage]
    rng: np.random.Generator
    members: list[WindowNetwork]


def prepare(config: Config, observer: Observer = SILENT, readers: Readers = READERS) -> Prepared:
    """Read what a config names, and build its tagger with an untrained network.

    Raises
    ------
    DataError, VectorsError
        A file that the config names cannot be read.
    """
    rng = np.random.default_rng(config.train.seed)
    corpora = read_corpora(config, rng, observer, readers)
    config = choose_mode(config, corpora["train"].token_count, observer)
    vectors = read_vectors(config, observer, readers)
    further = read_further_vectors(config, vectors, readers)
    counts = {name: Counter(chain.from_iterable(corpus.tokens)) for name, corpus in corpora.items()}
    found = {} if vectors is None else {name: coverage(forms, vectors.key_to_index) for name, forms in counts.items()}
    if found:
        observer.note(describe_coverage(found))
    forms, keep, tune_count = list(chain.from_iterable(counts.values())), config.vectors.keep, config.vectors.tune_count
    words = lay_out_words(counts["train"], forms, vectors, keep, tune_count)
    sets = [
        lay_out_set(counts["train"], forms, each, settings.mode, keep, tune_count)
        for each, settings in zip(further, config.vectors.more, strict=True)
    ]
    drawn = [
        untrained_tagger(config, corpora["train"], words, vectors, rng, sets) for _ in range(config.train.ensemble)
    ]
    tagger, members = drawn[0], [each.network for each in drawn]
    tagger.description.update(provenance(config, corpora, vectors, further))
    training = encode_training(tagger, corpora["train"], words.trained)
    dev_forms = Forms(tagger.encoder)
    dev = encode(corpora["dev"].tokens, dev_forms, config.model.radius)
    return Prepared(tagger, corpora, training, dev, dev_forms, words, found, rng, members)


def untrained_tagger(
    config: Config,
    train: Corpus,
    words: Words,
    vectors: Vectors | None,
    rng: np.random.Generator,
    sets: Sequence[VectorTable] = (),
) -> Tagger:
    """Return a tagger whose network has its first values."""
    gazetteer = read_gazetteer(config, train)
    features = single_features(config, gazetteer)[len(sets) :]
    forms = set(chain.from_iterable(train.tokens))
    known = {MATCHES: POSITIONS, CASING: CASINGS}
    values = [known.get(f.of) or feature_vocabulary(f, forms, config.features.min_count) for f in features]
    size = config.vectors.size if vectors is None else vectors.vector_size
    table = np.empty((words.own + len(words.source_rows), size), dtype=np.float32)
    table[: words.own] = new_rows(rng, words.own, size)
    if vectors is not None:
        vectors.rows(words.source_rows, out=table[words.own :])
    tags = tag_set(train.entity_types, config.data.scheme)
    network = build_network(
        rng,
        table,
        trainable=words.own if config.vectors.mode == "frozen" else words.trained,
        features={f.name: (len(v) + 2, f.size) for f, v in zip(features, values, strict=True)},
        tags=len(tags),
        settings=config.model,
        bags=ngram_bag(config.features),
        sets={f.name: (s.vectors, s.trainable) for f, s in zip(set_features(config.vectors), sets, strict=True)},
    )
    return Tagger(network, tags, words.words, [*(each.words for each in sets), *values], config, gazetteer=gazetteer)


def encode_training(tagger: Tagger, train: Corpus, word_rows: int) -> TrainingText:
    """Return the training text in arrays; its tags are converted to the scheme that is trained on."""
    config = tagger.config
    tags = encode_tag_numbers(tagger, train)
    text = encode(train.tokens, tagger.forms, config.model.radius, tags)
    # Forms that have all rows in common, as `The` and `the` where only words are read, are one to the network.
    # Padding, whose rows are all PAD = 0, stays the first.
    table, merged = np.unique(tagger.forms.table, axis=0, return_inverse=True)
    text = replace(text, stream=merged.reshape(-1).astype(np.int32)[text.stream])
    counts = np.bincount(table[text.stream[text.centers], 0], minlength=word_rows)
    rare = (counts > 0) & (counts <= config.vectors.unk_count)
    return TrainingText(text, table, rare, config.vectors.unk_rate, 1 + len(config.vectors.more))


def encode_tag_numbers(tagger: Tagger, corpus: Corpus) -> Ids:
    """Return the number of each token's tag, (T,), in the scheme that the tagger is trained on."""
    encoded = encode_tags(corpus.tags, tagger.tags.types)
    spans = encoded.spans()
    prefixes, types = write_prefixes(spans, encoded.first, SCHEMES[tagger.config.data.scheme])
    known = zip(tagger.tags.prefixes.tolist(), tagger.tags.type_ids.tolist(), strict=True)
    numbers = {tag: number for number, tag in enumerate(known)}
    pairs = zip(prefixes.tolist(), types.tolist(), strict=True)
    return np.fromiter((numbers[pair] for pair in pairs), dtype=np.int32, count=len(prefixes))
