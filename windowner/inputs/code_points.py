"""The characters of many forms in arrays, and the features of these forms by array operations.

    forms        Rome  a  1984
    codes        R o m e a 1 9 8 4        code points of the characters of all forms
    starts       0 4 5                    place of each form's first character
    ends         4 5 9                    place behind its last character

A feature's values are returned as letters, (width, forms). Column f holds the code points of form f's value, plus 1.
Behind the end of a shorter value stand zeros. `features` defines each feature for one form. The functions here return
the same values.

A text has thousands of new forms, and a sentence has a few. For thousands of forms, array operations take a third of
the time of calls. For a few forms, calls take less.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from windowner.arrays import Array, Indices

UPPER, LOWER, TITLE, ALPHA, NO_DIGIT, FOUND = (1 << bit for bit in range(6))
"""What a character is, as bits. A character of the kind TITLE, such as ǅ, is neither UPPER nor LOWER."""

CLASSES = ("digits", "lower", "upper", "letter", "title", "mixed", "other")
"""The values of the feature `capitals`."""

SHAPE_LENGTH = 8
"""Characters of a word shape, at most."""


@dataclass(frozen=True)
class CodePoints:
    """The characters of some forms; see the module."""

    codes: Array
    starts: Indices
    ends: Indices

    @classmethod
    def of(cls, forms: Sequence[str]) -> "CodePoints":
        """Return the characters of forms."""
        codes = np.frombuffer("".join(forms).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        lengths = np.fromiter(map(len, forms), dtype=np.intp, count=len(forms))
        ends = np.cumsum(lengths)
        return cls(codes, ends - lengths, ends)

    @cached_property
    def lengths(self) -> Indices:
        """Number of characters of each form."""
        return self.ends - self.starts

    @cached_property
    def kinds(self) -> Array:
        """What each character is, as bits."""
        return _find_kinds(self.codes)

    def prefixes(self, length: int) -> Array:
        """Return the letters of the first `length` characters of each form."""
        return self._letters(self.codes, self.starts, np.minimum(self.starts + length, self.ends), length)

    def suffixes(self, length: int) -> Array:
        """Return the letters of the last `length` characters of each form."""
        return self._letters(self.codes, np.maximum(self.ends - length, self.starts), self.ends, length)

    def shapes(self) -> Array:
        """Return the letters of each form's shape."""
        kinds = np.where(self.kinds & NO_DIGIT, self.codes, ord("d"))
        kinds[self.kinds & ALPHA > 0] = ord("x")
        kinds[self.kinds & UPPER > 0] = ord("X")
        opens_run = np.ones(len(kinds), dtype=np.bool_)  # a run is a stretch of equal kinds within a form
        opens_run[1:] = kinds[1:] != kinds[:-1]
        opens_run[self.starts[self.lengths > 0]] = True
        runs_before = np.concatenate([[0], np.cumsum(opens_run)])
        first, last = runs_before[self.starts], runs_before[self.ends]
        return self._letters(kinds[opens_run], first, np.minimum(first + SHAPE_LENGTH, last), SHAPE_LENGTH)

    def capitals(self) -> Array:
        """Return the letters of each form's capitalisation class."""
        lengths = self.lengths
        padded = np.append(self.kinds, [0, 0])  # so that there is a place behind the last character
        edges = np.stack([self.starts, self.starts + 1], axis=1).reshape(-1)
        # The bits of the first character, and those of the characters behind it together. `reduceat` gives some bits
        # where there are no characters.
        first, rest = np.bitwise_or.reduceat(padded, edges)[: 2 * len(lengths)].reshape(-1, 2).T
        first, rest = first * (lengths > 0), rest * (lengths > 1)
        cases, cases_of_rest = (bits & (UPPER | LOWER | TITLE) for bits in (first | rest, rest))
        conditions = (
            (lengths > 0) & (((first | rest) & NO_DIGIT) == 0),
            cases == LOWER,
            (cases == UPPER) & (lengths > 1),
            cases == UPPER,
            (first & UPPER > 0) & (cases_of_rest == LOWER),
            cases & UPPER > 0,
        )
        classes = np.select(conditions, range(len(conditions)), default=len(conditions))
        return _CLASS_LETTERS[:, classes]

    def _letters(self, codes: Array, starts: Indices, ends: Indices, width: int) -> Array:
        """Return the letters of the characters from `starts` to `ends` (exclusive), at most `width` each."""
        letters = np.zeros((width, len(starts)), dtype=np.int64)
        for row in range(width if len(codes) else 0):
            places = starts + row
            letters[row] = codes.take(places, mode="clip")
            letters[row] += 1
            letters[row] *= places < ends
        return letters


class _Kinds:
    """A function from characters to what they are. A character is looked at when it first occurs."""

    def __init__(self) -> None:
        self._kinds = np.zeros(sys.maxunicode + 1, dtype=np.uint8)  # takes no memory before it is filled

    def __call__(self, codes: Array) -> Array:
        kinds = self._kinds.take(codes)
        if not kinds.all():
            new = np.unique(codes[kinds == 0])
            self._kinds[new] = [_kind(chr(code)) for code in new.tolist()]
            kinds = self._kinds.take(codes)
        return kinds


def _kind(character: str) -> int:
    is_upper = character.isupper()
    kind = FOUND | UPPER * is_upper | LOWER * character.islower() | TITLE * (character.istitle() and not is_upper)
    return kind | ALPHA * character.isalpha() | NO_DIGIT * (not character.isdigit())


_find_kinds = _Kinds()


def letters_of(values: Sequence[str], width: int) -> Array:
    """Return the letters, (width, values), of values that have `width` characters at most."""
    return CodePoints.of(values).prefixes(width)


_CLASS_LETTERS = letters_of(CLASSES, max(map(len, CLASSES)))
