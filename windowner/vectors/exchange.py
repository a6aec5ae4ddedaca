"""Word vectors for other programs: as a gensim `KeyedVectors`, and in files that gensim and windowner read.

    suffix        format                                                          needs gensim
    .kv           gensim's own, in one file without arrays beside it              yes
    .vec, .txt    word2vec text: a header `V D`, then per line a word, D numbers  no
    .bin          word2vec binary: the header, then V times a word, a space and   no
                  D little-endian float32

Reading a file gives the same float32 numbers that were written. In word2vec's formats a space or the end of the line
ends a word, so words that hold white space are left out of them and counted.

gensim's `save_word2vec_format` is not used, so that word2vec's formats can be written without gensim.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from windowner.arrays import Float32
from windowner.errors import VectorsError
from windowner.files import written_whole
from windowner.text.wording import count_of

KeyedVectors = Any
"""gensim's class. gensim has no types, and is imported where it is used alone."""

SUFFIXES = (".kv", ".vec", ".txt", ".bin")
ENDS_A_WORD = re.compile(r"[\s\0]")


@contextmanager
def gensim_needed(purpose: str) -> Iterator[None]:
    """Import gensim within this block; where it is missing, a `VectorsError` names what it is needed for."""
    try:
        yield
    except ImportError:
        python = ".".join(map(str, sys.version_info[:2]))
        reason = f"not installed, perhaps because it has no wheel for Python {python}"
        raise VectorsError(f'{purpose} needs gensim, which is {reason}: pip install "gensim>=4.4"') from None


def to_keyed_vectors(words: Sequence[str], array: Float32) -> KeyedVectors:
    """Return a gensim `KeyedVectors` with a copy of the vectors, so that changing it changes nothing here.

    Parameters
    ----------
    words
        V distinct words. gensim takes the first for the most frequent, in `restrict_vocab` alone.
    array
        Their vectors, (V, D), float32.

    Raises
    ------
    VectorsError
        gensim is not installed.
    """
    _check(words, array)
    with gensim_needed("KeyedVectors"):
        from gensim import models
    vectors = models.KeyedVectors(array.shape[1])
    vectors.lifecycle_events = None  # else a saved file names the time and this machine
    vectors.add_vectors(list(words), array)
    return vectors


def check_suffix(path: Path) -> None:
    """Refuse a name whose suffix names no format.

    Raises
    ------
    VectorsError
        With the known suffixes.
    """
    if path.suffix.lower() not in SUFFIXES:
        found = f"suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise VectorsError(f"{path}: found {found}, expected one of {', '.join(SUFFIXES)}")


def write_vectors(path: Path, words: Sequence[str], array: Float32) -> int:
    """Write vectors in the format that the suffix names, whole, and return how many words were left out.

    Parameters
    ----------
    path
        The file, `.kv`, `.vec`, `.txt` or `.bin`.
    words
        V distinct words.
    array
        Their vectors, (V, D), float32.

    Raises
    ------
    VectorsError
        The suffix is unknown, gensim is not installed and `.kv` needs it, or the file cannot be written.
    """
    check_suffix(path)
    _check(words, array)
    try:
        suffix = path.suffix.lower()
        if suffix == ".kv":
            _write_keyed_vectors(path, words, array)
            return 0
        kept = [row for row, word in enumerate(words) if word and not ENDS_A_WORD.search(word)]
        write = _write_binary if suffix == ".bin" else _write_text
        write(path, [words[row] for row in kept], array[kept])
    except OSError as error:
        raise VectorsError(f"{path}: cannot be written: {error.strerror}") from None
    return len(words) - len(kept)


def _check(words: Sequence[str], array: Float32) -> None:
    if array.ndim != 2 or len(array) != len(words):
        raise ValueError(f"{count_of(len(words), 'word')} and an array of shape {array.shape}")
    if len(set(words)) != len(words):
        raise ValueError(f"{len(words)} words, of which {len(set(words))} are distinct")


def _write_keyed_vectors(path: Path, words: Sequence[str], array: Float32) -> None:
    vectors = to_keyed_vectors(words, array)
    with written_whole(path) as unfinished, unfinished.open("wb") as file:
        vectors.save(file)  # into an open file gensim writes everything, large arrays too


def _write_text(path: Path, words: Sequence[str], array: Float32) -> None:
    with written_whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{len(words)} {array.shape[1]}\n")
        numbers = " ".join(["%.9g"] * array.shape[1])  # nine digits distinguish any two float32 numbers
        for word, vector in zip(words, array, strict=True):
            file.write(f"{word} {numbers % tuple(vector.tolist())}\n")


def _write_binary(path: Path, words: Sequence[str], array: Float32) -> None:
    with written_whole(path) as unfinished, unfinished.open("wb") as file:
        file.write(b"%d %d\n" % array.shape)
        for word, vector in zip(words, array.astype("<f4", copy=False), strict=True):
            file.write(word.encode() + b" " + vector.tobytes())
