"""The numbers of known values, found for many values by array operations.

    values       0 Ro, 1 -ing, 2 -ings        values of a table, as letters (`code_points`)
    keys         (Ro.), (-in g..), (-in gs.)  three letters make one number

The first keys of all known values are sorted. A first key becomes its place among them. This place and the place of the
second key make one number. These numbers are sorted and searched in the same way. Further keys follow one by one.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from windowner.arrays import Array, Indices
from windowner.inputs.code_points import letters_of

LETTERS_PER_KEY = 3
LETTER_BITS = 21
"""A code point plus 1 is below 2^21, so that three letters are below 2^63."""


class KnownValues:
    """Finds the numbers of values. A value's number is its place among the known values.

    Parameters
    ----------
    values
        The known values. Values of more than `width` characters are never found.
    width
        Characters of the values that are asked for, at most.
    """

    def __init__(self, values: Sequence[str], width: int):
        fitting = np.flatnonzero([len(value) <= width for value in values])
        first, *others = _keys(letters_of([values[number] for number in fitting.tolist()], width))
        self._first_keys, places = np.unique(first, return_inverse=True)
        self._further: list[tuple[Array, Array]] = []  # keys, and their pairs with the places before
        for other in others:
            keys, places_of_key = np.unique(other, return_inverse=True)
            pairs, places = np.unique(places * len(keys) + places_of_key, return_inverse=True)
            self._further.append((keys, pairs))
        self._numbers = np.empty(len(fitting), dtype=np.intp)
        self._numbers[places] = fitting

    def find(self, letters: Array) -> Indices:
        """Return the number of each value, given its letters, (width, values). It is -1 where a value is unknown."""
        if not len(self._numbers):
            return np.full(letters.shape[1], -1)
        first, *others = _keys(letters)
        places = _places(self._first_keys, first)
        for other, (keys, pairs) in zip(others, self._further, strict=True):
            places_of_key = _places(keys, other)
            # A place of -1 stays missing: no pair is below 0.
            places = _places(pairs, np.where(places_of_key < 0, -1, places * len(keys) + places_of_key))
        return np.where(places >= 0, self._numbers[places], -1)


def _keys(letters: Array) -> list[Array]:
    """Return the keys of values, (values,) each."""
    width = len(letters)
    edges = [*range(0, width, LETTERS_PER_KEY), width]
    return [_key(letters[start:end]) for start, end in pairwise(edges)]


def _key(letters: Array) -> Array:
    key = np.zeros(letters.shape[1], dtype=np.int64)
    for letter in letters:
        key <<= LETTER_BITS
        key |= letter
    return key


def _places(known: Array, wanted: Array) -> Indices:
    """Return the place of each number among known numbers in ascending order. It is -1 where it is missing."""
    places = known.searchsorted(wanted)
    places[places == len(known)] = 0
    return np.where(known[places] == wanted, places, -1)
