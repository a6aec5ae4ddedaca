"""An exponential moving average of the parameters: what is scored on dev and kept, while training goes on without it.

With decay b = 1 - 1/(steps of the horizon), after step t the average a of a parameter p is the weighted mean

    a_t = (1 - b) / (1 - b^t) * sum over i = 1..t of b^(t-i) p_i        (weights sum to 1: p_0 has none)

A parameter that stood still at p for n steps, from s to t = s + n, needs one update for all of them. The sum grows by
p (1 + b + ... + b^(n-1)) = p (1 - b^n) / (1 - b), so

    (1 - b^t) a_t = b^n (1 - b^s) a_s + (1 - b^n) p      and, since 1 - b^n = (1 - b^t) - b^n (1 - b^s),
    a_t = p + r (a_s - p)                                with r = b^n (1 - b^s) / (1 - b^t)

That is what a row of a table needs: when a batch is about to change it, the steps since the last change are made up
for, and a row that is never touched is never looked at. Its average is itself, bit for bit. The other parameters change
at every step; they are looked at every `STRIDE` steps alone, as if they had stood still between.
Source: Polyak and Juditsky, SIAM J. Control Optim. 30, 1992; the correction 1 - b^t is Adam's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from windowner.arrays import Array, Float64
from windowner.network.model import Gradients
from windowner.network.rows import RowGradient

STRIDE = 4


class Average:
    """Averages parameters that something else changes.

    Parameters
    ----------
    parameters
        The arrays, by name.
    trainable
        For parameters that are tables, how many of their first rows can change.
    horizon
        Steps over which the weights fall to 1/e.
    """

    def __init__(self, parameters: Mapping[str, Array], trainable: Mapping[str, int], horizon: float):
        self.decay = 1 - 1 / max(1.0, horizon)
        self.steps = 0
        self._live = {name: p[: trainable.get(name)] for name, p in parameters.items()}
        self._averages = {name: p.copy() for name, p in self._live.items()}
        self._last = {name: np.zeros(len(p), dtype=np.int32) for name, p in self._live.items() if name in trainable}
        self._looked = 0  # step up to which the other parameters are averaged

    def before_step(self, gradients: Gradients) -> None:
        """Make up for the steps in which what this step will change stood still; to be called before each step."""
        for name, gradient in gradients.items():
            if isinstance(gradient, RowGradient):
                self._settle_rows(name, gradient.rows)
        if self.steps - self._looked >= STRIDE:
            self._settle_others()
        self.steps += 1

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the averages in the parameters' place, and afterwards the parameters back."""
        for name in self._last:
            self._settle_rows(name, slice(None))
        self._settle_others()
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def _settle_rows(self, name: str, rows: Any) -> None:
        a, p, last = self._averages[name], self._live[name], self._last[name]
        of_rows = p[rows]
        kept = self._kept(last[rows]).astype(p.dtype)[:, None]
        a[rows] = of_rows + kept * (a[rows] - of_rows)
        last[rows] = self.steps

    def _settle_others(self) -> None:
        kept = float(self._kept(np.array(self._looked)))
        for name, p in self._live.items():
            if name not in self._last:
                a = self._averages[name]
                a -= p
                a *= kept
                a += p
        self._looked = self.steps

    def _kept(self, since: Array) -> Float64:
        """Return r of parameters that stood still since these steps."""
        b, t = self.decay, max(self.steps, 1)
        r: Float64 = b ** (self.steps - since) * (1 - b**since) / (1 - b**t)
        return r

    def _exchange(self) -> None:
        for name, p in self._live.items():
            a = self._averages[name]
            p[...], a[...] = a.copy(), p.copy()
