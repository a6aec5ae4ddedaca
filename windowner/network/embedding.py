"""The embedding: from table rows F to X, the tables' rows side by side, and back from dX to the tables' gradients.

    X       = [X_1 ... X_k],  X_j = E_j[F[:, j]]                                   (R, D), X_j is (R, D_j)
    dE_j[v] = sum of dX_j[r] over all forms r with F[r, j] == v                     (V_j, D_j)

X_j are the columns of X that table j fills, and dX_j are the same columns of dX. `rows` computes the sum.

Neighbouring tables of the same width whose rows may all move are a `Stack`. Their sums are one sum over the rows of all
these tables. In it, row v of a table has the number v + (rows of the tables before it).

dX_j is needed only for forms whose row in table j is trainable. Therefore the caller passes a function that computes dX
for some forms and some columns. The other entries of dX are never computed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, pairwise
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
class Stack:
    """One table, or neighbouring tables of the same width whose rows may all move.

    Parameters
    ----------
    tables
        The tables.
    columns
        Their columns of F.
    part
        The columns of X that they fill.
    """

    tables: Sequence[Table]
    columns: slice
    part: slice

    @cached_property
    def _distinct(self) -> FindDistinct:
        """Finds the distinct rows of a batch. Kept, so that memory is taken once."""
        count = sum(table.trainable for table in self.tables)
        return Distinct(count) if count <= LARGEST_MARKER else distinct_by_sorting

    @cached_property
    def _starts(self) -> Ids:
        """Number of the first row of each table."""
        return np.cumsum([0, *(len(table.E) for table in self.tables[:-1])], dtype=np.int32)

    @cached_property
    def _owners(self) -> Ids:
        """The table of each row."""
        return np.repeat(np.arange(len(self.tables), dtype=np.int32), [len(table.E) for table in self.tables])

    def trainable_forms(self, F: Ids) -> Indices | None:
        """Return the forms whose row training may move. None if these are all forms."""
        (table, *others), ids = self.tables, F[:, self.columns.start]
        if others or table.trainable >= len(table.E) or ids.max(initial=-1) < table.trainable:
            return None
        return np.flatnonzero(ids < table.trainable)

    def gradients(self, ids: Ids, dX: Array) -> Iterator[tuple[str, RowGradient]]:
        """Yield the name and the gradient of each table, given the rows `ids`, (R, tables), of forms, and their dX."""
        if len(self.tables) == 1:
            yield self.tables[0].parameter, gather_gradient(ids[:, 0], dX, self._distinct)
            return
        R, count = ids.shape
        numbers = (ids + self._starts).T.reshape(-1)  # of all forms for the first table, then for the second, ...
        tables_first = dX.reshape(R, count, -1).transpose(1, 0, 2).reshape(R * count, -1)
        gradient = gather_gradient(numbers, tables_first, self._distinct)
        edges = self._owners[gradient.rows].searchsorted(np.arange(count + 1)).tolist()
        for table, first, (start, stop) in zip(self.tables, self._starts, pairwise(edges), strict=True):
            yield table.parameter, RowGradient(gradient.rows[start:stop] - first, gradient.values[start:stop])


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
    def stacks(self) -> list[Stack]:
        """All tables, in their order."""

        def kind(column: int) -> tuple[int, int]:
            """Return what the columns of a stack share. A table with frozen rows is a stack by itself."""
            table = self.tables[column]
            return table.size, column if table.trainable < len(table.E) else -1

        stacks = []
        for _, group in groupby(range(len(self.tables)), kind):
            columns = list(group)
            first, last = columns[0], columns[-1]
            part = slice(self.parts[first].start, self.parts[last].stop)
            stacks.append(Stack(self.tables[first : last + 1], slice(first, last + 1), part))
        return stacks

    def look_up(self, F: Ids) -> Array:
        """Return [X_1 ... X_k]: the table rows of each form, side by side."""
        parts = [table.E.take(F[:, column], axis=0) for column, table in enumerate(self.tables)]
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def gradients(self, F: Ids, dX: FormGradient) -> dict[str, RowGradient]:
        """Return dE_j of every table, by the name of its parameter."""
        trainable = [stack.trainable_forms(F) for stack in self.stacks]
        # Behind the last table that has a frozen row in this batch, all forms of all tables are trainable. These
        # columns of dX are one product. When every row is trainable, they are the whole of dX.
        frozen = [stack.part.stop for stack, forms in zip(self.stacks, trainable, strict=True) if forms is not None]
        shared = max(frozen, default=0)
        dX_shared = dX(ALL, slice(shared, self.parts[-1].stop))
        gradients: dict[str, RowGradient] = {}
        for stack, forms in zip(self.stacks, trainable, strict=True):
            part, ids = stack.part, F[:, stack.columns]
            if forms is not None:
                ids, dE = ids[forms], dX(forms, part)
            elif part.start < shared:
                dE = dX(ALL, part)
            else:
                dE = dX_shared[:, part.start - shared : part.stop - shared]
            gradients.update(stack.gradients(ids, dE))
        return gradients
