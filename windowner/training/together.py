"""Blocks of parameters that take their steps together, and the state of their update rule.

A rule works entry by entry. So one step with the entries of several blocks, one after the other, changes each entry as
the blocks' own steps would change it, bit by bit. A step takes a dozen numpy calls, whatever its size. Therefore small
blocks take their step together, and so do the touched rows of tables of the same width.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np

from windowner.network.blocks import Block, Gradients
from windowner.network.rows import RowGradient

SMALL = 1 << 13
"""Entries of a block that takes its steps with others. For more entries, copying them takes longer than the calls."""

Update = Callable[..., None]
"""A rule's update. It changes p and its state in place, given (p, g, *state)."""


class Together:
    """Blocks of one learning rate: tables of the same width, or blocks without rows.

    Parameters
    ----------
    blocks
        The blocks.
    states
        Number of state arrays of the rule.
    """

    def __init__(self, blocks: Sequence[Block], states: int):
        self.blocks = blocks
        self._are_tables = blocks[0].trainable is not None
        entry = blocks[0].array.shape[1:] if self._are_tables else ()
        counts = [block.moving.size // prod(entry) for block in blocks]
        self._edges = list(accumulate(counts, initial=0))
        # The state of all blocks, one after the other: the rows of tables, else flat.
        self._states = [np.zeros((sum(counts), *entry), blocks[0].array.dtype) for _ in range(states)]
        self.states = {
            block.name: [state[start:end].reshape(block.moving.shape) for state in self._states]
            for block, (start, end) in zip(blocks, pairwise(self._edges), strict=True)
        }
        """The state of each block, by its name. They are views."""

    def step(self, update: Update, gradients: Gradients) -> None:
        """Change the blocks that have a gradient."""
        if len(self.blocks) > 1:
            found = [gradients.get(block.name) for block in self.blocks]
            if self._are_tables and all(isinstance(gradient, RowGradient) for gradient in found):
                return self._step_tables(update, found)
            if not self._are_tables and all(isinstance(gradient, np.ndarray) for gradient in found):
                return self._step_layers(update, found)
        return self._step_alone(update, gradients)

    def _step_alone(self, update: Update, gradients: Gradients) -> None:
        """Change block after block."""
        for block in self.blocks:
            p, gradient, states = block.array, gradients.get(block.name), self.states[block.name]
            if isinstance(gradient, RowGradient):
                rows = gradient.rows.astype(np.intp, copy=False)  # without repeats, so that no row is written twice
                touched = [array.take(rows, axis=0) for array in (p, *states)]
                update(touched[0], gradient.values, *touched[1:])
                for array, values in zip((p, *states), touched, strict=True):
                    array[rows] = values
            elif gradient is not None:
                update(p, gradient, *states)

    def _step_tables(self, update: Update, gradients: Sequence[Any]) -> None:
        """Change the touched rows of all tables."""
        rows = [gradient.rows.astype(np.intp, copy=False) for gradient in gradients]
        p = np.concatenate([block.array.take(some, axis=0) for block, some in zip(self.blocks, rows, strict=True)])
        g = np.concatenate([gradient.values for gradient in gradients])
        places = np.concatenate([some + start for some, start in zip(rows, self._edges[:-1], strict=True)])
        states = [state.take(places, axis=0) for state in self._states]
        update(p, g, *states)
        for state, values in zip(self._states, states, strict=True):
            state[places] = values
        ends = accumulate(map(len, rows), initial=0)
        for block, some, (start, end) in zip(self.blocks, rows, pairwise(ends), strict=True):
            block.array[some] = p[start:end]

    def _step_layers(self, update: Update, gradients: Sequence[Any]) -> None:
        """Change all entries of all blocks."""
        p = np.concatenate([block.array.reshape(-1) for block in self.blocks])
        update(p, np.concatenate([gradient.reshape(-1) for gradient in gradients]), *self._states)
        for block, (start, end) in zip(self.blocks, pairwise(self._edges), strict=True):
            block.array[...] = p[start:end].reshape(block.array.shape)


def step_together(
    blocks: Sequence[Block], shares: Mapping[str, float], states: int
) -> list[tuple[float, list[Together]]]:
    """Return the blocks that take their steps together, for each share of the learning rate.

    Parameters
    ----------
    blocks
        All blocks.
    shares
        Share of the learning rate by group of blocks. It is 1 for other groups.
    states
        Number of state arrays of the rule. Without any, small blocks take their steps alone, which needs fewer calls.
    """
    groups: dict[float, dict[object, list[Block]]] = {}
    for block in blocks:
        kind: object = block.name
        if block.trainable is not None:
            kind = (block.array.dtype, block.array.shape[1:])
        elif states and block.array.size <= SMALL:
            kind = block.array.dtype
        groups.setdefault(shares.get(block.group, 1.0), {}).setdefault(kind, []).append(block)
    return [(share, [Together(some, states) for some in kinds.values()]) for share, kinds in groups.items()]
