"""Before training: from a config to text in arrays and a network with its first values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np

from windowner.config import Config
from windowner.errors import ConfigError, DataError
from windowner.inputs.encoding import EncodedText, encode
from windowner.inputs.features import feature_vocabulary, form_features
from windowner.inputs.forms import Forms, Ids
from windowner.inputs.lookup import RUNGS, Coverage, coverage
from windowner.inputs.vectors import Vectors, load_vectors
from windowner.inputs.words import Words, lay_out_words
from windowner.network.building import build_network, new_rows
from windowner.tagger import Tagger
from windowner.text.reading import read_corpus
from windowner.text.schemes import SCHEMES, tag_set
from windowner.text.sentence import Corpus
from windowner.text.spans import encode as encode_tags
from windowner.text.spans import find_spans, write_prefixes
from windowner.training.observer import SILENT, Observer
from windowner.training.trainer import TrainingText

FREEZE_BELOW = 200_000  # training words, the lecture's rule of thumb
FINE_TUNE_ABOVE = 1_000_000
HELD_OUT = 10  # one in so many training sentences, when there is no dev file


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
    """

    tagger: Tagger
    corpora: Mapping[str, Corpus]
    training: TrainingText
    dev: EncodedText
    dev_forms: Forms
    words: Words
    coverage: Mapping[str, Coverage]
    rng: np.random.Generator


def prepare(config: Config, observer: Observer = SILENT) -> Prepared:
    """Read what a config names, and build its tagger with an untrained network.

    Raises
    ------
    DataError, VectorsError
        A file that the config names cannot be read.
    """
    rng = np.random.default_rng(config.train.seed)
    corpora = read_corpora(config, rng, observer)
    config = choose_mode(config, corpora["train"].token_count, observer)
    vectors = read_vectors(config, observer)
    counts = {name: Counter(chain.from_iterable(corpus.tokens)) for name, corpus in corpora.items()}
    found = {} if vectors is None else {name: coverage(forms, vectors.key_to_index) for name, forms in counts.items()}
    if found:
        observer.note(describe_coverage(found))
    words = lay_out_words(counts["train"], chain.from_iterable(counts.values()), vectors, config.vectors.keep)
    tagger = untrained_tagger(config, corpora["train"], words, vectors, rng)
    tagger.description.update(provenance(config, corpora, vectors))
    training = encode_training(tagger, corpora["train"], words.trained)
    dev_forms = Forms(tagger.encoder)
    dev = encode(corpora["dev"].tokens, dev_forms, config.model.radius)
    return Prepared(tagger, corpora, training, dev, dev_forms, words, found, rng)


# Text


def read_corpora(config: Config, rng: np.random.Generator, observer: Observer) -> dict[str, Corpus]:
    """Read train, dev and test; without a dev file, hold out a tenth of the training sentences."""
    data = config.data
    corpora: dict[str, Corpus] = {}
    for name, value in (("train", data.train), ("dev", data.dev), ("test", data.test)):
        if value:
            path = config.path(value)
            if data.obtain and not path.exists():
                raise DataError(f"{path}: no such file. {data.obtain}")
            corpora[name] = read_corpus(path, token_column=data.token_column, tag_column=data.tag_column)
            observer.note(describe_corpus(name, corpora[name]))
    if not corpora["train"].entity_types:
        raise DataError(f"{corpora['train'].path}: every tag is O, expected at least one entity to learn from")
    if "dev" not in corpora:
        corpora["train"], corpora["dev"] = hold_out(corpora["train"], rng)
        held = len(corpora["dev"].sentences)
        observer.note(f"data.dev is empty: {held:,} training sentences are held out to choose the best epoch")
    return corpora


def hold_out(corpus: Corpus, rng: np.random.Generator) -> tuple[Corpus, Corpus]:
    """Split a corpus at random into nine tenths and one tenth of its sentences."""
    count = len(corpus.sentences)
    if count < 2:
        raise DataError(f"{corpus.path}: {count} sentence, expected at least 2 where there is no data.dev")
    held = set(rng.permutation(count)[: max(1, count // HELD_OUT)].tolist())
    sides = ([s for i, s in enumerate(corpus.sentences) if (i in held) == side] for side in (False, True))
    train, dev = (replace(corpus, sentences=sentences, document_starts=[]) for sentences in sides)
    return train, dev


def describe_corpus(name: str, corpus: Corpus) -> str:
    """Say what was read, and where tags were not well-formed."""
    line = (
        f"{name}: {len(corpus.sentences):,} sentences, {corpus.token_count:,} tokens, "
        f"{corpus.scheme.name} tags of {', '.join(corpus.entity_types) or 'no type'} ({corpus.path})"
    )
    if not corpus.ill_formed:
        return line
    examples = "".join(f"\n  {example}" for example in corpus.ill_formed_examples)
    return (
        f"{line}\n  {corpus.ill_formed:,} tags break {corpus.scheme.name}; they are read as conlleval does:{examples}"
    )


def provenance(config: Config, corpora: Mapping[str, Corpus], vectors: Vectors | None) -> dict[str, Any]:
    """Say which files a model comes from, with the BLAKE2b digest of each (`b2sum -l 256`)."""
    data = {}
    for name, corpus in corpora.items():
        value = getattr(config.data, name) or config.data.train  # what is held out comes from train
        digest = blake2b(Path(corpus.path).read_bytes(), digest_size=32).hexdigest()
        data[name] = {
            "file": value,
            "sentences": len(corpus.sentences),
            "tokens": corpus.token_count,
            "blake2b": digest,
        }
    if vectors is None:
        return {"data": data}
    size = {"words": len(vectors), "size": vectors.vector_size}
    return {"data": data, "vectors": {"source": vectors.source, **size, "blake2b": vectors.digest}}


# Word vectors


def choose_mode(config: Config, training_words: int, observer: Observer) -> Config:
    """Replace `vectors.mode = "auto"` by what the lecture's rule of thumb says, and say why."""
    if config.vectors.mode != "auto":
        return config
    mode: Literal["frozen", "fine-tuned"]
    if not config.vectors.source:
        mode, reason = "fine-tuned", "random vectors have to be trained"
    elif training_words < FREEZE_BELOW:
        mode, reason = "frozen", f"{training_words:,} training words, fewer than {FREEZE_BELOW:,}"
    elif training_words > FINE_TUNE_ABOVE:
        mode, reason = "fine-tuned", f"{training_words:,} training words, more than {FINE_TUNE_ABOVE:,}"
    else:
        between = f"between {FREEZE_BELOW:,} and {FINE_TUNE_ABOVE:,}"
        mode, reason = "fine-tuned", f"{training_words:,} training words, {between}"
    observer.note(f'vectors.mode = "auto": {mode} ({reason})')
    if config.vectors.source:
        other = "fine-tuned" if mode == "frozen" else "frozen"
        command = f"windowner train {config.directory / config.name}.toml --{other} --out runs/{config.name}-{other}"
        observer.note(f"  A rule of thumb; trying both is better:\n  {command}")
    return replace(config, vectors=replace(config.vectors, mode=mode))


def read_vectors(config: Config, observer: Observer) -> Vectors | None:
    """Return the pretrained vectors that a config names, or None where it names none."""
    settings = config.vectors
    if not settings.source:
        if settings.mode == "frozen":
            raise ConfigError('vectors.mode = "frozen" without vectors.source: random vectors must be trained')
        observer.note(
            "vectors.source is empty: word vectors start at random, so the tagger knows only words of the training\n"
            "  data. On the bundled corpora that costs 1 to 17 points of entity F1 (docs/vectors.md)"
        )
        return None
    return load_vectors(settings.source, directory=config.directory)


def describe_coverage(found: Mapping[str, Coverage]) -> str:
    """Return a table of how many types and tokens were found on which rung of the look-up ladder."""
    lines = ["words with a pretrained vector, as written, lower-cased, or with digits as 0; % of types / % of tokens"]
    lines.append(f"  {'':8}" + "".join(f"{rung:>16}" for rung in RUNGS))
    for name, cover in found.items():
        types, tokens = sum(cover.types.values()) or 1, sum(cover.tokens.values()) or 1
        cells = (f"{cover.types[rung] / types:8.1%} /{cover.tokens[rung] / tokens:6.1%}" for rung in RUNGS)
        lines.append(f"  {name:8}" + "".join(cells))
    return "\n".join(lines)


# Arrays


def untrained_tagger(
    config: Config, train: Corpus, words: Words, vectors: Vectors | None, rng: np.random.Generator
) -> Tagger:
    """Return a tagger whose network has its first values."""
    features = form_features(config.features)
    forms = set(chain.from_iterable(train.tokens))
    values = [feature_vocabulary(feature, forms, config.features.min_count) for feature in features]
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
    )
    return Tagger(network, tags, words.words, values, config)


def encode_training(tagger: Tagger, train: Corpus, word_rows: int) -> TrainingText:
    """Return the training text in arrays; its tags are converted to the scheme that is trained on."""
    config = tagger.config
    tags = encode_tag_numbers(tagger, train)
    text = encode(train.tokens, tagger.forms, config.model.radius, tags)
    table = tagger.forms.table
    counts = np.bincount(table[text.stream[text.centers], 0], minlength=word_rows)
    rare = (counts > 0) & (counts <= config.vectors.unk_count)
    return TrainingText(text, table, rare, config.vectors.unk_rate)


def encode_tag_numbers(tagger: Tagger, corpus: Corpus) -> Ids:
    """Return the number of each token's tag, (T,), in the scheme that the tagger is trained on."""
    encoded = encode_tags(corpus.tags, tagger.tags.types)
    spans = find_spans(encoded.prefixes, encoded.type_ids, encoded.first)
    prefixes, types = write_prefixes(spans, encoded.first, SCHEMES[tagger.config.data.scheme])
    known = zip(tagger.tags.prefixes.tolist(), tagger.tags.type_ids.tolist(), strict=True)
    numbers = {tag: number for number, tag in enumerate(known)}
    pairs = zip(prefixes.tolist(), types.tolist(), strict=True)
    return np.fromiter((numbers[pair] for pair in pairs), dtype=np.int32, count=len(prefixes))
