"""Word vectors of a user's own text: skip-gram with negative sampling, by gensim.

A word's vector is trained to tell the words within `window` of it from words drawn at random; no label is needed.
gensim is imported here alone, when vectors are trained. One thread and a seed make the result repeatable.

Source: Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from windowner.errors import DataError, VectorsError
from windowner.formats.lines import open_input
from windowner.formats.reading import stream_sentences
from windowner.formats.table import format_of
from windowner.vectors.files import Reading


@dataclass(frozen=True)
class SkipGram:
    """How vectors are trained: gensim's own names, and `lower` to read all words in lower case."""

    vector_size: int = 50
    window: int = 5
    min_count: int = 2
    epochs: int = 10
    negative: int = 5
    seed: int = 0
    lower: bool = False


class TokenizedFiles:
    """Sentences of files, as lists of tokens, read anew for each pass so that any amount of text fits in memory.

    Tokens that hold white space are left out: a file of vectors could not hold them.
    """

    def __init__(self, paths: Sequence[str | Path], format: str | None, token_column: int = 0, lower: bool = False):
        self.paths, self.format, self.token_column, self.lower = paths, format, token_column, lower

    def __iter__(self) -> Iterator[list[str]]:
        for path in self.paths:
            format = self.format or format_of(path)
            with open_input(path) as stream:
                for sentence in stream_sentences(stream, str(path), format, token_column=self.token_column):
                    tokens = [token for token in sentence.tokens if len(token.split()) == 1]
                    yield [token.lower() for token in tokens] if self.lower else tokens


def train_skip_gram(
    sentences: TokenizedFiles, settings: SkipGram, tick: Callable[[int], object] = lambda epoch: None
) -> Reading:
    """Return words, most frequent first, and their vectors; `tick` is called with the number of each epoch passed.

    Raises
    ------
    VectorsError
        gensim is not installed.
    DataError
        The text cannot be read, or no word stands `min_count` times in it.
    """
    try:
        from gensim.models import Word2Vec
        from gensim.models.callbacks import CallbackAny2Vec
    except ImportError:
        raise VectorsError('training vectors needs the skip-gram extra: pip install "windowner[skip-gram]"') from None

    class Ticker(CallbackAny2Vec):  # type: ignore[misc]
        epoch = 0

        def on_epoch_end(self, model: Any) -> None:
            self.epoch += 1
            tick(self.epoch)

    names = ("vector_size", "window", "min_count", "negative", "seed")
    model = Word2Vec(sg=1, workers=1, **{name: getattr(settings, name) for name in names})
    model.build_vocab(sentences)
    if not model.wv.index_to_key:
        paths = ", ".join(map(str, sentences.paths))
        raise DataError(f"{paths}: no word stands {settings.min_count} times or more; expected more text")
    model.train(
        sentences, total_examples=model.corpus_count, epochs=settings.epochs, callbacks=[Ticker()], compute_loss=False
    )
    return Reading(list(model.wv.index_to_key), np.asarray(model.wv.vectors, dtype=np.float32), ())


def write_vectors(path: Path, reading: Reading) -> None:
    """Write vectors in word2vec's text format; the file appears under its name when it is whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(f"{len(reading.words)} {reading.array.shape[1]}\n")
            for word, vector in zip(reading.words, reading.array, strict=True):
                file.write(f"{word} {' '.join(map(repr, vector.tolist()))}\n")
        os.replace(unfinished, path)
    except OSError as error:
        raise VectorsError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
