"""Vectors that gensim saved (`.kv`), read without running anything that is in the file.

A `.kv` is a pickle, and unpickling calls any function that the file names. A downloaded `.kv` could do anything, so
`KeyedVectors.load` is not used. The unpickler below admits the few names that gensim 4 writes for a `KeyedVectors`.
Each becomes a `_Record`, which only stores what it was given. Any other name is refused. numpy's array constructors are
not called either: they trust the flags in the file, and a forged array of objects makes them follow any address.

The unpickler is the one in Python, which takes three times as long as the one in C (1.4 s for 400,000 words). The one
in C allocates memory for any memo index in the file: four damaged bytes cost 19 GB.

The words are under `index_to_key`. The numbers are under `vectors` or, when they are large, in a file beside it,
`NAME.kv.vectors.npy`, which is mapped into memory.
"""

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from windowner.errors import VectorsError
from windowner.text.wording import count_of
from windowner.vectors.reading import Reading, check_finite, open_vectors

ADVICE = {
    "Word2Vec": 'a whole model; save its vectors: model.wv.save("NAME.kv")',
    "FastText": 'a whole model; save its words: model.wv.save_word2vec_format("NAME.vec")',
    "FastTextKeyedVectors": 'which keeps n-grams instead of words; use vectors.save_word2vec_format("NAME.vec")',
    "Word2VecKeyedVectors": "saved by gensim before 4.0; load and save it again with gensim 4",
    "EuclideanKeyedVectors": "saved by gensim before 4.0; load and save it again with gensim 4",
    "Vocab": "saved by gensim before 4.0; load and save it again with gensim 4",
}


class _Record:
    """Stands for an object of an admitted class and stores its arguments and state."""

    state: Any = None

    def __init__(self, *arguments: Any) -> None:
        self.arguments = arguments

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _KeyedVectors(_Record):
    """The one object that a `.kv` holds; its state is a dict of attributes."""


ADMITTED: dict[tuple[str, str], type[_Record]] = {
    ("gensim.models.keyedvectors", "KeyedVectors"): _KeyedVectors,
    ("numpy", "dtype"): _Record,
    ("numpy", "ndarray"): _Record,
    ("numpy.core.multiarray", "_reconstruct"): _Record,
    ("numpy.core.multiarray", "scalar"): _Record,
    ("numpy._core.multiarray", "_reconstruct"): _Record,
    ("numpy._core.multiarray", "scalar"): _Record,
}

# The unpickler raises these for bytes that are not a pickle, or not a whole one.
GARBLED = (
    pickle.UnpicklingError, struct.error, ArithmeticError, AttributeError, EOFError, LookupError, MemoryError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip


class _Refused(pickle.UnpicklingError):
    """A name in the file that is not admitted."""


class _Unpickler(pickle._Unpickler):
    def find_class(self, module: str, name: str) -> type[_Record]:
        try:
            return ADMITTED[module, name]
        except KeyError:
            reason = ADVICE.get(name, "which is never executed")
            raise _Refused(f"found {module}.{name}, {reason}; expected gensim 4 KeyedVectors") from None


def read_keyed_vectors(path: Path, limit: int | None = None) -> Reading:
    """Read the first `limit` rows (None: all) of a gensim 4 `.kv` and, if there is one, of its `.vectors.npy`.

    Raises
    ------
    VectorsError
        When the file is not a `KeyedVectors` of gensim 4, is damaged, or names any other function or class.
    """
    attributes = _unpickle(path)
    words = attributes.get("index_to_key")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise VectorsError(f"{path}: found no list of words in index_to_key; expected gensim 4 KeyedVectors")
    stored = attributes.get("vectors")
    side_file = path.with_name(f"{path.name}.vectors.npy")
    array = _from_record(path, stored) if stored is not None else _map(side_file)
    if array.ndim != 2 or len(array) != len(words):
        raise VectorsError(
            f"{path}: found {count_of(len(words), 'word')} and an array {array.shape}, expected a row for each word"
        )
    with np.errstate(over="ignore"):  # a number too large for float32 becomes infinite, and that is refused
        array = array[:limit].astype(np.float32, copy=False)
    check_finite(array, lambda row: f"{path}: row {row + 1} of {len(words)} ({words[row]!r})")
    return Reading(words[:limit], array, (path,) if stored is not None else (path, side_file))


def _unpickle(path: Path) -> dict[str, Any]:
    """Return the attributes of the `KeyedVectors` in a file."""
    with open_vectors(path) as stream:
        try:
            loaded = _Unpickler(stream).load()
        except _Refused as error:
            raise VectorsError(f"{path}: {error}") from None
        except GARBLED:
            raise VectorsError(f"{path}: truncated, damaged or not saved by gensim") from None
    if not isinstance(loaded, _KeyedVectors) or not isinstance(loaded.state, dict):
        raise VectorsError(f"{path}: found {type(loaded).__name__}, expected gensim 4 KeyedVectors")
    return loaded.state


def _from_record(path: Path, record: Any) -> NDArray[np.floating[Any]]:
    """View the bytes of a recorded array as numbers, without copying them.

    Its state, as numpy saves it, is (version, shape, element type, Fortran order?, bytes).
    """
    try:
        _, shape, element, fortran, content = record.state
        kind, order = element.arguments[0], element.state[1]
        if kind not in {"f2", "f4", "f8"} or order not in {"<", ">"}:
            raise VectorsError(f"{path}: found an array of {kind!r}, expected floating-point numbers")
        return np.frombuffer(content, dtype=order + kind).reshape(shape, order="F" if fortran else "C")
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise VectorsError(f"{path}: the array of vectors is damaged: {error}") from None


def _map(side_file: Path) -> NDArray[np.floating[Any]]:
    try:
        array: NDArray[np.floating[Any]] = np.load(side_file, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise VectorsError(f"{side_file}: no such file; gensim keeps the vectors in it, beside the .kv") from None
    except (OSError, EOFError, ValueError) as error:
        raise VectorsError(f"{side_file}: damaged or not saved by gensim: {error}") from None
    if array.dtype.kind != "f":
        raise VectorsError(f"{side_file}: found an array of {array.dtype}, expected floating-point numbers")
    return array
