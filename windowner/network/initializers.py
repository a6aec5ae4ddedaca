"""What parameters are before training.

    glorot_uniform   U(-a, a), a = sqrt(6 / (fan_in + fan_out)): keeps the variance of values and gradients from layer
                     to layer (Glorot and Bengio, AISTATS 2010)
    small_uniform    U(-a, a), a = sqrt(3) * deviation: new table rows, with the given standard deviation

Biases start at 0. W must not: with equal weights all hidden units compute the same and get the same gradient, so they
would stay equal for ever (symmetry).
"""

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def glorot_uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Float32:
    """Return weights of a layer that sums `fan_in` inputs and feeds `fan_out` outputs."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def small_uniform(rng: np.random.Generator, shape: tuple[int, ...], deviation: float) -> Float32:
    """Return new table rows of the given standard deviation."""
    bound = np.sqrt(3) * deviation
    return rng.uniform(-bound, bound, shape).astype(np.float32)
