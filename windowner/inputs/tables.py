"""Lookup tables: all that a form looks up, as one list that encoding, network, training and saving walk.

    row 0        PAD: beyond the edges of a sentence
    row 1        UNK: whatever has no row of its own
    row 2, ...   the table's values, such as words, suffixes or kinds of capitals

    F[r, j] = row of form r in table j            X = [E_1[F[:, 1]] ... E_k[F[:, k]]]

A table of word vectors finds the row of a form by the look-up ladder (`vectors.lookup`): as written, lower-cased, with
digits replaced. A table of a feature finds the row of the feature's value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from windowner.arrays import Array
from windowner.inputs.features import Feature
from windowner.vectors.lookup import look_up

PAD, UNK = 0, 1
FIRST = 2
"""Row of a table's first value."""

Group = Literal["words", "features"]


@dataclass(frozen=True, eq=False)
class Table:
    """A lookup table E_j.

    Parameters
    ----------
    name
        `words`, `words2`, ... for word vectors, else the feature's name.
    E
        The rows, (V_j, D_j). Training changes them in place.
    trainable
        How many of the first rows training may move.
    values
        What the rows 2, 3, ... stand for.
    feature
        The function of the form whose value is looked up; None for word vectors.
    """

    name: str
    E: Array
    trainable: int
    values: Sequence[str] = ()
    feature: Feature | None = None

    @property
    def group(self) -> Group:
        """What `train.update` and the learning rates call it."""
        return "words" if self.feature is None else "features"

    @property
    def parameter(self) -> str:
        """Name of E among the network's parameters."""
        return f"E.{self.name}"

    @property
    def size(self) -> int:
        """Dimensions D_j."""
        return int(self.E.shape[1])

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each value."""
        return {value: row for row, value in enumerate(self.values, start=FIRST)}

    def find_rows(self, forms: Iterable[str], matches: Iterable[str]) -> list[int]:
        """Return the row of each form; `UNK` where a form or its value has none.

        Parameters
        ----------
        forms
            Written forms.
        matches
            Their matches in gazetteers, as `inputs.gazetteer` writes them.
        """
        if self.feature is None:
            return [self.word_row(form) for form in forms]
        value, rows = self.feature.value, self.rows
        return [rows.get(value(text), UNK) for text in (matches if self.feature.reads_matches else forms)]

    def word_row(self, form: str) -> int:
        """Return the row of a form in a table of word vectors, `UNK` if it has none."""
        row, _ = look_up(form, self.rows)
        return row if row >= 0 else UNK

    def with_rows(self, E: Array) -> "Table":
        """Return the same table with other rows."""
        return replace(self, E=E)


def group_columns(tables: Sequence[Table], group: Group) -> list[int]:
    """Return the columns of F that belong to the tables of a group."""
    return [column for column, table in enumerate(tables) if table.group == group]
