"""What a form tells besides its vector: each feature is a function from the form to a value.

    capitals      paris lower, Paris title, UN upper, A letter, McDonald mixed, 1984 digits, "," other
    shape         GloVe-6B -> XxXx-dX    (upper-case letter X, lower-case x, digit d; repeats are collapsed)
    prefix 3      Paris -> Par           (the whole form when it is shorter)
    suffix 3      Paris -> ris
    gazetteer T   B, I, E, S where the form stands in a name of type T, else none (see `inputs.gazetteer`)

The first four read the written form. The last one reads the matches that the form carries of its sentence.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from windowner.inputs.settings import FeaturesSettings

Value = Callable[[str], str]

POSITIONS = ["B", "E", "I", "S"]
"""Values of a gazetteer feature that have rows."""

MATCHED = "gazetteer"
"""The kind of feature that reads a form's matches, not the form."""


@dataclass(frozen=True)
class Feature:
    """A function of a form.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    argument
        Length of a prefix or suffix, in characters; type of a gazetteer's names; nothing for other kinds.
    """

    kind: str
    argument: str = ""

    @property
    def name(self) -> str:
        """Name of the feature's table: `capitals`, `prefix3`, `gazetteer.LOC`."""
        return f"{self.kind}.{self.argument}" if self.kind == MATCHED else f"{self.kind}{self.argument}"

    @property
    def reads_matches(self) -> bool:
        """Whether it is a function of the form's matches, and not of the written form."""
        return self.kind == MATCHED

    @property
    def value(self) -> Value:
        """The function."""
        return KINDS[self.kind](self.argument)


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
    """Return the word shape: the kinds of the form's characters, repeats collapsed, 8 kinds at most."""
    return _collapse(form.translate(_CHARACTER_KINDS))


@lru_cache(maxsize=1 << 16)  # a text has many forms and few sequences of kinds
def _collapse(kinds: str) -> str:
    return "".join(kind for kind, _ in groupby(kinds))[:8]


class _CharacterKinds(dict[int, str]):
    """The kind of each character, by its code, found when the character is first met."""

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
    """Return the function from the matches of a form, `B-LOC,E-ORG`, to its position in names of a type."""

    def position(matches: str) -> str:
        return next((match[0] for match in matches.split(",") if match[2:] == type), "none")

    return position


KINDS: dict[str, Callable[[str], Value]] = {
    "capitals": lambda _: capitals,
    "shape": lambda _: shape,
    "prefix": _prefix,
    "suffix": _suffix,
    MATCHED: _position,
}
"""What makes a feature's function, given its argument."""


def sized_features(settings: FeaturesSettings, gazetteer_types: Iterable[str] = ()) -> dict[Feature, int]:
    """Return the features that the settings switch on, and the dimensions D_j of each one's table.

    They stand in the order of their columns in X. An affix length that is given twice is one feature.
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
    """Return the values that get rows: those of at least `min_count` distinct training forms, alphabetically.

    Of a gazetteer feature, all positions.
    """
    if feature.reads_matches:
        return POSITIONS
    counts = Counter(map(feature.value, forms))
    return sorted(value for value, count in counts.items() if count >= min_count)
