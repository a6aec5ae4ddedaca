"""Word vectors of a user's own text: skip-gram with negative sampling, by gensim.

A word's vector is trained to distinguish the words within `window` of it from words drawn at random. No labels are
needed. One thread and a seed make the result repeatable. gensim is imported when training starts.

Source: Mikolov et al., "Distributed representations of words and phrases and their compositionality", NIPS 2013.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from windowner.errors import DataError
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
    """

    vector_size: int = 50
    window: int = 5
    min_count: int = 2
    epochs: int = 10
    negative: int = 5
    seed: int = 0


def train_skip_gram(
    sentences: Iterable[list[str]], settings: SkipGram, tick: Callable[[int], object] = lambda epoch: None
) -> Vectors:
    """Return words, most frequent first, and their vectors.

    Parameters
    ----------
    sentences
        Lists of tokens, which can be iterated over again for each pass; `str(sentences)` names them in an error.
    settings
        How vectors are trained.
    tick
        Called with the number of each finished epoch.

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
        raise DataError(f"{sentences}: no word occurs {settings.min_count} times or more; expected more text")
    model.train(
        sentences, total_examples=model.corpus_count, epochs=settings.epochs, callbacks=[Ticker()], compute_loss=False
    )
    return Vectors(list(model.wv.index_to_key), np.asarray(model.wv.vectors, dtype=np.float32), "skip-gram")
