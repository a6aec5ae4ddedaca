"""The look-up ladder: how a form of the text finds its row in the pretrained vectors.

    rung      tried                         for
    exact     Paris
    lower     paris                         lower-cased vectors, such as GloVe 6B
    digits    1984 -> 0000, then ####       vectors made from text with digits replaced, such as GoogleNews
    oov       no vector

Coverage counts the types (distinct forms) and tokens of a split by rung.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

RUNGS = ("exact", "lower", "digits", "oov")

DIGIT = re.compile(r"\d")


def look_up(form: str, key_to_index: Mapping[str, int]) -> tuple[int, str]:
    """Return the row of a form (-1 if it has none) and the rung where it was found."""
    row = key_to_index.get(form)
    if row is not None:
        return row, "exact"
    lower = form.lower()
    row = key_to_index.get(lower)
    if row is not None:
        return row, "lower"
    if DIGIT.search(lower):
        for digit in "0#":
            row = key_to_index.get(DIGIT.sub(digit, lower))
            if row is not None:
                return row, "digits"
    return -1, "oov"


@dataclass(frozen=True)
class Coverage:
    """Counts of types and tokens by rung; all rungs are keys, in the order of `RUNGS`."""

    types: dict[str, int]
    tokens: dict[str, int]

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Return `{"types": {rung: count}, "tokens": {rung: count}}`, for JSON."""
        return asdict(self)


def coverage(form_counts: Mapping[str, int], key_to_index: Mapping[str, int]) -> Coverage:
    """Count the forms of a split and their tokens by rung."""
    types, tokens = dict.fromkeys(RUNGS, 0), dict.fromkeys(RUNGS, 0)
    for form, count in form_counts.items():
        _, rung = look_up(form, key_to_index)
        types[rung] += 1
        tokens[rung] += count
    return Coverage(types, tokens)
