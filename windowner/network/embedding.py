"""The embedding: from table rows F to X, the tables' rows side by side, and back from dX to the tables' gradients.

    X       = [X_1 ... X_k],  X_j = E_j[F[:, j]]                                   (R, D), X_j is (R, D_j)
    dE_j[v] = sum of dX_j[r] over all forms r with F[r, j] == v                     (V_j, D_j)

X_j are the columns of X that table j fills, and dX_j are the same columns of dX. `rows` computes the sum.

dX_j is needed only for forms whose row in table j is trainable. Therefore the caller passes a function that computes dX
for some forms and some columns. The other entries of dX are never computed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.batches import Distinct, FindDistinct, distinct_by_sorting
from windowner.inputs.tables import Table
from windowner.network.rows import RowGradient, gather_gradient

ALL = slice(None)
LARGEST_MARKER = 1 << 20
"""Trainable rows of a table. For more rows, sorting a batch is faster than a marker array of that size."""

FormGradient = Callable[[Any, slice], Array]
"""A function that returns dX for some of the R forms (indices or a slice) and some of the D columns."""


@dataclass(frozen=True)
class Embedding:
    """Lookup tables, in the order of F's columns."""

    tables: Sequence[Table]

    @cached_property
    def parts(self) -> list[slice]:
        """The columns of X that each table fills."""
        ends = list(accumulate(table.size for table in self.tables))
        return [slice(end - table.size, end) for table, end in zip(self.tables, ends, strict=True)]

    @cached_property
    def _distinct(self) -> list[FindDistinct]:
        """A function for each table that finds the distinct rows of a batch. Kept, so that memory is taken once."""
        counts = [table.trainable for table in self.tables]
        return [Distinct(count) if count <= LARGEST_MARKER else distinct_by_sorting for count in counts]

    def look_up(self, F: Ids) -> Array:
        """Return X, (R, D): the table rows of each form, side by side."""
        parts = [table.E.take(F[:, column], axis=0) for column, table in enumerate(self.tables)]
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def gradients(self, F: Ids, dX: FormGradient) -> dict[str, RowGradient]:
        """Return dE_j of every table, by the name of its parameter."""
        trainable = [_trainable_forms(table, F[:, column]) for column, table in enumerate(self.tables)]
        # Behind the last table that has a frozen row in this batch, all forms of all tables are trainable. These
        # columns of dX are one product. When every row is trainable, they are the whole of dX.
        frozen_ends = (part.stop for part, forms in zip(self.parts, trainable, strict=True) if forms is not None)
        shared = max(frozen_ends, default=0)
        dX_shared = dX(ALL, slice(shared, None))
        gradients = {}
        for column, (table, part, forms) in enumerate(zip(self.tables, self.parts, trainable, strict=True)):
            ids = F[:, column]
            if forms is not None:
                ids, dE = ids[forms], dX(forms, part)
            elif part.start < shared:
                dE = dX(ALL, part)
            else:
                dE = dX_shared[:, part.start - shared : part.stop - shared]
            gradients[table.parameter] = gather_gradient(ids, dE, self._distinct[column])
        return gradients


def _trainable_forms(table: Table, ids: Ids) -> Indices | None:
    """Return the forms whose row in a table training may move. None if these are all forms."""
    if table.trainable >= len(table.E):
        return None
    forms = np.flatnonzero(ids < table.trainable)
    return None if len(forms) == len(ids) else forms
