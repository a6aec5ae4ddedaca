"""The numeric gradient check: gradients, however they were computed, against slopes of their function.

    numeric_i = (f(theta + step * e_i) - f(theta - step * e_i)) / (2 * step)     one entry i of one block at a time
    error     = |analytic - numeric| / (|analytic| + |numeric|)                  Euclidean norms over one block

The truncation error of the central difference shrinks with step^2 while its roundoff grows with 1 / step. In float64
they meet near step = 1e-5, where correct code gives an error of about 2e-10; the lecture's step of 1e-4 passes too.
In float32 no step gets below about 1e-4 (`steps` measures it), so train in float32 and check in float64.

Where the true gradient is zero, both gradients are roundoff and the quotient would be near 1. The denominator therefore
has a floor of roundoff / TOLERANCE, and a block passes in one of two ways:

    |analytic - numeric| <= TOLERANCE * (|analytic| + |numeric|)     or
    |analytic - numeric| <= roundoff = sqrt(entries checked) * ROUNDINGS * machine epsilon * |loss| / step

The second cannot hide a wrong gradient that a central difference could show: the numeric gradient itself is wrong by
about the roundoff, which is 1e-10 per entry for a loss of 1.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from windowner.arrays import Array, Float64

TOLERANCE = 1e-7
"""The largest error that a block may have and still pass."""

ROUNDINGS = 4
"""How many roundings, of one machine epsilon each, may happen between a parameter and the loss."""

EPSILON = float(np.finfo(np.float64).eps)

LossFunction = Callable[[dict[str, Array]], tuple[SupportsFloat, Mapping[str, Array]]]
"""A function from parameters to the loss and its gradients, which have the parameters' names and shapes."""

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
        How many of its entries were checked.
    error : float
        The relative error of the block, 0 to 1, or NaN if the loss or a gradient is NaN.
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
        """Return block, error, and both values at the worst entry, on one line."""
        index = ", ".join(map(str, self.worst))
        return f"{self.name}[{index}]: analytic {self.analytic:.9g}, numeric {self.numeric:.9g}; error {self.error:.1e}"


def check_gradients(
    function: LossFunction,
    parameters: dict[str, Array],
    *,
    loss: Loss | None = None,
    step: float = 1e-5,
    sample: int | None = None,
    rng: np.random.Generator | None = None,
    entries: Mapping[str, NDArray[np.integer]] | None = None,
) -> list[BlockCheck]:
    """Compare a function's gradients with central differences, block by block.

    Parameters
    ----------
    function : callable
        Takes the parameters and returns the loss and a gradient for each block. It must not draw at random.
    parameters : dict of str to float64 array
        The point to check at. Entries are moved in place, one at a time, and restored bit by bit.
    loss : callable, optional
        The function's loss alone, for the numeric gradient, where that is cheaper.
    step : float
        How far an entry is moved in each direction.
    sample : int, optional
        Check at most this many entries per block, drawn by `rng` without replacement; all by default.
    rng : numpy.random.Generator, optional
        Needed with `sample`.
    entries : mapping of str to int array, optional
        Flat indices to check, by the block's name: for example the table rows that a batch touched, and some that it
        did not touch. These blocks are not sampled.

    Returns
    -------
    list of BlockCheck
        One per block, in the order of `parameters`.

    Raises
    ------
    ValueError
        If a block is not float64, has no gradient or one of another shape, or if `sample` comes without `rng`.
    """
    for name, block in parameters.items():
        if block.dtype != np.float64:
            raise ValueError(f"{name} is {block.dtype}; a numeric gradient needs float64")
    if unknown := set(entries or ()) - set(parameters):
        raise ValueError(f"entries names {sorted(unknown)}; the parameters are {list(parameters)}")
    chosen = {name: _choose(name, block, sample, rng, entries or {}) for name, block in parameters.items()}
    return check_entries(function, loss or loss_of(function), parameters, chosen, step)


def worst(checks: Iterable[BlockCheck]) -> BlockCheck:
    """Return the block with the largest error. NaN counts as larger than any number."""
    return max(checks, key=lambda check: math.inf if math.isnan(check.error) else check.error)


def passed(checks: Iterable[BlockCheck], tolerance: float = TOLERANCE) -> bool:
    """Whether every block's error is at most `tolerance`."""
    return all(check.error <= tolerance for check in checks)


def loss_of(function: LossFunction) -> Loss:
    """Return the function's loss alone."""
    return lambda parameters: function(parameters)[0]


def check_entries(
    function: LossFunction,
    loss: Loss,
    parameters: dict[str, Array],
    chosen: Mapping[str, NDArray[np.integer]],
    step: float,
    roundings: int = ROUNDINGS,
) -> list[BlockCheck]:
    """Check the chosen entries of every block, in the precision of the parameters.

    `chosen` has flat indices by the block's name. Without `roundings` the error has no floor.
    """
    J, gradients = function(parameters)
    # Indexing copies all analytic entries before the first step, because a function may reuse its buffers.
    analytic = {name: _gradient(gradients, name, block)[chosen[name]] for name, block in parameters.items()}
    checks = []
    for name, block in parameters.items():
        numeric = np.array([_slope(loss, parameters, block, entry, step) for entry in chosen[name]], np.float64)
        roundoff = math.sqrt(numeric.size) * roundings * EPSILON * abs(float(J)) / step
        checks.append(_compare(name, block, chosen[name], analytic[name], numeric, roundoff / TOLERANCE))
    return checks


def _choose(
    name: str,
    block: Array,
    sample: int | None,
    rng: np.random.Generator | None,
    entries: Mapping[str, NDArray[np.integer]],
) -> NDArray[np.integer]:
    """Choose the flat indices to check in one block."""
    if name in entries:
        return np.asarray(entries[name])
    if sample is None or sample >= block.size:
        return np.arange(block.size)
    if rng is None:
        raise ValueError("sample needs rng, for example np.random.default_rng(1)")
    return rng.choice(block.size, sample, replace=False)


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
        block.flat[entry] = value  # kept, because value + step - step is seldom value
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
