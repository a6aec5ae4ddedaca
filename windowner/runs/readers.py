"""What reads text and vectors for a training."""

from collections.abc import Callable
from dataclasses import dataclass

from windowner.formats.reading import read_corpus
from windowner.text.sentence import Corpus
from windowner.vectors.loading import Vectors, load_vectors


@dataclass(frozen=True)
class Readers:
    """What reads text and vectors. Where a process trains several times, its readers keep what they have read.

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
