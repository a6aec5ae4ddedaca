"""Vectors of other tools, for `windowner vectors convert`: what it reads beside the files of `vectors.source`.

a folder with `vectors`, `key2row`      spaCy, a pipeline or its `vocab`        spacy_folder.py
a folder with `model.safetensors`       model2vec                               model2vec.py
*.json                                  an object: a list of numbers per word   here
"""

from collections.abc import Collection
from os.path import expanduser
from pathlib import Path

import msgspec
import numpy as np

from windowner.errors import VectorsError
from windowner.files import read_file
from windowner.formats.limits import LARGEST_WHOLE
from windowner.schemas import DAMAGE, described
from windowner.stores.paths import is_folder
from windowner.text.wording import count_of
from windowner.vectors import model2vec, spacy_folder
from windowner.vectors.loading import Vectors, load_vectors
from windowner.vectors.reading import Reading, check_finite

KEPT = 100_000
"""The most frequent words of a model with n-grams that have vectors, unless another number is asked for."""

EXPECTED = (
    "expected a folder of spaCy (vectors, key2row, strings.json) or of model2vec (model.safetensors, tokenizer.json)"
)


def read_foreign(source: str, forms: Collection[str] = (), keep: int | None = None) -> tuple[Vectors, str]:
    """Return the vectors of a file or folder of any tool, and what was left out, or nothing.

    Parameters
    ----------
    source
        A path, or `glove-6b-50d`.
    forms
        Of a model with n-grams, these forms get vectors.
    keep
        Of a model with n-grams, this many of the most frequent words have vectors besides. None for `KEPT`.

    Raises
    ------
    VectorsError
        It is missing, damaged, or of a format that is not known. There are forms or a number, and no n-grams.
    """
    vectors, left_out = _read(source)
    if forms and vectors.ngrams is None:
        raise VectorsError(
            f"{source}: found no character n-grams, of which other words could get vectors; leave out --forms"
        )
    if keep is not None and vectors.ngrams is None:
        raise VectorsError(f"{source}: found no character n-grams, so all words are written; leave out --keep")
    return vectors.for_forms(forms, KEPT if keep is None else keep), left_out


def _read(source: str) -> tuple[Vectors, str]:
    path = Path(expanduser(source))
    left_out = ""
    if is_folder(path):
        reading, left_out = _read_folder(path)
    elif path.suffix.lower() == ".json":
        reading = read_json(path)
    else:
        return load_vectors(source, directory=Path()), ""
    if not reading.words:
        raise VectorsError(f"{path}: found no vectors of whole words, expected at least one")
    return Vectors(reading.words, reading.array, source, reading.files), left_out


def _read_folder(path: Path) -> tuple[Reading, str]:
    folder = spacy_folder.find_folder(path)
    if folder is not None:
        reading, count = spacy_folder.read_folder(folder)
        return reading, f"{count_of(count, 'key')} without a string in strings.json" if count else ""
    if not model2vec.is_folder(path):
        raise VectorsError(f"{path}: another folder; {EXPECTED}")
    reading, count = model2vec.read_folder(path)
    return (
        reading,
        f"{count_of(count, 'token')} that {'is no whole word' if count == 1 else 'are no whole words'}"
        if count
        else "",
    )


def read_json(path: Path) -> Reading:
    """Read an object whose keys are words, and whose values are lists of as many numbers each.

    Raises
    ------
    VectorsError
        With the first word whose vector is not as long as the others or not finite.
    """
    try:
        if path.stat().st_size > LARGEST_WHOLE:
            raise VectorsError(f"{path}: more than {LARGEST_WHOLE:,} bytes of JSON, expected word2vec text")
        numbers = msgspec.json.decode(read_file(path), type=dict[str, list[float]])
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None
    except DAMAGE as damage:
        raise VectorsError(f'{path}: {described(damage)}; expected {{"word": [numbers], ...}}') from None
    words = list(numbers)
    length = len(numbers[words[0]]) if words else 0
    wrong = next((word for word in words if len(numbers[word]) != length or not length), None)
    if wrong is not None:
        raise VectorsError(
            f"{path}: found {count_of(len(numbers[wrong]), 'number')} for {wrong!r}, expected {length or 'at least 1'}"
        )
    with np.errstate(over="ignore"):  # a number too large for float32 becomes infinite, and that is refused
        array = np.array(list(numbers.values()), dtype=np.float64).reshape(len(words), length).astype(np.float32)
    check_finite(array, lambda row: f"{path}: the vector of {words[row]!r}")
    return Reading(words, array, (path,))
