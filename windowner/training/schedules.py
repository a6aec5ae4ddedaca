"""How the learning rate falls while training goes on: the share of the first rate, at progress x from 0 to 1.

    constant      1
    linear        1 - (1 - r) x
    exponential   r^x
    inverse       1 / (1 + (1/r - 1) x), the "1/t" decay
    cosine        r + (1 - r) (1 + cos(pi x)) / 2

r is the share that is left at the end, `train.final_rate`. Source of the cosine: Loshchilov and Hutter, ICLR 2017.
"""

from collections.abc import Callable
from math import cos, pi

SCHEDULES: dict[str, Callable[[float, float], float]] = {
    "constant": lambda x, r: 1.0,
    "linear": lambda x, r: 1 - (1 - r) * x,
    "exponential": lambda x, r: r**x,
    "inverse": lambda x, r: 1 / (1 + (1 / r - 1) * x),
    "cosine": lambda x, r: r + (1 - r) * (1 + cos(pi * x)) / 2,
}
