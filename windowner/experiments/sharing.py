"""What trials share: each worker reads labelled text once, and all workers map word vectors from one file.

The vectors of the glove extra are such a file already. Vectors of a text or binary file are read once and written into
the experiment's folder as an array that can be mapped. They are removed when the experiment is over.
"""

import shutil
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, partial
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from windowner.config.config import NAMED_SOURCES, Config
from windowner.errors import VectorsError
from windowner.experiments.folder import SHARED_NAME
from windowner.files import read_file, write_whole, written_whole
from windowner.formats.reading import read_corpus
from windowner.links import refuse_links
from windowner.runs.readers import Readers
from windowner.schemas import decode_json
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.reading import map_array

REMEMBERED = 8  # texts, and as many vectors, that a worker keeps in memory
ARRAY_NAME, WORDS_NAME = "array.npy", "words.json"


def named_vectors(configs: Iterable[Config]) -> dict[str, Vectors]:
    """Return all vectors that configs name, by source.

    Raises
    ------
    VectorsError
        Vectors cannot be read.
    """
    sources = {source: config.directory for config in configs for source in config.vectors.sources}
    return {source: load_vectors(source, directory=directory) for source, directory in sources.items()}


def share_vectors(named: Mapping[str, Vectors], experiment: Path) -> None:
    """Write vectors where workers map them, except those that are such a file already.

    What a killed command left there is removed first, because nothing says that it is still as it was written.
    """
    remove_shared(experiment)
    for source, vectors in named.items():
        if source not in NAMED_SOURCES and vectors.ngrams is None:  # a fastText model is mapped as it is
            _write(vectors, _place(experiment, source))


def remove_shared(experiment: Path) -> None:
    """Remove what was shared."""
    shutil.rmtree(experiment / SHARED_NAME, ignore_errors=True)


@cache
def shared_readers(experiment: Path) -> Readers:
    """Return readers that remember what they read and map the vectors that were shared."""
    vectors = lru_cache(REMEMBERED)(partial(_read_vectors, experiment))
    return Readers(corpus=lru_cache(REMEMBERED)(read_corpus), vectors=vectors)


def _read_vectors(experiment: Path, source: str, *, directory: Path) -> Vectors:
    place = _place(experiment, source)
    if not (place / WORDS_NAME).exists():
        return load_vectors(source, directory=directory)
    path = place / WORDS_NAME
    words = decode_json(read_file(path), list[str], path, f"remove {place}", VectorsError)
    array = map_array(place / ARRAY_NAME)
    if array.dtype != np.float32 or array.ndim != 2 or len(array) != len(words):
        raise VectorsError(
            f"{place / ARRAY_NAME}: damaged: {array.dtype} {array.shape}, expected float32 with {len(words)} rows; "
            f"remove {place}"
        )
    return Vectors(words, np.asarray(array), source, (Path(source),))


def _write(vectors: Vectors, place: Path) -> None:
    words = place / WORDS_NAME  # written last: if it exists, the array does too
    refuse_links(place.parent, place, place / ARRAY_NAME, words)
    place.mkdir(parents=True, exist_ok=True)
    with written_whole(place / ARRAY_NAME) as unfinished, unfinished.open("wb") as file:
        np.save(file, np.ascontiguousarray(vectors.array), allow_pickle=False)
    write_whole(words, msgspec.json.encode(vectors.words))


def _place(experiment: Path, source: str) -> Path:
    return experiment / SHARED_NAME / blake2b(source.encode(), digest_size=8).hexdigest()
