"""Blocks of parameters that take their steps together, and the state of their update rule.

A rule works entry by entry. So one step with the entries of several blocks, one after the other, changes each entry as
the blocks' own steps would change it, bit by bit. A step takes a dozen numpy calls, whatever its size. Therefore small
blocks take their step together, and so do the touched rows of tables of the same width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from windowner.arrays import Array
from windowner.network.blocks import Block, Gradients
from windowner.network.rows import RowGradient

SMALL = 1 << 13
"""Entries of a block that takes its steps with others. For more entries, copying them takes longer than the calls."""

Update = Callable[..., None]
"""A rule's update. It changes p and its state in place, given (p, g, *state)."""


@dataclass
class Together:
    """Blocks of one learning rate.

    Parameters
    ----------
    blocks
        Tables of the same width, or blocks without rows.
    states
        Number of state arrays of the rule.
    """

    blocks: Sequence[Block]
    states: int
    joint: list[Array] = field(init=False)
    """State of all blocks, one after the other: (rows, D_j) of tables, else flat."""
    views: dict[str, list[Array]] = field(init=False)
    """The state of each block, which is a part of `joint`."""

    def __post_init__(self) -> None:
        entry = self.blocks[0].moving.shape[1:] if self._are_tables else ()
        counts = [block.moving.size // prod(entry) for block in self.blocks]
        self._edges = list(accumulate(counts, initial=0))
        self.joint = [np.zeros((sum(counts), *entry), self.blocks[0].array.dtype) for _ in range(self.states)]
        self.views = {
            block.name: [state[start:end].reshape(block.moving.shape) for state in self.joint]
            for block, (start, end) in zip(self.blocks, pairwise(self._edges), strict=True)
        }

    @property
    def _are_tables(self) -> bool:
        return self.blocks[0].trainable is not None

    def step(self, update: Update, gradients: Gradients) -> None:
        """Change the blocks that have a gradient."""
        wanted = RowGradient if self._are_tables else np.ndarray
        found = [gradients.get(block.name) for block in self.blocks]
        if len(found) == 1 or not all(isinstance(gradient, wanted) for gradient in found):
            self._step_alone(update, gradients)
        elif self._are_tables:
            self._step_tables(update, found)
        else:
            self._step_layers(update, found)

    def _step_alone(self, update: Update, gradients: Gradients) -> None:
        """Change block after block."""
        for block in self.blocks:
            gradient, states = gradients.get(block.name), self.views[block.name]
            if isinstance(gradient, RowGradient):
                rows = gradient.rows.astype(np.intp, copy=False)  # without repeats, so that no row is written twice
                touched = [array.take(rows, axis=0) for array in (block.array, *states)]
                update(touched[0], gradient.values, *touched[1:])
                for array, values in zip((block.array, *states), touched, strict=True):
                    array[rows] = values
            elif gradient is not None:
                update(block.array, gradient, *states)

    def _step_tables(self, update: Update, gradients: Sequence[RowGradient]) -> None:
        """Change the touched rows of all tables: one gather, one update, one scatter."""
        rows = [gradient.rows.astype(np.intp, copy=False) for gradient in gradients]
        p = np.concatenate([block.array.take(some, axis=0) for block, some in zip(self.blocks, rows, strict=True)])
        g = np.concatenate([gradient.values for gradient in gradients])
        places = np.concatenate([some + start for some, start in zip(rows, self._edges[:-1], strict=True)])
        states = [state.take(places, axis=0) for state in self.joint]
        update(p, g, *states)
        for state, values in zip(self.joint, states, strict=True):
            state[places] = values
        ends = accumulate(map(len, rows), initial=0)
        for block, some, (start, end) in zip(self.blocks, rows, pairwise(ends), strict=True):
            block.array[some] = p[start:end]

    def _step_layers(self, update: Update, gradients: Sequence[Array]) -> None:
        """Change all entries of all blocks."""
        p = np.concatenate([block.array.reshape(-1) for block in self.blocks])
        update(p, np.concatenate([gradient.reshape(-1) for gradient in gradients]), *self.joint)
        for block, (start, end) in zip(self.blocks, pairwise(self._edges), strict=True):
            block.array[...] = p[start:end].reshape(block.array.shape)


def step_together(blocks: Sequence[Block], shares: dict[str, float], states: int) -> dict[float, list[Together]]:
    """Return which blocks take their steps together, by their share of the learning rate."""
    found: dict[tuple[object, ...], list[Block]] = {}
    for block in blocks:
        if block.trainable is not None:
            kind: object = block.array.shape[1:]
        else:
            kind = "small" if block.array.size <= SMALL else block.name
        found.setdefault((shares.get(block.group, 1.0), block.array.dtype, block.trainable is None, kind), []).append(block)
    together: dict[float, list[Together]] = {}
    for (share, *_), some in found.items():
        together.setdefault(share, []).append(Together(some, states))
    return together
