"""Tag probabilities and weights of sentences, as records hold them.

    {"tokens": ["Paris", "is"], "weight": 0.5, "tag_probabilities": [{"B-LOC": 0.9, "O": 0.1}, {"O": 1}]}

Tags are those of the scheme that is trained (`data.scheme`). A tag that is not named has the probability 0. The
probabilities of a token sum to 1, up to rounding. They are read as they are written, so that converting a file leaves
each digit. Training divides them by their sum (`runs/soft_labels.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from windowner.arrays import Array
from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.text.schemes import NOT_ANNOTATED, split_tag
from windowner.text.sentence import WEIGHT
from windowner.text.wording import count_of

PROBABILITIES = "tag_probabilities"
ROUNDING = 1e-3
"""Largest distance of a sum of probabilities from 1."""

LEAST = 1e-3
"""Tags that are less probable are not written."""

DIGITS = 4
"""Digits of a probability that is written."""

HEAVIEST = 1_000_000
"""Largest weight of a sentence. Losses are of single precision."""

Probabilities = list[dict[str, float]]


def check_weight(extra: Mapping[str, Any], where: str, options: ReadOptions) -> None:
    """Refuse a weight that is no number.

    Raises
    ------
    DataError
        If it is no number, below 0, or above `HEAVIEST`.
    """
    if WEIGHT not in extra:
        return
    weight = extra[WEIGHT]
    is_number = isinstance(weight, int | float) and not isinstance(weight, bool)
    if not (is_number and 0 <= weight <= HEAVIEST):
        raise DataError(f"{where}: {WEIGHT} {weight!r}, expected a number from 0 to {HEAVIEST:,}")
    options.note(f"the {WEIGHT} of a sentence multiplies its loss in training")


def read_probabilities(value: Any, count: int, where: str, options: ReadOptions) -> Probabilities | None:
    """Return the tag probabilities of a sentence with `count` tokens; None if it has none.

    Raises
    ------
    DataError
        If they are no probabilities of tags.
    """
    if value is None:
        return None
    try:
        tokens = msgspec.convert(value, Probabilities)
    except msgspec.ValidationError as error:
        raise DataError(
            f"{where}: {PROBABILITIES}: {error}; expected a list with an object of tags and numbers for each token"
        ) from None
    if len(tokens) != count:
        raise DataError(
            f"{where}: {PROBABILITIES} of {count_of(len(tokens), 'token')}, expected {count}, one object for each token"
        )
    options.note(f"{PROBABILITIES} are trained on in place of tags")
    return [_checked(token, f"{where}: {PROBABILITIES} of token {place}") for place, token in enumerate(tokens, 1)]


def rounded(log_p: Array, names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Yield the probabilities of each token's tags, rounded, without tags below `LEAST`.

    Their sum is 1, up to rounding.

    Parameters
    ----------
    log_p
        Logarithm of each tag's probability, (T, K).
    names
        The tags.
    """
    for row in np.exp(log_p):
        kept = np.flatnonzero(row >= min(LEAST, row.max()))
        p = (row[kept] / row[kept].sum()).tolist()
        yield {names[place]: round(value, DIGITS) for place, value in zip(kept.tolist(), p, strict=True)}


def likeliest_tags(probabilities: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the most probable tag of each token."""
    return [max(token, key=token.__getitem__) for token in probabilities]


def _checked(token: dict[str, float], where: str) -> dict[str, float]:
    """Return the probabilities of a token that are not 0.

    Raises
    ------
    DataError
        If they are no probabilities, or do not sum to 1.
    """
    for tag, p in token.items():
        if not 0 <= p <= 1 + ROUNDING:
            raise DataError(f"{where}: {tag} has {p}, expected a number from 0 to 1")
        _check_tag(tag, where)
    total = sum(token.values())
    if abs(total - 1) > ROUNDING:
        raise DataError(f"{where}: they sum to {total:.6g}, expected 1")
    return {tag: p for tag, p in token.items() if p}


def _check_tag(tag: str, where: str) -> None:
    try:
        split_tag(tag)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    if tag == NOT_ANNOTATED:
        raise DataError(f"{where}: {tag!r}, expected tags; leave {PROBABILITIES} out where a token is not annotated")
