"""What trials share: labelled text is read once a worker, word vectors are mapped from one file by all workers.

The vectors of the glove extra are such a file already. Vectors of a text or binary file are read once, and written
into the experiment's folder as an array that can be mapped; the folder goes when the experiment is over.
"""

import shutil
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, partial
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from windowner.config.config import NAMED_SOURCES, Config
from windowner.formats.reading import read_corpus
from windowner.runs.readers import Readers
from windowner.vectors.loading import Vectors, load_vectors

SHARED = "shared"
KEPT = 8  # texts, and as many vectors, that a worker remembers


def named_vectors(configs: Iterable[Config]) -> dict[str, Vectors]:
    """Return all vectors that configs name, by source.

    Raises
    ------
    VectorsError
        Vectors cannot be read.
    """
    sources = {
        source: config.directory
        for config in configs
        for source in (config.vectors.source, *(more.source for more in config.vectors.more))
        if source
    }
    return {source: load_vectors(source, directory=directory) for source, directory in sources.items()}


def share_vectors(named: Mapping[str, Vectors], experiment: Path) -> None:
    """Write vectors where workers map them, all but those that are such a file already."""
    for source, vectors in named.items():
        if source not in NAMED_SOURCES:
            _write(vectors, _place(experiment, source))


def remove_shared(experiment: Path) -> None:
    """Remove what was shared."""
    shutil.rmtree(experiment / SHARED, ignore_errors=True)


@cache
def shared_readers(experiment: Path) -> Readers:
    """Return readers that remember what they read, and map vectors that were shared."""
    vectors = lru_cache(KEPT)(partial(_read_vectors, experiment))
    return Readers(corpus=lru_cache(KEPT)(read_corpus), vectors=vectors)


def _read_vectors(experiment: Path, source: str, *, directory: Path) -> Vectors:
    place = _place(experiment, source)
    if not (place / "words.json").exists():
        return load_vectors(source, directory=directory)
    words = msgspec.json.decode((place / "words.json").read_bytes(), type=list[str])
    array = np.asarray(np.load(place / "array.npy", mmap_mode="r", allow_pickle=False))
    return Vectors(words, array, source, (Path(source),))


def _write(vectors: Vectors, place: Path) -> None:
    words = place / "words.json"  # the last to be written: where it is, all is
    if words.exists():
        return
    place.mkdir(parents=True, exist_ok=True)
    np.save(place / "array.npy", np.ascontiguousarray(vectors.array), allow_pickle=False)
    part = words.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(vectors.words))
    part.rename(words)


def _place(experiment: Path, source: str) -> Path:
    return experiment / SHARED / blake2b(source.encode(), digest_size=8).hexdigest()
