"""Vectors in a folder that model2vec wrote: `model.safetensors` and `tokenizer.json`.

    embeddings   (rows, D)
    mapping      (tokens,), the row of each token, in models with fewer rows than tokens. Else token i has row i
    weights      (tokens,), a factor for each token, in some models

Tokens are words and pieces of words. A tag needs the vector of a whole word, so pieces are left out and counted:

    WordPiece     `##ing` continues a word            Paris is a word
    Unigram       a word begins with U+2581           so `Paris` without it continues a word
    BPE           a word begins with U+0120 (`Ġ`)     so `Paris` without it continues a word

A vocabulary in which no token has a mark has whole words alone. model2vec is not needed.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from windowner.errors import VectorsError
from windowner.files import read_file
from windowner.schemas import DAMAGE, described
from windowner.vectors.reading import Reading, check_finite

TENSORS, TOKENIZER = "model.safetensors", "tokenizer.json"
CONTINUES = "##"
BEGINS = ("\u2581", "\u0120")
LARGEST = 2**31 - 1
"""The largest number of a token."""


def is_folder(path: Path) -> bool:
    """Return whether a folder holds the two files."""
    return all((path / name).is_file() for name in (TENSORS, TOKENIZER))


def read_folder(path: Path) -> tuple[Reading, int]:
    """Return the words of a folder with their vectors, in the order of their tokens, and how many pieces were left out.

    Raises
    ------
    VectorsError
        A file is damaged, or the two do not belong together.
    """
    tensors, file = _read_tensors(path / TENSORS), path / TENSORS
    embeddings = tensors.get("embeddings")
    if embeddings is None or embeddings.ndim != 2:
        raise VectorsError(f"{file}: found {', '.join(tensors) or 'nothing'}, expected embeddings, (rows, D)")
    number_of_token, special = _read_vocabulary(path / TOKENIZER)
    words = dict(_whole_words(number_of_token, special))
    wrong = next((number for number in words.values() if not 0 <= number <= LARGEST), None)
    if wrong is not None:
        raise VectorsError(f"{path / TOKENIZER}: found token {wrong}, expected 0 to {LARGEST:,}")
    numbers = np.array(list(words.values()), dtype=np.intp)
    rows = _per_token(file, tensors, "mapping", numbers, numbers)
    if rows.dtype.kind not in "iu":
        raise VectorsError(f"{file}: found a mapping of {rows.dtype}, expected integers")
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(embeddings):
        raise VectorsError(
            f"{path / TOKENIZER}: found token {rows.max()}, expected less than the {len(embeddings):,} rows of {file}"
        )
    weights = _per_token(file, tensors, "weights", numbers, np.ones(len(numbers)))
    array = (embeddings[rows].astype(np.float32) * weights[:, None]).astype(np.float32)
    check_finite(array, lambda row: f"{file}: the vector of {list(words)[row]!r}")
    left_out = len(number_of_token) - len(words)
    return Reading(list(words), array, (file, path / TOKENIZER)), left_out


def _per_token(
    file: Path, tensors: Mapping[str, np.ndarray[Any, Any]], name: str, numbers: np.ndarray[Any, Any], default: Any
) -> np.ndarray[Any, Any]:
    """Return the entries of a tensor for some tokens, or the default where there is no such tensor."""
    tensor = tensors.get(name)
    if tensor is None:
        return np.asarray(default)
    if tensor.ndim != 1 or numbers.max(initial=-1) >= len(tensor):
        raise VectorsError(f"{file}: found {name} of shape {tensor.shape}, expected a number per token")
    return np.asarray(tensor[numbers])


def _read_tensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    try:
        return load_file(path)
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise VectorsError(f"{path}: not a safetensors file of numbers that numpy has, or damaged: {error}") from None


def _read_vocabulary(path: Path) -> tuple[dict[str, int], set[str]]:
    """Return the number of each token, and the special tokens, such as `[PAD]`."""
    try:
        tokenizer = msgspec.json.decode(read_file(path), type=dict[str, Any])
        vocabulary = tokenizer["model"]["vocab"]
        if isinstance(vocabulary, list):  # Unigram: pairs of a token and its score
            vocabulary = {token: number for number, (token, _) in enumerate(vocabulary)}
        special = {added["content"] for added in tokenizer.get("added_tokens") or () if added.get("special")}
        return msgspec.convert(vocabulary, dict[str, int]), special
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None
    except (*DAMAGE, AttributeError, KeyError, TypeError, ValueError) as error:
        raise VectorsError(f"{path}: found no vocabulary as tokenizers write it: {described(error)}") from None


def _whole_words(number_of_token: Mapping[str, int], special: set[str]) -> Iterator[tuple[str, int]]:
    """Yield the whole words and their numbers, in the order of the numbers."""
    mark = next((mark for mark in BEGINS if any(token.startswith(mark) for token in number_of_token)), "")
    for token, number in sorted(number_of_token.items(), key=lambda pair: pair[1]):
        if token in special or token.startswith(CONTINUES) or not token.startswith(mark):
            continue
        word = token.removeprefix(mark)
        if word:
            yield word, number
