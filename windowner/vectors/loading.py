"""Pretrained word vectors, from the `glove` extra or from any file that a user has.

source                           holds                                    read by
glove-6b-50d                     GloVe 6B 50-d, of the glove extra        glove.py
*.kv                             gensim 4 KeyedVectors                    keyed.py
*.bin, *.bin.gz                  word2vec, binary                         binary.py
*.bin                            fastText's own, with n-grams             fasttext.py
any other name, gzipped or not   GloVe, word2vec or fastText, in text     text.py
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from os.path import expanduser
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.stores.paths import is_file, is_folder
from windowner.text.wording import count_of
from windowner.vectors import fasttext, glove
from windowner.vectors.binary import read_binary
from windowner.vectors.fasttext import NGrams
from windowner.vectors.keyed import read_keyed_vectors
from windowner.vectors.lookup import look_up
from windowner.vectors.reading import Reading, remapped
from windowner.vectors.text import read_text

BLOCK = 1 << 14  # rows that are copied at a time
Reader = Callable[[Path, int | None], Reading]
READER_BY_SUFFIX: dict[str, Reader] = {".kv": read_keyed_vectors, ".bin": read_binary}  # any other suffix: read_text


@dataclass(frozen=True, eq=False)
class Vectors:
    """Word vectors; `key_to_index` and `vector_size` have gensim's names.

    Attributes
    ----------
    words
        V words, most frequent first.
    array
        Shape (V, D), float32, in any memory order. It may be a read-only map of a file; `rows` copies rows of it fast.
        With `ngrams`, it holds the words' own rows, and `rows` returns their vectors.
    source
        Where they come from: `glove-6b-50d`, a path as the config has it, or `skip-gram`.
    files
        The files that were read, for `digest`.
    ngrams
        Rows of character n-grams, from which forms without a row get a vector. None if there are none.
    """

    words: list[str]
    array: Float32
    source: str
    files: tuple[Path, ...] = ()
    ngrams: NGrams | None = None

    def __post_init__(self) -> None:
        if self.array.ndim != 2 or len(self.array) != len(self.words):
            raise ValueError(f"{count_of(len(self.words), 'word')} and an array of shape {self.array.shape}")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.key_to_index

    @property
    def vector_size(self) -> int:
        """Numbers per word, D."""
        return int(self.array.shape[1])

    @cached_property
    def key_to_index(self) -> dict[str, int]:
        """Row of each word; of a word that occurs twice, the first row, which is the more frequent one."""
        index = dict(zip(self.words, range(len(self.words)), strict=True))
        if len(index) < len(self.words):
            for row, word in zip(reversed(range(len(self.words))), reversed(self.words), strict=True):
                index[word] = row
        return index

    @cached_property
    def digest(self) -> str:
        """BLAKE2b of the files that were read, one after the other, as 64 hexadecimal digits (`b2sum -l 256`)."""
        content = hashlib.blake2b(digest_size=32)
        for path in self.files:
            with path.open("rb") as stream:
                while block := stream.read(1 << 20):
                    content.update(block)
        return content.hexdigest()

    def rows(self, ids: ArrayLike, out: Float32 | None = None) -> Float32:
        """Copy rows into an array of shape (len(ids), D) in C order: into `out`, or into a new one.

        An array in Fortran order, such as the glove extra's, is copied column by column, four times as fast there.
        """
        if self.ngrams is not None:
            return self._composed_rows(self.ngrams, ids, out)
        wanted = np.asarray(ids, dtype=np.intp)
        copy = np.empty((len(wanted), self.vector_size), dtype=np.float32) if out is None else out
        array = remapped(self.array)
        if array.strides[0] >= array.strides[1]:
            for first in range(0, len(wanted), BLOCK):  # np.take would buffer the whole of what it copies
                block = slice(first, first + BLOCK)
                copy[block] = array[wanted[block]]
        else:
            for column, source in zip(copy.T, array.T, strict=True):
                column[:] = source[wanted]
        return copy

    def for_forms(self, forms: Iterable[str], keep: int | Literal["all"] = 0) -> "Vectors":
        """Return vectors in which forms without a row have the vectors of their n-grams. Without n-grams: these ones.

        Parameters
        ----------
        forms
            Written forms.
        keep
            Of other words, this many of the most frequent ones have vectors.
        """
        if self.ngrams is None:
            return self
        found = {form: look_up(form, self.key_to_index)[0] for form in forms}
        kept = dict.fromkeys([*range(len(self))[: None if keep == "all" else keep], *found.values()])
        rows = [row for row in kept if row >= 0]
        new = [form for form, row in found.items() if row < 0]
        array = np.concatenate([self.rows(rows), self.ngrams.compose(new)])
        return Vectors([*(self.words[row] for row in rows), *new], array, self.source, self.files)

    def _composed_rows(self, ngrams: NGrams, ids: ArrayLike, out: Float32 | None) -> Float32:
        """Return the means of words' own rows and those of their n-grams, for `rows`."""
        wanted = np.asarray(ids, dtype=np.intp)
        copy = np.empty((len(wanted), self.vector_size), dtype=np.float32) if out is None else out
        for first in range(0, len(wanted), BLOCK):
            block = slice(first, first + BLOCK)
            words = [self.words[row] for row in wanted[block].tolist()]
            copy[block] = ngrams.compose(words, self.array[wanted[block]])
        return copy


def load_vectors(source: str, *, directory: Path, limit: int | None = None) -> Vectors:
    """Load the pretrained vectors that a config names.

    Parameters
    ----------
    source
        `glove-6b-50d` or the path of a file, relative to `directory`.
    directory
        The folder of the config.
    limit
        Load only the first `limit` words; the rest of the file is not checked.

    Raises
    ------
    VectorsError
        When the extra is not installed, or the file is missing, truncated or malformed: file, line, found, expected.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit = {limit}, expected 1 or more, or None")
    if source == glove.NAME:
        return _named(source, glove.read_glove(limit))
    path = directory / expanduser(source)
    if not is_file(path):
        found = "a folder" if is_folder(path) else "no such file"
        raise VectorsError(f'{path}: {found}; expected vectors.source to be a file or "{glove.NAME}"')
    if fasttext.is_model(path):
        words, array, ngrams = fasttext.read_fasttext(path)
        return Vectors(words[:limit], array[:limit], source, (path,), ngrams)
    return _named(source, _reader(path)(path, limit))


def _reader(path: Path) -> Reader:
    """Choose by the suffix of the name without `.gz`."""
    return READER_BY_SUFFIX.get(Path(path.name.lower().removesuffix(".gz")).suffix, read_text)


def _named(source: str, reading: Reading) -> Vectors:
    if not reading.words:
        raise VectorsError(f"{reading.files[0]}: found no vectors, expected at least one")
    return Vectors(reading.words, reading.array, source, reading.files)
