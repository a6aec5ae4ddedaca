"""Optimizers: update rules that change parameters in place.

A step t with learning rate a changes a parameter p with gradient g by one of these rules:

    sgd        p -= a g
    momentum   v = 0.9 v + g                     p -= a v                            Polyak, 1964
    nesterov   v = 0.9 v + g                     p -= a (g + 0.9 v)                  Sutskever et al., ICML 2013
    adagrad    s += g^2                          p -= a g / (sqrt(s) + e)            Duchi et al., JMLR 2011
    rmsprop    s += (1 - 0.9) (g^2 - s)          p -= a g / (sqrt(s) + e)            Tieleman and Hinton, 2012
    adam       m += (1 - 0.9) (g - m)            p -= a m' / (sqrt(v') + e)          Kingma and Ba, ICLR 2015
               v += (1 - 0.999) (g^2 - v)        m' = m / (1 - 0.9^t), v' = v / (1 - 0.999^t)
    adamw      p -= a w p for W and U, then adam, with weight decay w                Loshchilov and Hutter, ICLR 2019

The state v, s or m starts at 0, and e = 1e-8. Adam's m' and v' are computed in one factor; see `_adam`.

For a `RowGradient`, a rule changes only the touched rows of the parameter and of its state. This is called "lazy". A
row that is not touched keeps its value and its state. In a dense step with a gradient of 0, momentum would still move
the row, and averages would decay. If every row is touched, both steps are equal. t counts all steps, not those of a
row. State is kept only for the rows that training may move.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np

from windowner.arrays import Array
from windowner.network.blocks import Block, Gradients
from windowner.training.together import step_together

EPSILON = 1e-8
"""The e of the rules."""

MOMENTUM = 0.9
DECAYED = ("W", "U")
"""Blocks that weight decay shrinks. The L2 penalty shrinks the same blocks."""


@dataclass(frozen=True)
class Rule:
    """An update rule.

    Parameters
    ----------
    states
        Number of state arrays per parameter.
    update
        Changes p and its state in place, given (a, t, p, g, *state).
    """

    states: int
    update: Callable[..., None]


def _sgd(a: float, t: int, p: Array, g: Array) -> None:
    p -= a * g


def _momentum(a: float, t: int, p: Array, g: Array, v: Array) -> None:
    v *= MOMENTUM
    v += g
    p -= a * v


def _nesterov(a: float, t: int, p: Array, g: Array, v: Array) -> None:
    v *= MOMENTUM
    v += g
    p -= a * (g + MOMENTUM * v)


def _adagrad(a: float, t: int, p: Array, g: Array, s: Array) -> None:
    s += g * g
    p -= a * g / (np.sqrt(s) + EPSILON)


def _rmsprop(a: float, t: int, p: Array, g: Array, s: Array) -> None:
    s += (1 - 0.9) * (g * g - s)
    p -= a * g / (np.sqrt(s) + EPSILON)


def _adam(a: float, t: int, p: Array, g: Array, m: Array, v: Array) -> None:
    m *= 0.9
    m += (1 - 0.9) * g
    v *= 0.999
    step = g * g
    step *= 1 - 0.999
    v += step
    unbiased = sqrt(1 - 0.999**t)  # m' / (sqrt(v') + e) = m / (1 - 0.9^t) * unbiased / (sqrt(v) + e * unbiased)
    np.sqrt(v, out=step)
    step += EPSILON * unbiased
    np.divide(m, step, out=step)
    step *= a * unbiased / (1 - 0.9**t)
    p -= step


RULES = {
    "sgd": Rule(0, _sgd),
    "momentum": Rule(1, _momentum),
    "nesterov": Rule(1, _nesterov),
    "adagrad": Rule(1, _adagrad),
    "rmsprop": Rule(1, _rmsprop),
    "adam": Rule(2, _adam),
    "adamw": Rule(2, _adam),  # `Optimizer.step` applies the weight decay, because it needs the block's name
}
"""The update rules by name."""


class Optimizer:
    """Changes all parameters of a network by one rule.

    Parameters
    ----------
    name
        A key of `RULES`.
    blocks
        The parameters. Their arrays are changed in place.
    shares
        Learning rate of a group of blocks, as a share of the step's learning rate. It is 1 for other groups.
    weight_decay
        The w of `adamw`. The other rules do not use it.
    """

    def __init__(
        self,
        name: str,
        blocks: Sequence[Block],
        *,
        shares: Mapping[str, float] | None = None,
        weight_decay: float = 0.0,
    ):
        self.rule = RULES[name]
        self.steps = 0
        self.weight_decay = weight_decay if name == "adamw" else 0.0
        self._decayed = [block for block in blocks if block.name in DECAYED]
        self._shares = dict(shares or {})
        self._together = step_together(blocks, self._shares, self.rule.states)

    def step(self, gradients: Gradients, learning_rate: float) -> None:
        """Change every parameter that has a gradient."""
        self.steps += 1
        if self.weight_decay:
            self._decay(gradients, learning_rate)
        for share, blocks in self._together:
            update = partial(self.rule.update, learning_rate * share, self.steps)
            for some in blocks:
                some.step(update, gradients)

    def _decay(self, gradients: Gradients, learning_rate: float) -> None:
        """Shrink W and U."""
        for block in self._decayed:
            if block.name in gradients:
                p = block.array
                p *= 1 - learning_rate * self._shares.get(block.group, 1.0) * self.weight_decay

    def state(self, name: str) -> list[Array]:
        """Return the state of a block, of the rows that training may move, (v), (s), or (m, v)."""
        return next(some.states[name] for _, blocks in self._together for some in blocks if name in some.states)
