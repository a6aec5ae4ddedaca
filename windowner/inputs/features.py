"""Features of a form. A feature is a function from the form to a value, which is then looked up in a table.

    capitals      paris lower, Paris title, UN upper, A letter, McDonald mixed, 1984 digits, "," other
    shape         GloVe-6B -> XxXx-dX    (X upper-case letter, x other letter, d digit; repeats are collapsed)
    prefix 3      Paris -> Par           (a shorter form is its own prefix)
    suffix 3      Paris -> ris
    gazetteer T   the position B, I, E or S of the token in a name of type T, else none (see `inputs.gazetteer`)

The first four read the written form. The last one reads the form's matches, which depend on the sentence. The values
of many forms are also found by array operations (`inputs.code_points`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from windowner.arrays import Array
from windowner.inputs.code_points import CLASSES, SHAPE_LENGTH, CodePoints
from windowner.inputs.settings import FeaturesSettings

Value = Callable[[str], str]

POSITIONS = ["B", "E", "I", "S"]
"""Values of a gazetteer feature that have rows."""

MATCHED = "gazetteer"
"""The kind of feature that reads a form's matches. All other kinds read the written form."""


@dataclass(frozen=True)
class Feature:
    """A function of a form.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    argument
        Length of a prefix or suffix, in characters; type of a gazetteer's names; empty for other kinds.
    """

    kind: str
    argument: str = ""

    @property
    def name(self) -> str:
        """Name of the feature's table, such as `capitals`, `prefix3` or `gazetteer.LOC`."""
        return f"{self.kind}.{self.argument}" if self.kind == MATCHED else f"{self.kind}{self.argument}"

    @property
    def reads_matches(self) -> bool:
        """Whether the feature reads the form's matches. If not, it reads the written form."""
        return self.kind == MATCHED

    @property
    def value(self) -> Value:
        """The function from the text that the feature reads to the value."""
        return KINDS[self.kind](self.argument)

    @property
    def width(self) -> int:
        """Characters of a value, at most. The feature does not read matches."""
        widths = {"capitals": max(map(len, CLASSES)), "shape": SHAPE_LENGTH}
        return widths[self.kind] if self.kind in widths else int(self.argument)

    def letters(self, code_points: CodePoints) -> Array:
        """Return the letters of the values of many forms, (width, forms). The feature does not read matches."""
        return LETTERS[self.kind](code_points, self.width)


def capitals(form: str) -> str:
    """Return the capitalisation class of a form."""
    if form.isdigit():
        return "digits"
    if form.islower():
        return "lower"
    if form.isupper():
        return "upper" if len(form) > 1 else "letter"
    if form[:1].isupper() and form[1:].islower():
        return "title"
    return "mixed" if any(map(str.isupper, form)) else "other"


def shape(form: str) -> str:
    """Return the word shape: the kinds of the form's characters without repeats, at most 8."""
    return _collapse(form.translate(_CHARACTER_KINDS))


@lru_cache(maxsize=1 << 16)  # a text has many forms and few sequences of kinds
def _collapse(kinds: str) -> str:
    return "".join(kind for kind, _ in groupby(kinds))[:SHAPE_LENGTH]


class _CharacterKinds(dict[int, str]):
    """The kind of each character, by its code. A kind is found when the character first occurs."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isupper():
            kind = "X"
        elif character.isalpha():
            kind = "x"
        else:
            kind = "d" if character.isdigit() else character
        self[code] = kind
        return kind


_CHARACTER_KINDS = _CharacterKinds()


def _prefix(length: str) -> Value:
    return itemgetter(slice(int(length)))  # form[:length]


def _suffix(length: str) -> Value:
    return itemgetter(slice(-int(length), None))  # form[-length:]


def _position(type: str) -> Value:
    """Return the function from the matches of a form, such as `B-LOC,E-ORG`, to its position in names of a type."""

    def position(matches: str) -> str:
        return next((match[0] for match in matches.split(",") if match and match[2:] == type), "none")

    return position


KINDS: dict[str, Callable[[str], Value]] = {
    "capitals": lambda _: capitals,
    "shape": lambda _: shape,
    "prefix": _prefix,
    "suffix": _suffix,
    MATCHED: _position,
}
"""Functions that return a feature's function, given its argument, by the kind of feature."""

LETTERS: dict[str, Callable[[CodePoints, int], Array]] = {
    "capitals": lambda code_points, _: code_points.capitals(),
    "shape": lambda code_points, _: code_points.shapes(),
    "prefix": CodePoints.prefixes,
    "suffix": CodePoints.suffixes,
}
"""Functions that return the letters of many values at once, by the kind of feature."""


def sized_features(settings: FeaturesSettings, gazetteer_types: Iterable[str] = ()) -> dict[Feature, int]:
    """Return the features that the settings switch on, with the dimensions D_j of each feature's table.

    The features are in the order of their columns in X. An affix length that is listed twice is one feature.
    """
    features = {
        Feature("capitals"): settings.capitals,
        Feature("shape"): settings.shape,
        **{Feature("prefix", str(length)): settings.affix_size for length in settings.prefixes},
        **{Feature("suffix", str(length)): settings.affix_size for length in settings.suffixes},
        **{Feature(MATCHED, type): settings.gazetteer_size for type in gazetteer_types},
    }
    return {feature: size for feature, size in features.items() if size > 0}


def feature_values(feature: Feature, forms: Iterable[str], min_count: int) -> list[str]:
    """Return the values of a feature that have rows, in alphabetical order.

    A value has a row if at least `min_count` distinct training forms have this value. Every position of a gazetteer
    feature has a row.
    """
    if feature.reads_matches:
        return POSITIONS
    counts = Counter(map(feature.value, forms))
    return sorted(value for value, count in counts.items() if count >= min_count)
