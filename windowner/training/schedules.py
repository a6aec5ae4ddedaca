"""Schedules: the learning rate as a share of `train.learning_rate`, at progress x from 0 to 1 through training.

    constant      1
    linear        1 - (1 - r) x
    halving       max(r, 2^-min(n, floor((n + 1) x))), n = ceil(log2(1/r)): n halvings at equal intervals
    exponential   r^x
    inverse       1 / (1 + (1/r - 1) x), the "1/t" decay
    cosine        r + (1 - r) (1 + cos(pi x)) / 2                    Loshchilov and Hutter, ICLR 2017
    cyclic        1 - (1 - r) |2 (4 x mod 1) - 1|: 4 times from r up to 1 and down again    Smith, WACV 2017

r is the share at the end of training, `train.final_rate`. For r = 1 every schedule is constant. While x is below
`train.warmup`, the share is multiplied by x / warmup. So the first steps are small. In these steps the averages of Adam
and momentum have seen few gradients.
"""

from collections.abc import Callable
from math import ceil, cos, floor, log2, pi

CYCLES = 4
"""Cycles of the cyclic schedule."""


def _halving(x: float, r: float) -> float:
    halvings = ceil(log2(1 / r))
    return max(r, 0.5 ** min(halvings, floor(x * (halvings + 1))))


def _cyclic(x: float, r: float) -> float:
    return 1 - (1 - r) * abs(2 * (x * CYCLES % 1) - 1)


SCHEDULES: dict[str, Callable[[float, float], float]] = {
    "constant": lambda x, r: 1.0,
    "linear": lambda x, r: 1 - (1 - r) * x,
    "halving": _halving,
    "exponential": lambda x, r: r**x,
    "inverse": lambda x, r: 1 / (1 + (1 / r - 1) * x),
    "cosine": lambda x, r: r + (1 - r) * (1 + cos(pi * x)) / 2,
    "cyclic": _cyclic,
}
"""Functions that return the share, given x and r, by name."""


def rate_share(schedule: str, x: float, final: float, warmup: float) -> float:
    """Return the share of the learning rate at progress x, with warm-up. `final` is r."""
    share = SCHEDULES[schedule](x, final)
    return share * x / warmup if x < warmup else share
