"""Vectors that gensim saved (`.kv`), read without running anything that is in the file.

A `.kv` is a pickle, and unpickling calls any function that the file names. A downloaded `.kv` could do anything, so
`KeyedVectors.load` is not used. The unpickler below admits the few names that gensim 4 writes for a `KeyedVectors`.
Each becomes a `_Record`, which only stores what it was given. Any other name is refused. numpy's array constructors are
not called either: they trust the flags in the file, and a forged array of objects makes them follow any address.

The unpickler is the one in Python, which takes three times as long as the one in C (1.4 s for 400,000 words). The one
in C allocates memory for any memo index in the file: four damaged bytes cost 19 GB. It knows only the opcodes that
pickles of arrays, lists and dictionaries hold, and keys are strings or numbers. A tuple in which tuples stand twice, on
fifty levels, is a file of 87 bytes, and no machine computes its hash.

The words are under `index_to_key`. The numbers are under `vectors` or, when they are large, in a file beside it,
`NAME.kv.vectors.npy`, which is mapped into memory.
"""

import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from windowner.errors import VectorsError
from windowner.text.wording import count_of
from windowner.vectors.reading import Reading, check_finite, map_array, open_vectors

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


OPCODES = """
    PROTO FRAME STOP MARK POP POP_MARK DUP GLOBAL STACK_GLOBAL REDUCE NEWOBJ BUILD
    NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT
    STRING BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES BINBYTES8 UNICODE BINUNICODE SHORT_BINUNICODE BINUNICODE8
    EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS
    GET BINGET LONG_BINGET PUT BINPUT LONG_BINPUT MEMOIZE
""".split()
"""Names of the opcodes that are known."""

KEYS = (str, int, float)


class _Unpickler(pickle._Unpickler):
    stack: list[Any]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]
    dispatch: ClassVar[dict[int, Any]] = {
        code: pickle._Unpickler.dispatch[code] for code in (getattr(pickle, name)[0] for name in OPCODES)
    }

    def find_class(self, module: str, name: str) -> type[_Record]:
        try:
            return ADMITTED[module, name]
        except KeyError:
            reason = ADVICE.get(name, "which is never executed")
            raise _Refused(f"found {module}.{name}, {reason}; expected gensim 4 KeyedVectors") from None

    # Sets become lists, whose items need no hash. Nothing reads them.
    dispatch |= {pickle.EMPTY_SET[0]: dispatch[pickle.EMPTY_LIST[0]], pickle.ADDITEMS[0]: dispatch[pickle.APPENDS[0]]}
    dispatch |= {pickle.FROZENSET[0]: dispatch[pickle.LIST[0]]}

    def load_dict(self) -> None:
        """Make a dictionary of the items above the mark."""
        self.append(_dictionary(self.pop_mark()))

    def load_setitem(self) -> None:
        """Add the item on top of the stack to the dictionary below it."""
        value, key = self.stack.pop(), self.stack.pop()
        self.stack[-1].update(_dictionary([key, value]))

    def load_setitems(self) -> None:
        """Add the items above the mark to the dictionary below it."""
        items = self.pop_mark()
        self.stack[-1].update(_dictionary(items))

    dispatch |= {pickle.DICT[0]: load_dict, pickle.SETITEM[0]: load_setitem, pickle.SETITEMS[0]: load_setitems}


def _dictionary(items: list[Any]) -> dict[Any, Any]:
    """Return the dictionary of keys and values that follow one another."""
    keys = items[::2]
    if not all(isinstance(key, KEYS) for key in keys):
        raise pickle.UnpicklingError("a key that is neither a string nor a number")
    return dict(zip(keys, items[1::2], strict=True))


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
    words = [_readable(word) for word in words]
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
        if not (isinstance(kind, str) and isinstance(order, str)):
            raise TypeError(f"its type is {type(kind).__name__}")
        if kind not in {"f2", "f4", "f8"} or order not in {"<", ">"}:
            raise VectorsError(f"{path}: found an array of {kind!r}, expected floating-point numbers")
        return np.frombuffer(content, dtype=order + kind).reshape(shape, order="F" if fortran else "C")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise VectorsError(f"{path}: the array of vectors is damaged: {error}") from None


def _map(side_file: Path) -> NDArray[np.floating[Any]]:
    if not side_file.exists():
        raise VectorsError(f"{side_file}: no such file; gensim keeps the vectors in it, beside the .kv")
    array = map_array(side_file)
    if array.dtype.kind != "f":
        raise VectorsError(f"{side_file}: found an array of {array.dtype}, expected floating-point numbers")
    return array


def _readable(word: str) -> str:
    """Return a word with U+FFFD in place of surrogates, which stand for bytes that were not UTF-8."""
    return word if word.isascii() else word.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
