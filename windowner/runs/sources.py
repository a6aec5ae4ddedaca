"""What a config names, read and described: labelled text and word vectors."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np

from windowner.config.loading import Config
from windowner.errors import ConfigError, DataError
from windowner.formats.reading import read_corpus
from windowner.inputs.gazetteer import Entry, Gazetteer, read_gazetteer_file
from windowner.text.sentence import Corpus
from windowner.text.spans import encode_tags
from windowner.training.observer import Observer
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.lookup import RUNGS, Coverage

FREEZE_BELOW = 200_000  # training words, the lecture's rule of thumb
FINE_TUNE_ABOVE = 1_000_000
HELD_OUT = 10  # one in so many training sentences, when there is no dev file


@dataclass(frozen=True)
class Readers:
    """What reads text and vectors: where one process trains several times, readers that remember.

    Parameters
    ----------
    corpus
        Called as `windowner.formats.reading.read_corpus`.
    vectors
        Called as `windowner.vectors.loading.load_vectors`.
    """

    corpus: Callable[..., Corpus] = read_corpus
    vectors: Callable[..., Vectors] = load_vectors


READERS = Readers()

# Text


def read_corpora(
    config: Config, rng: np.random.Generator, observer: Observer, readers: Readers = READERS
) -> dict[str, Corpus]:
    """Read train, dev and test; without a dev file, hold out a tenth of the training sentences.

    Of the training sentences only `data.fraction` are kept.
    """
    data = config.data
    corpora: dict[str, Corpus] = {}
    for name, value in (("train", data.train), ("dev", data.dev), ("test", data.test)):
        if value:
            path = config.path(value)
            if data.obtain and not path.exists():
                raise DataError(f"{path}: no such file. {data.obtain}")
            corpora[name] = readers.corpus(path, token_column=data.token_column, tag_column=data.tag_column)
            observer.note(describe_corpus(name, corpora[name]))
    if not corpora["train"].entity_types:
        raise DataError(f"{corpora['train'].path}: every tag is O, expected at least one entity to learn from")
    if "dev" not in corpora:
        corpora["train"], corpora["dev"] = hold_out(corpora["train"], rng)
        held = len(corpora["dev"].sentences)
        observer.note(f"data.dev is empty: {held:,} training sentences are held out to choose the best epoch")
    if data.fraction < 1:
        corpora["train"] = draw_fraction(corpora["train"], data.fraction, config.train.seed)
        observer.note(
            f"data.fraction = {data.fraction:g}: {len(corpora['train'].sentences):,} training sentences, "
            f"{corpora['train'].token_count:,} tokens"
        )
    return corpora


def draw_fraction(corpus: Corpus, fraction: float, seed: int) -> Corpus:
    """Return a share of a corpus's sentences, in their order; with one seed a smaller share is part of a larger one."""
    # A generator of its own: the network and the order of batches are drawn as they would be without this.
    order = np.random.default_rng((seed, len(corpus.sentences))).permutation(len(corpus.sentences))
    kept = np.sort(order[: max(1, round(fraction * len(order)))])
    drawn = replace(corpus, sentences=[corpus.sentences[place] for place in kept.tolist()], document_starts=[])
    if not drawn.entity_types:
        raise DataError(
            f"{corpus.path}: data.fraction = {fraction:g}: all tags of {len(kept):,} sentences are O; take more"
        )
    return drawn


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


def provenance(
    config: Config, corpora: Mapping[str, Corpus], vectors: Vectors | None, further: Sequence[Vectors] = ()
) -> dict[str, Any]:
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
    told: dict[str, Any] = {"data": data}
    if vectors is not None:
        told["vectors"] = _vectors_provenance(vectors)
    if further:
        told["further_vectors"] = [_vectors_provenance(each) for each in further]
    return told


def _vectors_provenance(vectors: Vectors) -> dict[str, Any]:
    size = {"words": len(vectors), "size": vectors.vector_size}
    return {"source": vectors.source, **size, "blake2b": vectors.digest}


def read_gazetteer(config: Config, train: Corpus) -> Gazetteer | None:
    """Return the names of the files that a config lists and of the training data, or None where it wants none."""
    settings = config.features
    if not (settings.gazetteers or settings.gazetteer_train):
        return None
    entries = [entry for file in settings.gazetteers for entry in read_gazetteer_file(config.path(file))]
    return Gazetteer([*entries, *(training_names(train, settings.gazetteer_train) if settings.gazetteer_train else ())])


def training_names(train: Corpus, least: int) -> list[Entry]:
    """Return the entities that a corpus holds at least `least` times."""
    tags = encode_tags(train.tags)
    spans = tags.spans()
    tokens = list(chain.from_iterable(train.tokens))
    counts = Counter(
        (tuple(tokens[start:end]), tags.types[type_id])
        for start, end, type_id in zip(*(array.tolist() for array in spans), strict=True)
    )
    return [entry for entry, count in counts.items() if count >= least]


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


def read_vectors(config: Config, observer: Observer, readers: Readers = READERS) -> Vectors | None:
    """Return the pretrained vectors that a config names, or None where it names none."""
    settings = config.vectors
    if not settings.source:
        if settings.mode == "frozen":
            raise ConfigError('vectors.mode = "frozen" without vectors.source: random vectors must be trained')
        observer.note(
            "vectors.source is empty: word vectors start at random, so the tagger knows only words of the training\n"
            "  data. That costs points of entity F1, most where entities are new (docs/vectors.md)"
        )
        return None
    return readers.vectors(settings.source, directory=config.directory)


def read_further_vectors(config: Config, first: Vectors | None, readers: Readers = READERS) -> list[Vectors]:
    """Return the further sets of vectors that a config names; the first set is not read a second time."""
    found: dict[str, Vectors] = {} if first is None else {config.vectors.source: first}
    for each in config.vectors.more:
        if each.source not in found:
            found[each.source] = readers.vectors(each.source, directory=config.directory)
    return [found[each.source] for each in config.vectors.more]


def describe_coverage(found: Mapping[str, Coverage]) -> str:
    """Return a table of how many types and tokens were found on which rung of the look-up ladder."""
    lines = ["words with a pretrained vector, as written, lower-cased, or with digits as 0; % of types / % of tokens"]
    lines.append(f"  {'':8}" + "".join(f"{rung:>16}" for rung in RUNGS))
    for name, cover in found.items():
        types, tokens = sum(cover.types.values()) or 1, sum(cover.tokens.values()) or 1
        cells = (f"{cover.types[rung] / types:8.1%} /{cover.tokens[rung] / tokens:6.1%}" for rung in RUNGS)
        lines.append(f"  {name:8}" + "".join(cells))
    return "\n".join(lines)
