"""fastText's own `.bin`: vectors of words and of character n-grams, from which any form gets a vector.

    vector(w) = mean of E[w], where w is in the vocabulary, and of G[hash(g)] over the n-grams g of `<w>`

    E    (V, D), the rows of the V words              G    (buckets, D), the rows of all n-grams
    <w>  the word with its edges marked; its n-grams have `least` to `most` characters
    hash FNV-1a of the n-gram's bytes, modulo the number of buckets

The file holds a header, the words with their counts, and then E and G as one matrix. The matrix has gigabytes, and a
training needs few of its rows. So it is mapped into memory, and vectors are computed where they are needed.

gensim computes the hashes. Its reader of the file is not used. It reads the whole matrix, and computes the vectors of
all words before the first is needed. On a truncated file it does not end.

Source: Bojanowski et al., "Enriching word vectors with subword information", TACL 2017; fastText's `src/fasttext.cc`.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.text.wording import count_of
from windowner.vectors.exchange import gensim_needed
from windowner.vectors.reading import check_finite

MAGIC = struct.pack("<i", 793712314)  # first bytes of the file
VERSIONS = (11, 12)
HEADER = struct.Struct("<14id")  # magic, version, dimension, ..., buckets, least, most, rate of updates, threshold
SIZES = struct.Struct("<3i2q")  # entries, words, labels, tokens, pruned n-grams
COUNT = struct.Struct("<qb")  # occurrences of a word, and 0, or 1 for a label
MATRIX = struct.Struct("<?2q")  # whether it is quantized, rows, columns


@dataclass(frozen=True)
class NGrams:
    """The n-grams of a fastText model.

    Parameters
    ----------
    path
        The file.
    table
        G, (buckets, D).
    least, most
        Characters of an n-gram.
    """

    path: Path
    table: Float32
    least: int
    most: int

    @cached_property
    def _hashes(self) -> Callable[..., list[int]]:
        with gensim_needed("a fastText .bin"):
            from gensim.models.fasttext import ft_ngram_hashes
        return ft_ngram_hashes  # type: ignore[no-any-return]

    def rows_of(self, word: str) -> list[int]:
        """Return the rows of a word's n-grams. A row may occur twice."""
        return self._hashes(word, self.least, self.most, len(self.table)) if len(self.table) else []

    def compose(self, words: Sequence[str], own: Float32 | None = None) -> Float32:
        """Return the vectors of words, (n, D), given their rows of E, (n, D); None if they are not in the vocabulary.

        A word without n-grams and without a row of its own has the vector 0.

        Raises
        ------
        VectorsError
            A number in the file is not finite.
        """
        rows = [self.rows_of(word) for word in words]
        vectors = np.zeros((len(words), self.table.shape[1]), np.float32)
        with np.errstate(invalid="ignore", over="ignore"):  # what is not finite is refused below
            if own is not None:
                vectors += own
            for vector, some in zip(vectors, rows, strict=True):
                vector += self.table[some].sum(axis=0)
                vector /= max(1, len(some) + (own is not None))
        check_finite(vectors, lambda row: f"{self.path}: the vector of {words[row]!r}")
        return vectors


def is_model(path: Path) -> bool:
    """Return whether a file begins as fastText's own `.bin`."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None


def read_fasttext(path: Path) -> tuple[list[str], Float32, NGrams]:
    """Map a fastText `.bin`, and return its words, the most frequent first, their rows E, (V, D), and its n-grams.

    Raises
    ------
    VectorsError
        The file is truncated or damaged, or holds a classifier or a quantized model.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        try:
            header = HEADER.unpack_from(content)
            version, dimension, (buckets, least, most) = header[1], header[2], header[10:13]
            if version not in VERSIONS:
                raise VectorsError(f"{path}: found version {version} of fastText's format, expected 11 or 12")
            words, place = _read_words(path, content)
            quantized, rows, columns = MATRIX.unpack_from(content, place)
        except struct.error:
            raise VectorsError(f"{path}: the file ends after {len(content):,} bytes, within its words") from None
        size = len(content)
    if quantized:
        raise VectorsError(
            f"{path}: found a quantized model, expected one with whole vectors; use the .bin, not the .ftz"
        )
    if buckets < 0 or rows != len(words) + buckets or columns != dimension or dimension < 1:
        raise VectorsError(
            f"{path}: found a matrix of {rows:,} rows and {columns:,} columns, expected {len(words):,} words and "
            f"{buckets:,} n-grams of {dimension:,} dimensions; the file is damaged"
        )
    first, missing = place + MATRIX.size, place + MATRIX.size + 4 * rows * columns - size
    if missing > 0:
        raise VectorsError(f"{path}: the file ends {count_of(missing, 'byte')} before its vectors do: it is truncated")
    matrix: Any = np.memmap(path, "<f4", "r", first, (rows, columns))
    return words, matrix[: len(words)], NGrams(path, matrix[len(words) :], least, most)


def _read_words(path: Path, content: mmap) -> tuple[list[str], int]:
    """Return the words, and the place in the file after them."""
    entries, _, labels, _, pruned = SIZES.unpack_from(content, HEADER.size)
    if labels > 0:
        raise VectorsError(f"{path}: found a classifier with {count_of(labels, 'label')}, expected word vectors")
    if pruned > 0:
        raise VectorsError(f"{path}: found a model without some of its n-grams, expected a whole one")
    words, place = [], HEADER.size + SIZES.size
    for _ in range(entries):
        end = content.find(b"\0", place)
        if end < 0:
            raise struct.error("no end of the word")
        COUNT.unpack_from(content, end + 1)
        words.append(content[place:end].decode(errors="replace"))
        place = end + 1 + COUNT.size
    return words, place
