"""A measurement of the numeric gradient check: the error of right gradients for several steps and precisions.

A large step has a large truncation error, and a small step has a large roundoff. The best step lies between them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.graph.numeric import LossFunction, check_entries, loss_alone, worst

STEPS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
PRECISIONS = (np.float64, np.float32)


def step_table(
    function: LossFunction,
    parameters: dict[str, Array],
    steps: Sequence[float] = STEPS,
    precisions: Sequence[DTypeLike] = PRECISIONS,
) -> list[tuple[str, float, float]]:
    """Return the error of the worst block for each precision and step, as rows of dtype name, step and error.

    Parameters
    ----------
    function : callable
        Takes the parameters and returns the loss and a gradient for each block, as `numeric.check_gradients` expects.
    parameters : dict of str to array
        The point at which the gradients are checked. Every entry is checked.
    steps : sequence of float
        The distances by which an entry is moved in each direction.
    precisions : sequence of dtype
        The types in which the function is computed.
    """
    rows = []
    for precision in precisions:
        point = {name: block.astype(precision) for name, block in parameters.items()}
        every = {name: np.arange(block.size) for name, block in point.items()}
        for step in steps:
            checks = check_entries(function, loss_alone(function), point, every, step, roundings=0)
            rows.append((np.dtype(precision).name, step, worst(checks).error))
    return rows
