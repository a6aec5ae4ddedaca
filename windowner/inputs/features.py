"""What a word's written form tells besides its vector: each feature is a function from the form to a value.

    capitals   paris lower, Paris title, UN upper, A letter, McDonald mixed, 1984 digits, "," other
    shape      GloVe-6B -> XxXx-dX    (upper-case letter X, lower-case x, digit d; repeats are collapsed)
    prefix3    Paris -> Par           (the whole form when it is shorter)
    suffix3    Paris -> ris

A value is a row of the feature's own small table. Rows 0 and 1 of every table are the padding beyond the edges of a
sentence and the values that training saw too seldom.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from windowner.inputs.settings import FeaturesSettings

PAD, UNK = 0, 1  # rows of every table, the word vectors' too
WRITTEN, MATCHES, CASING = range(3)  # what a feature may be a function of (see `inputs.context.Told`)


@dataclass(frozen=True)
class Feature:
    """A function of the written form, or of what it carries of its sentence, and the dimensions D_j of its table."""

    name: str
    size: int
    value: Callable[[str], str]
    of: int = WRITTEN


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
    return _collapse(form.translate(_KINDS))


@lru_cache(maxsize=1 << 16)  # a text has many forms and few sequences of kinds
def _collapse(kinds: str) -> str:
    return "".join(kind for kind, _ in groupby(kinds))[:8]


class _Kinds(dict[int, str]):
    """The kind of each character, by its code, found out when it is first met."""

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


_KINDS = _Kinds()


def _prefix(length: int) -> Callable[[str], str]:
    return itemgetter(slice(length))  # form[:length]


def _suffix(length: int) -> Callable[[str], str]:
    return itemgetter(slice(-length, None))  # form[-length:]


def form_features(settings: FeaturesSettings) -> list[Feature]:
    """Return the features that the settings switch on, in the order in which their tables stand in X.

    An affix length that is given twice is one feature.
    """
    features = [
        Feature("capitals", settings.capitals, capitals),
        Feature("shape", settings.shape, shape),
        *(Feature(f"prefix{n}", settings.affix_size, _prefix(n)) for n in dict.fromkeys(settings.prefixes)),
        *(Feature(f"suffix{n}", settings.affix_size, _suffix(n)) for n in dict.fromkeys(settings.suffixes)),
    ]
    return [feature for feature in features if feature.size > 0]


def feature_vocabulary(feature: Feature, forms: Iterable[str], min_count: int) -> list[str]:
    """Return the values that at least `min_count` of the distinct training forms have, in alphabetical order."""
    counts = Counter(map(feature.value, forms))
    return sorted(value for value, count in counts.items() if count >= min_count)


def value_rows(vocabulary: Iterable[str]) -> Mapping[str, int]:
    """Map each value to its table row; rows 0 and 1 are PAD and UNK."""
    return {value: row for row, value in enumerate(vocabulary, start=UNK + 1)}
