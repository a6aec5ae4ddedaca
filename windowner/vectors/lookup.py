"""The look-up ladder: how a form of the text finds its row in the pretrained vectors.

    rung        tried                         for
    exact       Paris
    lower       paris                         lower-cased vectors, such as GloVe 6B
    digits      1984 -> 0000, then ####       vectors made from text with digits replaced, such as GoogleNews
    normalized  e + accent -> é, Ａ -> A       characters that look alike, or cannot be seen (see `normalized`)
    oov         no vector

Coverage counts the types (distinct forms) and tokens of a split by rung.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import repeat

import numpy as np

from windowner.arrays import Ids

RUNGS = ("exact", "lower", "digits", "normalized", "oov")

DIGIT = re.compile(r"\d")
_VARIANTS = ("<wide>", "<narrow>")


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
    for plain in normalized(form):
        row = _first_row(plain, key_to_index)
        if row is not None:
            return row, "normalized"
    return -1, "oov"


def look_up_all(forms: Sequence[str], key_to_index: Mapping[str, int]) -> Ids:
    """Return the row that `look_up` returns for each form, (forms,). It is -1 where a form has none.

    All forms go up a rung together. Most forms are found on the first two rungs.
    """
    rows = np.fromiter(map(key_to_index.get, forms, repeat(-1)), dtype=np.int32, count=len(forms))
    missing = np.flatnonzero(rows < 0)
    lowered = [forms[place].lower() for place in missing.tolist()]
    rows[missing] = np.fromiter(map(key_to_index.get, lowered, repeat(-1)), dtype=np.int32, count=len(lowered))
    for place in np.flatnonzero(rows < 0).tolist():
        form = forms[place]
        if not form.isascii() or DIGIT.search(form):  # else there are no further rungs
            rows[place] = look_up(form, key_to_index)[0]
    return rows


def normalized(form: str) -> Iterator[str]:
    """Yield a form as it is usually written, where that differs: composed (NFC), and then also without odd characters.

    `e` and an accent become `é`. A full-width `Ａ` becomes `A`, and the ligature `ﬁ` becomes `fi`. Soft hyphens,
    zero-width characters and variation selectors vanish.
    """
    if form.isascii():
        return
    composed = unicodedata.normalize("NFC", form)
    plain = unicodedata.normalize("NFC", "".join(map(_usual, form)))
    for each in dict.fromkeys((composed, plain)):
        if each and each != form:
            yield each


def _usual(character: str) -> str:
    """Return how a character is usually written: "" if it is invisible."""
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    if unicodedata.decomposition(character).startswith(_VARIANTS) or "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    return character


def _first_row(form: str, key_to_index: Mapping[str, int]) -> int | None:
    """Return the row of a form, or of its lower-case form."""
    row = key_to_index.get(form)
    return key_to_index.get(form.lower()) if row is None else row


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
