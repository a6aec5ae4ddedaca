"""Word vectors of a user's own text: skip-gram with negative sampling, by gensim.

A word's vector is trained to distinguish the words within `window` of it from words drawn at random. No labels are
needed. One thread and a seed make the result repeatable. gensim is imported when training starts.

Source: Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from windowner.errors import DataError
from windowner.formats.lines import open_input
from windowner.formats.reading import stream_sentences
from windowner.formats.table import format_of
from windowner.vectors.exchange import gensim_needed
from windowner.vectors.loading import Vectors


@dataclass(frozen=True)
class SkipGram:
    """How vectors are trained, under gensim's own names.

    Parameters
    ----------
    vector_size
        Dimensions of the vectors, D.
    window
        Words on each side that a word is trained on.
    min_count
        Words that occur less often get no vector.
    epochs
        Passes over the text.
    negative
        Words drawn at random per word of the window.
    seed
        Seed of everything that is drawn.
    lower
        Whether all words are read in lower case; windowner's own.
    """

    vector_size: int = 50
    window: int = 5
    min_count: int = 2
    epochs: int = 10
    negative: int = 5
    seed: int = 0
    lower: bool = False


class TokenizedFiles:
    """Sentences of files, as lists of tokens, read again for each pass so that memory holds one sentence at a time.

    Tokens that hold white space are left out, because word2vec's formats cannot hold them.
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
) -> Vectors:
    """Return words, most frequent first, and their vectors; `tick` is called with the number of each finished epoch.

    Raises
    ------
    VectorsError
        gensim is not installed.
    DataError
        The text cannot be read, or no word occurs `min_count` times in it.
    """
    with gensim_needed("training vectors"):
        from gensim.models import Word2Vec
        from gensim.models.callbacks import CallbackAny2Vec

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
        raise DataError(f"{paths}: no word occurs {settings.min_count} times or more; expected more text")
    model.train(
        sentences, total_examples=model.corpus_count, epochs=settings.epochs, callbacks=[Ticker()], compute_loss=False
    )
    return Vectors(list(model.wv.index_to_key), np.asarray(model.wv.vectors, dtype=np.float32), "skip-gram")
