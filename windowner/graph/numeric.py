"""The numeric gradient check: a derivative, however it was found, against the slope of its function.

    numeric_i = (f(theta + step * e_i) - f(theta - step * e_i)) / (2 * step)     one entry i of one block at a time
    error     = |analytic - numeric| / (|analytic| + |numeric|)                  Euclidean norms over one block

The truncation error of the central difference shrinks with step^2 while its roundoff grows with 1 / step. In float64
they meet near step = 1e-5, where correct code gives an error of about 2e-10; the lecture's step of 1e-4 passes too.
In float32 no step gets below about 1e-4 (`step_table` measures it), so train in float32 and check in float64.

Where the true gradient is zero there is only roundoff to compare, and the quotient would be near 1. The denominator
therefore has a floor of roundoff / TOLERANCE, so that a block passes in one of two ways:

    |analytic - numeric| <= TOLERANCE * (|analytic| + |numeric|)     or
    |analytic - numeric| <= roundoff = sqrt(entries checked) * ROUNDINGS * machine epsilon * |loss| / step

The second cannot hide a wrong gradient that a central difference could have shown: a distance below the roundoff,
about 1e-10 an entry for a loss of 1, is what the numeric gradient is wrong by itself.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
from numpy.typing import DTypeLike, NDArray

from windowner.arrays import Array, Float64

TOLERANCE = 1e-7
"""The largest error of a block that counts as right."""

ROUNDINGS = 4
"""How many roundings of one machine epsilon the loss is allowed on its way from a parameter."""

EPSILON = float(np.finfo(np.float64).eps)

STEPS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
"""The steps of `step_table`."""

LossFunction = Callable[[dict[str, Array]], tuple[SupportsFloat, Mapping[str, Array]]]
"""A function from parameters to the loss and its gradients, under the same names and of the same shapes."""

Loss = Callable[[dict[str, Array]], SupportsFloat]
"""A function from parameters to the loss alone."""


@dataclass(frozen=True)
class BlockCheck:
    """What the check found out about one block of parameters.

    Attributes
    ----------
    name : str
        The block's key in the parameters.
    shape : tuple of int
        Its shape.
    checked : int
        How many of its entries were checked.
    error : float
        The relative error of the block, 0 to 1; not a number when a loss or a gradient was not one.
    worst : tuple of int
        Index of the checked entry where the two gradients lie furthest apart.
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
        """Block, error, and both values at the worst entry, on one line."""
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
        Takes the parameters, returns the loss and a gradient for each block. It must draw nothing at random.
    parameters : dict of str to float64 array
        The point to check at. Entries are moved in place, one at a time, and restored bit by bit.
    loss : callable, optional
        The function's loss alone, where that is cheaper; the numeric gradient needs no other.
    step : float
        How far an entry is moved in either direction.
    sample : int, optional
        Check at most so many entries a block, drawn by `rng` without replacement; all by default.
    rng : numpy.random.Generator, optional
        Needed with `sample`.
    entries : mapping of str to int array, optional
        Flat indices to check in the blocks it names, such as the table rows that a batch touched and some that it
        did not; these blocks are not sampled.

    Returns
    -------
    list of BlockCheck
        One a block, in the order of `parameters`.

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
    return _check(function, loss or _loss_of(function), parameters, chosen, step)


def worst(checks: Iterable[BlockCheck]) -> BlockCheck:
    """Find the block with the largest error; one whose error is not a number is the worst of all."""
    return max(checks, key=lambda check: math.inf if math.isnan(check.error) else check.error)


def passed(checks: Iterable[BlockCheck], tolerance: float = TOLERANCE) -> bool:
    """Whether every block's error is at most `tolerance`."""
    return all(check.error <= tolerance for check in checks)


def step_table(
    function: LossFunction,
    parameters: dict[str, Array],
    steps: Sequence[float] = STEPS,
    dtypes: Sequence[DTypeLike] = (np.float64, np.float32),
) -> list[tuple[str, float, float]]:
    """Measure the worst block's error for each precision and step: rows of dtype name, step, error (without floor)."""
    rows = []
    for dtype in dtypes:
        point = {name: block.astype(dtype) for name, block in parameters.items()}
        every = {name: np.arange(block.size) for name, block in point.items()}
        for step in steps:
            checks = _check(function, _loss_of(function), point, every, step, roundings=0)
            rows.append((np.dtype(dtype).name, step, worst(checks).error))
    return rows


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


def _loss_of(function: LossFunction) -> Loss:
    """Return the function's loss alone."""
    return lambda parameters: function(parameters)[0]


def _check(
    function: LossFunction,
    loss: Loss,
    parameters: dict[str, Array],
    chosen: Mapping[str, NDArray[np.integer]],
    step: float,
    roundings: int = ROUNDINGS,
) -> list[BlockCheck]:
    """Check the chosen entries of every block."""
    J, gradients = function(parameters)
    # Indexing copies all analytic entries before the first step: a function may reuse its buffers.
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
    """Take the central difference of the loss in one entry of a block."""
    value = block.flat[entry]
    try:
        block.flat[entry] = value + step
        above = float(loss(parameters))
        block.flat[entry] = value - step
        below = float(loss(parameters))
    finally:
        block.flat[entry] = value  # kept, not computed back: value + step - step is seldom value
    return (above - below) / (2 * step)


def _compare(
    name: str,
    block: Array,
    entries: NDArray[np.integer],
    analytic: Array,
    numeric: Float64,
    floor: float,
) -> BlockCheck:
    """Put two gradients of the same entries beside each other."""
    if not entries.size:
        return BlockCheck(name, block.shape, 0, 0.0, (), 0.0, 0.0)
    distance = np.abs(analytic - numeric)
    scale = max(float(np.linalg.norm(analytic) + np.linalg.norm(numeric)), floor)
    error = float(np.linalg.norm(distance)) / scale if scale else 0.0
    at = int(np.argmax(distance))
    index = tuple(int(i) for i in np.unravel_index(int(entries[at]), block.shape))
    return BlockCheck(name, block.shape, entries.size, error, index, float(analytic[at]), float(numeric[at]))
