"""From the rows F of forms to what the tables hold of them, side by side, and back to the rows' gradients.

    X    = [E_1[F[:,1]] ... E_k[F[:,k]]]        (R, D)
    dE_j = rows of dX's j-th slice, summed by F[:, j]

Only the forms whose row in a table is trainable need that table's slice of dX. The caller hands over a function that
computes dX for some forms and some columns, so that the rest is never multiplied.
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
MARKED = 1 << 18  # rows of a table up to which marking them is faster than sorting those of a batch

FormGradient = Callable[[Any, slice], Array]
"""Returns the gradient dX of some of the R forms (indices or a slice) and some of the D columns."""


@dataclass(frozen=True)
class Embedding:
    """Lookup tables side by side, in the order of F's columns."""

    tables: Sequence[Table]

    @cached_property
    def parts(self) -> list[slice]:
        """Columns of X that each table fills."""
        ends = list(accumulate(table.size for table in self.tables))
        return [slice(end - table.size, end) for table, end in zip(self.tables, ends, strict=True)]

    @cached_property
    def _distinct(self) -> list[FindDistinct]:
        """What finds, for each table, the distinct rows among those that training may move; memory is taken once."""
        counts = [table.trainable for table in self.tables]
        return [Distinct(count) if count <= MARKED else distinct_by_sorting for count in counts]

    def look_up(self, F: Ids) -> Array:
        """Return X, (R, D): the table rows of each form side by side."""
        parts = [table.E[F[:, column]] for column, table in enumerate(self.tables)]
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def gradients(self, F: Ids, dX: FormGradient) -> dict[str, RowGradient]:
        """Return dE_j of every table, by the name of its parameter."""
        movable = [_movable(table, F[:, column]) for column, table in enumerate(self.tables)]
        # Tables behind the last one with a form that may not move, all of them when fine-tuned, share one product.
        held = (part.stop for part, forms in zip(self.parts, movable, strict=True) if forms is not None)
        shared = max(held, default=0)
        dX_shared = dX(ALL, slice(shared, None))
        gradients = {}
        for column, (table, part, forms) in enumerate(zip(self.tables, self.parts, movable, strict=True)):
            ids = F[:, column]
            if forms is not None:
                ids, dE = ids[forms], dX(forms, part)
            elif part.start < shared:
                dE = dX(ALL, part)
            else:
                dE = dX_shared[:, part.start - shared : part.stop - shared]
            gradients[table.parameter] = gather_gradient(ids, dE, self._distinct[column])
        return gradients


def _movable(table: Table, ids: Ids) -> Indices | None:
    """Return which forms' rows of a table training may move, or None if it may move those of all."""
    if table.trainable >= len(table.E):
        return None
    forms = np.flatnonzero(ids < table.trainable)
    return None if len(forms) == len(ids) else forms
