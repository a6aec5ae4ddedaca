"""Projections of forms that are kept between batches, for tagging.

    P[f] = [E_1[F[f,1]] ... E_k[F[f,k]]] @ W        (C*H,), what form number f adds at each position of a window
    z1   = S @ P + b1                               S names forms by their number

Once the network no longer changes, neither does a form's row of P: a form that was met before costs C additions of H
numbers a token, and no product.
"""

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import window_incidence
from windowner.inputs.encoding import EncodedText
from windowner.network.model import WindowNetwork

WINDOWS = 1024  # at a time, so that what lies between the layers stays in the processor's cache
FORMS = 1024  # projected at a time


class Projections:
    """The rows of P of all forms met so far.

    Parameters
    ----------
    network
        The network; it must not change any more.
    forms
        For how many forms there is room; more of them make it grow.
    """

    def __init__(self, network: WindowNetwork, forms: int):
        self.network = network
        self._P = np.empty((forms, network.W[0].size), dtype=network.W.dtype)  # memory is taken as rows are filled
        self._known = 0

    def logits(self, text: EncodedText, table: Ids) -> Array:
        """Return z2, (T, K), of all windows of a text, whose stream holds numbers of forms with table rows `table`."""
        self._extend(table)
        z2 = np.empty((len(text), len(self.network.b2)), dtype=self._P.dtype)
        P = self._P.reshape(-1, len(self.network.b1))  # (forms * C, H)
        for first in range(0, len(text), WINDOWS):
            last = min(first + WINDOWS, len(text))
            windows = text.windows(first, last)
            S = window_incidence(windows, windows.stream, len(self._P))
            z2[first:last] = self.network.output(S.plus_product(self.network.b1, P))
        return z2

    def _extend(self, table: Ids) -> None:
        """Project the forms that were not met before."""
        if len(table) > len(self._P):
            grown = np.empty((2 * len(table), self._P.shape[1]), dtype=self._P.dtype)
            grown[: self._known] = self._P[: self._known]
            self._P = grown
        for first in range(self._known, len(table), FORMS):
            rows = slice(first, min(first + FORMS, len(table)))
            self.network.project(self.network.embed(table[rows]), out=self._P[rows])
        self._known = max(self._known, len(table))
