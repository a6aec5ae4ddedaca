"""The numeric gradient check: it compares the gradients of any function with differences of the function.

    numeric_i = (J(theta + step * e_i) - J(theta - step * e_i)) / (2 * step)     one entry i of one block at a time
    error     = |analytic - numeric| / (|analytic| + |numeric|)                  Euclidean norms over one block

The truncation error of the central difference is proportional to step^2, and its roundoff to 1 / step. In float64 the
two are about equal at step = 1e-5. There right gradients have errors of 1e-10 to 1e-8. The lecture's step of 1e-4
passes too. In float32 no step gives an error below about 1e-4 (`steps` measures it). So train in float32 and check in
float64.

If the true gradient is zero, both gradients are roundoff, and the error would be near 1. Therefore the denominator is
at least roundoff / TOLERANCE. A block passes if one of these holds:

    |analytic - numeric| <= TOLERANCE * (|analytic| + |numeric|)     or
    |analytic - numeric| <= roundoff = sqrt(entries checked) * ROUNDINGS * machine epsilon * |loss| / step

The second condition hides no wrong gradient that a central difference could show, because the numeric gradient itself
is wrong by about the roundoff. That is about 1e-10 per entry for a loss of 1.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from windowner.arrays import Array, Float64, Indices

TOLERANCE = 1e-7
"""The largest error that a block may have and still pass."""

ROUNDINGS = 4
"""Roundings between a parameter and the loss, of one machine epsilon each, that the roundoff allows for."""

EPSILON = float(np.finfo(np.float64).eps)

LossFunction = Callable[[dict[str, Array]], tuple[SupportsFloat, Mapping[str, Array]]]
"""A function from parameters to the loss and its gradients. The gradients have the parameters' names and shapes."""

Loss = Callable[[dict[str, Array]], SupportsFloat]
"""A function from parameters to the loss alone."""


@dataclass(frozen=True)
class BlockCheck:
    """The result of the check for one block of parameters.

    Attributes
    ----------
    name : str
        The block's key in the parameters.
    shape : tuple of int
        Its shape.
    checked : int
        Number of entries that were checked.
    error : float
        The relative error of the block, from 0 to 1. NaN if the loss or a gradient is NaN.
    worst : tuple of int
        Index of the checked entry where the two gradients differ most.
    analytic, numeric : float
        The two gradients at that entry.
    """

    name: str
    shape: tuple[int, ...]
    checked: int
    error: float
    worst: tuple[int, ...]
    analytic: float
    numeric: float

    def __str__(self) -> str:
        """Return the block's name, both gradients at the worst entry, and the error, on one line."""
        index = ", ".join(map(str, self.worst))
        return f"{self.name}[{index}]: analytic {self.analytic:.9g}, numeric {self.numeric:.9g}; error {self.error:.1e}"


def check_gradients(
    function: LossFunction,
    parameters: dict[str, Array],
    *,
    loss: Loss | None = None,
    step: float = 1e-5,
    entries: Mapping[str, NDArray[np.integer]] | None = None,
) -> list[BlockCheck]:
    """Compare a function's gradients with central differences, block by block.

    Parameters
    ----------
    function : callable
        Takes the parameters and returns the loss and a gradient for each block. It must not draw at random.
    parameters : dict of str to float64 array
        The point at which the gradients are checked. Entries are moved in place, one at a time, and restored exactly.
    loss : callable, optional
        The function's loss alone, for the numeric gradient, if that is cheaper.
    step : float
        The distance by which an entry is moved in each direction.
    entries : mapping of str to int array, optional
        Flat indices to check, by the block's name, such as `sample_entries` returns. Every entry of the blocks that are
        not named is checked.

    Returns
    -------
    list of BlockCheck
        One per block, in the order of `parameters`.

    Raises
    ------
    ValueError
        If a block is not float64, if it has no gradient or one of another shape, or if `entries` names no block.
    """
    for name, block in parameters.items():
        if block.dtype != np.float64:
            raise ValueError(f"{name} is {block.dtype}; a numeric gradient needs float64")
    if unknown := set(entries or ()) - set(parameters):
        raise ValueError(f"entries names {sorted(unknown)}; the parameters are {list(parameters)}")
    chosen = {name: np.arange(block.size) for name, block in parameters.items()} | dict(entries or {})
    return check_entries(function, loss or loss_alone(function), parameters, chosen, step)


def sample_entries(block: Array, count: int, rng: np.random.Generator) -> Indices:
    """Return flat indices of at most `count` entries of a block, drawn without replacement."""
    return np.arange(block.size) if count >= block.size else rng.choice(block.size, count, replace=False)


def worst(checks: Iterable[BlockCheck]) -> BlockCheck:
    """Return the block with the largest error. NaN counts as larger than any number."""
    return max(checks, key=lambda check: math.inf if math.isnan(check.error) else check.error)


def passed(checks: Iterable[BlockCheck], tolerance: float = TOLERANCE) -> bool:
    """Return whether every block's error is at most `tolerance`."""
    return all(check.error <= tolerance for check in checks)


def loss_alone(function: LossFunction) -> Loss:
    """Return a function that returns the loss without the gradients."""
    return lambda parameters: function(parameters)[0]


def check_entries(
    function: LossFunction,
    loss: Loss,
    parameters: dict[str, Array],
    chosen: Mapping[str, NDArray[np.integer]],
    step: float,
    roundings: int = ROUNDINGS,
) -> list[BlockCheck]:
    """Check chosen entries of every block, in the precision of the parameters.

    `chosen` holds flat indices by the block's name. With `roundings = 0` the denominator of the error has no minimum.
    """
    J, gradients = function(parameters)
    # All analytic entries are copied before the first step, because a function may reuse its buffers.
    analytic = {name: _gradient(gradients, name, block)[chosen[name]] for name, block in parameters.items()}
    checks = []
    for name, block in parameters.items():
        numeric = np.array([_slope(loss, parameters, block, entry, step) for entry in chosen[name]], np.float64)
        roundoff = math.sqrt(numeric.size) * roundings * EPSILON * abs(float(J)) / step
        checks.append(_compare(name, block, chosen[name], analytic[name], numeric, roundoff / TOLERANCE))
    return checks


def _gradient(gradients: Mapping[str, Array], name: str, block: Array) -> Array:
    """Return one block's analytic gradient, flat."""
    if name not in gradients:
        raise ValueError(f"no gradient for {name}; there are gradients for {list(gradients)}")
    if gradients[name].shape != block.shape:
        raise ValueError(f"gradient of {name} has shape {gradients[name].shape}; the parameter has {block.shape}")
    return gradients[name].reshape(-1)


def _slope(loss: Loss, parameters: dict[str, Array], block: Array, entry: int, step: float) -> float:
    """Return the central difference of the loss in one entry of a block."""
    value = block.flat[entry]
    try:
        block.flat[entry] = value + step
        above = float(loss(parameters))
        block.flat[entry] = value - step
        below = float(loss(parameters))
    finally:
        block.flat[entry] = value  # value + step - step would often be another number
    return (above - below) / (2 * step)


def _compare(
    name: str,
    block: Array,
    entries: NDArray[np.integer],
    analytic: Array,
    numeric: Float64,
    floor: float,
) -> BlockCheck:
    """Compare two gradients of the same entries."""
    if not entries.size:
        return BlockCheck(name, block.shape, 0, 0.0, (), 0.0, 0.0)
    distance = np.abs(analytic - numeric)
    scale = max(float(np.linalg.norm(analytic) + np.linalg.norm(numeric)), floor)
    error = float(np.linalg.norm(distance)) / scale if scale else 0.0
    at = int(np.argmax(distance))
    index = tuple(int(i) for i in np.unravel_index(int(entries[at]), block.shape))
    return BlockCheck(name, block.shape, entries.size, error, index, float(analytic[at]), float(numeric[at]))
