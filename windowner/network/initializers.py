"""What parameters are before training.

    glorot-uniform   U(-a, a), a = sqrt(6 / (fan_in + fan_out))    keeps the variance of values and of gradients
    glorot-normal    N(0, s^2), s = sqrt(2 / (fan_in + fan_out))   alike from layer to layer
    he               N(0, s^2), s = sqrt(2 / fan_in)               for ReLU, which drops half of the variance
    lecun            N(0, s^2), s = sqrt(1 / fan_in)               keeps the variance of values
    small uniform    U(-a, a), a = sqrt(3) * deviation             new table rows

Sources: Glorot and Bengio, AISTATS 2010; He et al., ICCV 2015; LeCun et al., "Efficient BackProp", 1998.

Biases start at 0. W must not: all hidden units would compute the same f(0), whatever they read, and dX = dP @ W.T would
be 0. If W and U were both constant, the units would get equal gradients too and stay equal for ever (symmetry).
"""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Float32

Shape = tuple[int, ...]
Initializer = Callable[[np.random.Generator, Shape, int, int], Float32]


def uniform(rng: np.random.Generator, shape: Shape, deviation: float) -> Float32:
    """Return numbers of U(-a, a) with the given standard deviation, a = sqrt(3) * deviation."""
    bound = np.sqrt(3) * deviation
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def normal(rng: np.random.Generator, shape: Shape, deviation: float) -> Float32:
    """Return numbers of N(0, deviation^2)."""
    return (deviation * rng.standard_normal(shape)).astype(np.float32)


# Of a layer that sums `fan_in` inputs and whose outputs feed `fan_out` others.
INITIALIZERS: dict[str, Initializer] = {
    "glorot-uniform": lambda rng, shape, fan_in, fan_out: uniform(rng, shape, np.sqrt(2 / (fan_in + fan_out))),
    "glorot-normal": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(2 / (fan_in + fan_out))),
    "he": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(2 / fan_in)),
    "lecun": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(1 / fan_in)),
}
