"""The characters of a form, as rows of a table.

    row 0        PAD, beyond the end of the form
    row 1        UNK, for every character without a row of its own
    row 2, 3     the marks before the first character and after the last one
    row 4, ...   one row for each character that enough training forms hold

    Paris        start P a r i s end PAD ... PAD            (COLUMNS,)

Of a form of more than `2 * EDGE` characters, the first and the last `EDGE` ones are read. The padding beyond the edges
of a sentence has no characters: all of its rows are PAD.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from windowner.arrays import Ids
from windowner.inputs.tables import FIRST, PAD, UNK

EDGE = 12
"""Characters that are read at each end of a long form."""

MARKS = ("start", "end")
"""Values of the rows of the marks. They are longer than a character, so that they equal none."""

START, END = FIRST, FIRST + 1
COLUMNS = 2 * EDGE + len(MARKS)
"""Columns of F that hold characters."""


@dataclass(frozen=True)
class Alphabet:
    """The characters that have rows.

    Parameters
    ----------
    values
        The values of rows 2, 3, ...: the marks and the characters.
    """

    values: Sequence[str]

    def __len__(self) -> int:
        """Return the number of rows."""
        return FIRST + len(self.values)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each value."""
        return dict(zip(self.values, range(FIRST, len(self)), strict=True))

    def spell(self, forms: Sequence[str]) -> Ids:
        """Return the rows of the characters of forms, (len(forms), COLUMNS)."""
        texts, rows = list(map(cut, forms)), self.rows
        lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
        written = (rows.get(character, UNK) for character in chain.from_iterable(texts))
        is_character = np.arange(COLUMNS - 1) < lengths[:, None]
        spelled = np.full((len(texts), COLUMNS), PAD, dtype=np.int32)
        spelled[:, 0] = START
        spelled[:, 1:][is_character] = np.fromiter(written, dtype=np.int32, count=int(lengths.sum()))
        spelled[np.arange(len(texts)), lengths + 1] = END
        return spelled


def make_alphabet(forms: Iterable[str], min_count: int) -> Alphabet:
    """Return the alphabet of distinct forms. A character has a row if at least `min_count` of them hold it."""
    counts = Counter(chain.from_iterable(set(cut(form)) for form in forms))
    return Alphabet([*MARKS, *sorted(character for character, count in counts.items() if count >= min_count)])


def cut(form: str) -> str:
    """Return the characters of a form that are read."""
    return form if len(form) <= 2 * EDGE else form[:EDGE] + form[-EDGE:]
