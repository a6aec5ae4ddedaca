"""Update rules, applied in place.

With learning rate a, for a parameter p and its gradient g:

    sgd       p -= a g
    adagrad   s += g^2                          p -= a g / (sqrt(s) + e)                     Duchi et al., JMLR 2011
    adam      m += (1 - 0.9) (g - m)            p -= a m' / (sqrt(v') + e)                   Kingma and Ba, ICLR 2015
              v += (1 - 0.999) (g^2 - v)        m' = m / (1 - 0.9^t), v' = v / (1 - 0.999^t)

A rule knows nothing of tables. For a `RowGradient` it is applied to the touched rows of the parameter and of its state
alone ("lazy": an untouched row keeps its value and its state, so that Adam's m and v do not decay while it rests; t
counts all steps). State is kept for the rows that training may move, and for no others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from windowner.network.model import Gradients
from windowner.network.rows import RowGradient

Array = NDArray[Any]
EPSILON = 1e-8


@dataclass(frozen=True)
class Rule:
    """An update rule and how many arrays of state it keeps a parameter."""

    states: int
    update: Callable[..., None]  # (p, g, a, t, *states), in place


def _sgd(p: Array, g: Array, a: float, t: int) -> None:
    p -= a * g


def _adagrad(p: Array, g: Array, a: float, t: int, s: Array) -> None:
    s += g * g
    p -= a * g / (np.sqrt(s) + EPSILON)


def _adam(p: Array, g: Array, a: float, t: int, m: Array, v: Array) -> None:
    m += (1 - 0.9) * (g - m)
    v += (1 - 0.999) * (g * g - v)
    p -= a / (1 - 0.9**t) * m / (np.sqrt(v / (1 - 0.999**t)) + EPSILON)


RULES = {"sgd": Rule(0, _sgd), "adagrad": Rule(1, _adagrad), "adam": Rule(2, _adam)}


class Optimizer:
    """Applies a rule to all parameters of a network.

    Parameters
    ----------
    name
        A key of `RULES`.
    parameters
        The arrays to train, by name; they are changed in place.
    trainable
        For parameters that are tables, how many of their first rows can be touched.
    """

    def __init__(self, name: str, parameters: Mapping[str, Array], trainable: Mapping[str, int]):
        self.rule = RULES[name]
        self.parameters = parameters
        self.steps = 0
        self._states = {
            name: [np.zeros_like(p[: trainable.get(name)]) for _ in range(self.rule.states)]
            for name, p in parameters.items()
        }

    def step(self, gradients: Gradients, learning_rate: float) -> None:
        """Update every parameter that has a gradient."""
        self.steps += 1
        for name, gradient in gradients.items():
            p, states = self.parameters[name], self._states[name]
            if isinstance(gradient, RowGradient):
                self._step_rows(p, states, gradient, learning_rate)
            else:
                self.rule.update(p, gradient, learning_rate, self.steps, *states)

    def _step_rows(self, p: Array, states: list[Array], gradient: RowGradient, learning_rate: float) -> None:
        rows = gradient.rows  # distinct, so that writing them back loses nothing
        touched = [array[rows] for array in (p, *states)]
        self.rule.update(touched[0], gradient.values, learning_rate, self.steps, *touched[1:])
        for array, values in zip((p, *states), touched, strict=True):
            array[rows] = values
