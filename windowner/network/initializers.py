"""Distributions from which parameters are drawn before training.

    glorot-uniform   U(-a, a), a = sqrt(6 / (fan_in + fan_out))    keeps the variance of values and of gradients about
    glorot-normal    N(0, s^2), s = sqrt(2 / (fan_in + fan_out))   the same in all layers
    he               N(0, s^2), s = sqrt(2 / fan_in)               for ReLU, which halves the variance of values
    lecun            N(0, s^2), s = sqrt(1 / fan_in)               keeps the variance of values
    uniform          U(-a, a), a = sqrt(3) * deviation             for new table rows

The layer sums `fan_in` inputs, and each of its outputs feeds `fan_out` units.

Sources: Glorot and Bengio, AISTATS 2010; He et al., ICCV 2015; LeCun et al., "Efficient BackProp", 1998.

Biases start at 0. W must not start at 0. In the first step, all hidden units would then compute the same f(0) for every
input, and dX = dP @ W.T would be 0. With ReLU, f'(0) and h are 0 too, so dW and dU would be 0 in every step. If W and U
were constant, all hidden units would get equal gradients in every step, and would stay equal (symmetry).
"""

from collections.abc import Callable

import numpy as np

from windowner.arrays import Float32

Shape = tuple[int, ...]
Initializer = Callable[[np.random.Generator, Shape, int, int], Float32]


def uniform(rng: np.random.Generator, shape: Shape, deviation: float) -> Float32:
    """Return numbers drawn from U(-a, a) with a = sqrt(3) * deviation, whose standard deviation is `deviation`."""
    bound = np.sqrt(3) * deviation
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def normal(rng: np.random.Generator, shape: Shape, deviation: float) -> Float32:
    """Return numbers drawn from N(0, deviation^2)."""
    return (deviation * rng.standard_normal(shape)).astype(np.float32)


INITIALIZERS: dict[str, Initializer] = {
    "glorot-uniform": lambda rng, shape, fan_in, fan_out: uniform(rng, shape, np.sqrt(2 / (fan_in + fan_out))),
    "glorot-normal": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(2 / (fan_in + fan_out))),
    "he": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(2 / fan_in)),
    "lecun": lambda rng, shape, fan_in, fan_out: normal(rng, shape, np.sqrt(1 / fan_in)),
}
"""Functions that return a layer's first weights, by name."""
