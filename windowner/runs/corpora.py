"""The labelled text that a config names: read, held out, drawn, described."""

from dataclasses import replace

import numpy as np

from windowner.arrays import Indices
from windowner.config.config import Config
from windowner.errors import DataError
from windowner.runs.readers import READERS, Readers
from windowner.text.sentence import Corpus
from windowner.training.observer import Observer

HELD_OUT = 10  # one in this many training sentences, when there is no dev file


def read_corpora(config: Config, observer: Observer, readers: Readers = READERS) -> dict[str, Corpus]:
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
            reading = data.reading()
            if name != "train" and corpora["train"].tokenizer:  # all parts are tokenized alike
                reading["tokenizer"] = corpora["train"].tokenizer
            corpora[name] = readers.corpus(path, **reading)
            observer.note(describe_corpus(name, corpora[name]))
    if not corpora["train"].entity_types:
        raise DataError(f"{corpora['train'].path}: every tag is O, expected at least one entity to learn from")
    if "dev" not in corpora:
        corpora["train"], corpora["dev"] = hold_out(corpora["train"], config.train.seed)
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
    drawn = _take(corpus, kept)
    if not drawn.entity_types:
        raise DataError(
            f"{corpus.path}: data.fraction = {fraction:g}: all tags of {len(kept):,} sentences are O; take more"
        )
    return drawn


def hold_out(corpus: Corpus, seed: int) -> tuple[Corpus, Corpus]:
    """Split a corpus at random into nine tenths and one tenth of its sentences."""
    count = len(corpus.sentences)
    if count < 2:
        long = "".join(f"; {note}" for note in corpus.notes if "blank lines" in note)
        raise DataError(f"{corpus.path}: {count} sentence, expected at least 2 where there is no data.dev{long}")
    # A generator of its own: whoever reads a run's training text later draws the same sentences.
    order = np.random.default_rng((seed, HELD_OUT)).permutation(count)
    held_out = max(1, count // HELD_OUT)
    return _take(corpus, np.sort(order[held_out:])), _take(corpus, np.sort(order[:held_out]))


def _take(corpus: Corpus, places: Indices) -> Corpus:
    """Return the sentences of a corpus at these places."""
    return replace(corpus, sentences=[corpus.sentences[place] for place in places.tolist()], document_starts=[])


def describe_corpus(name: str, corpus: Corpus) -> str:
    """Return what was read, and where tags were not well-formed, as text."""
    line = (
        f"{name}: {len(corpus.sentences):,} sentences, {corpus.token_count:,} tokens, "
        f"{corpus.scheme.name} tags of {', '.join(corpus.entity_types) or 'no type'} ({corpus.path})"
    )
    line += "".join(f"\n  {note}" for note in corpus.notes)
    if not corpus.ill_formed:
        return line
    examples = "".join(f"\n  {example}" for example in corpus.ill_formed_examples)
    return (
        f"{line}\n  {corpus.ill_formed:,} tags break {corpus.scheme.name}; they are read as conlleval does:{examples}"
    )
