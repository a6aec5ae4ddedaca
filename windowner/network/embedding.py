"""From the rows F of forms to what the tables hold of them, side by side, and back to the rows' gradients.

    X    = [E_1[F[:,1]] ... E_k[F[:,k]]]        (R, D)
    dE_j = rows of dX's j-th slice, summed by F[:, j]

dX is asked for by forms and columns, and only for forms whose row in a table is trainable; the rest is never
multiplied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import Distinct, FindDistinct, distinct_by_sorting
from windowner.network.bags import Bags
from windowner.network.rows import RowGradient, gather_gradient

ALL = slice(None)
MARKED = 1 << 18  # rows of a table up to which marking them is faster than sorting those of a batch


@dataclass(frozen=True)
class Embedding:
    """Lookup tables, in the order of F's columns.

    Parameters
    ----------
    tables
        The tables E_j by name, each (V_j, D_j).
    trainable
        For each table, how many of its first rows training may move.
    bags
        For each table of which a form looks several rows up, how many columns of F it has; such tables come last, and
        all of their rows may move (see `network.bags`).
    """

    tables: Mapping[str, Array]
    trainable: Mapping[str, int]
    bags: Mapping[str, int]

    @cached_property
    def columns(self) -> dict[str, slice]:
        """Columns of F that hold the rows of each table."""
        return _side_by_side({name: self.bags.get(name, 1) for name in self.tables})

    @cached_property
    def parts(self) -> dict[str, slice]:
        """Columns of X that each table fills."""
        return _side_by_side({name: E.shape[1] for name, E in self.tables.items()})

    @cached_property
    def _distinct(self) -> dict[str, FindDistinct]:
        """What finds the distinct rows among those of a table that training may move; its memory is taken once."""
        return {name: Distinct(n) if n <= MARKED else distinct_by_sorting for name, n in self.trainable.items()}

    def rows(self, F: Ids) -> Array:
        """Return X, (R, D): the table rows of each form side by side."""
        columns = self.columns
        parts = [
            Bags(F[:, columns[name]]).mean(E) if name in self.bags else E[F[:, columns[name].start]]
            for name, E in self.tables.items()
        ]
        return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def gradients(self, F: Ids, dX: Callable[[Any, slice], Array]) -> dict[str, RowGradient]:
        """Return dE_j of every table, by name; `dX` returns the gradient of some of the R forms and D columns of X."""
        movable = {name: self._movable(name, F[:, self.columns[name].start]) for name in self.tables}
        # Tables behind the last one with a form that may not move, all of them when fine-tuned, share one product.
        shared = max((part.stop for name, part in self.parts.items() if movable[name] is not None), default=0)
        of_shared = dX(ALL, slice(shared, None))
        gradients = {}
        for name, part in self.parts.items():
            ids, forms, distinct = F[:, self.columns[name]], movable[name], self._distinct[name]
            if forms is not None:
                dE = dX(forms, part)
                ids = ids[forms]
            elif part.start < shared:
                dE = dX(ALL, part)
            else:
                dE = of_shared[:, part.start - shared : part.stop - shared]
            bag = name in self.bags
            gradients[name] = Bags(ids).gradient(dE, distinct) if bag else gather_gradient(ids[:, 0], dE, distinct)
        return gradients

    def _movable(self, name: str, ids: Ids) -> Array | None:
        """Return which forms' rows of a table training may move, or None if it may move those of all."""
        rows = self.trainable[name]
        if rows >= len(self.tables[name]):
            return None
        forms = np.flatnonzero(ids < rows)
        return None if len(forms) == len(ids) else forms


def _side_by_side(widths: Mapping[str, int]) -> dict[str, slice]:
    """Return the columns of each part of an array, given how many they are."""
    ends = accumulate(widths.values())
    return {name: slice(end - width, end) for (name, width), end in zip(widths.items(), ends, strict=True)}
