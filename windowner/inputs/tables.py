"""Lookup tables, in which forms have their rows. Encoding, network, training and saving share one list of tables.

    row 0        PAD, for padding beyond the edges of a sentence
    row 1        UNK, for every value without a row of its own
    row 2, ...   one row for each value of the table, such as a word, a suffix or a capitalisation class

    F[r, j] = row of form r in table j            X = [E_1[F[:, 1]] ... E_k[F[:, k]]]

A table of word vectors finds the row of a form by the look-up ladder (`vectors.lookup`). It tries the form as written,
then lower-cased, then with its digits replaced. A table of a feature finds the row of the feature's value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.code_points import CodePoints
from windowner.inputs.features import Feature
from windowner.inputs.known_values import KnownValues
from windowner.vectors.lookup import look_up, look_up_all

PAD, UNK = 0, 1
FIRST = 2
"""Row of a table's first value."""

MANY = 400
"""For this many forms and more, features are found by array operations. For fewer, calls take less time."""

Group = Literal["words", "features"]


@dataclass(frozen=True)
class NewForms:
    """Forms whose rows are wanted.

    Parameters
    ----------
    written
        The written forms.
    matches
        The forms' matches in the gazetteer, as `inputs.gazetteer` writes them. Empty without a gazetteer.
    """

    written: Sequence[str]
    matches: Sequence[str] = ()

    @cached_property
    def code_points(self) -> CodePoints:
        """The characters of the written forms."""
        return CodePoints.of(self.written)


@dataclass(frozen=True, eq=False)
class Table:
    """A lookup table E_j.

    Parameters
    ----------
    name
        `words`, `words2`, ... for word vectors. The feature's name for other tables.
    E
        The rows, (V_j, D_j). Training changes them in place.
    trainable
        Number of rows that training may move. They are the first rows.
    values
        The values of rows 2, 3, ...
    feature
        The feature whose value is looked up. None for word vectors, where the form itself is looked up.
    before_thaw
        Number of first rows that training may move before the thaw (`training.thaw`). None if it is always
        `trainable`.
    """

    name: str
    E: Array
    trainable: int
    values: Sequence[str] = ()
    feature: Feature | None = None
    before_thaw: int | None = None

    @property
    def group(self) -> Group:
        """The table's group in `train.update` and in the learning rates."""
        return "words" if self.feature is None else "features"

    @property
    def parameter(self) -> str:
        """Name of E among the network's parameters."""
        return f"E.{self.name}"

    @property
    def size(self) -> int:
        """The number of dimensions D_j."""
        return int(self.E.shape[1])

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each value."""
        return dict(zip(self.values, range(FIRST, FIRST + len(self.values)), strict=True))

    @cached_property
    def _known_values(self) -> KnownValues:
        """Finds the values of a feature that reads the written form."""
        return KnownValues(self.values, 0 if self.feature is None else self.feature.width)

    def find_rows(self, forms: NewForms) -> Ids | list[int]:
        """Return the row of each form, (forms,). It is `UNK` where a form or its value has no row."""
        if self.feature is None:
            rows = look_up_all(forms.written, self.rows)
            return np.where(rows < 0, UNK, rows)
        if not self.feature.reads_matches and len(forms.written) >= MANY:
            numbers = self._known_values.find(self.feature.letters(forms.code_points))
            return np.where(numbers < 0, UNK, FIRST + numbers)
        value, known = self.feature.value, self.rows
        texts = forms.matches if self.feature.reads_matches else forms.written
        return [known.get(value(text), UNK) for text in texts]

    def word_row(self, form: str) -> int:
        """Return the row of a form in a table of word vectors. It is `UNK` where the form has no row."""
        row, _ = look_up(form, self.rows)
        return row if row >= 0 else UNK

    def with_rows(self, E: Array) -> "Table":
        """Return a table that differs in its rows E alone."""
        return replace(self, E=E)


def group_columns(tables: Sequence[Table], group: Group) -> list[int]:
    """Return the columns of F that belong to the tables of a group."""
    return [column for column, table in enumerate(tables) if table.group == group]
