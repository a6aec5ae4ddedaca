"""Projections: the rows of P, kept between batches for tagging.

    P[r] = [E_1[F[r,1]] ... E_k[F[r,k]]] @ W        (C*H,), what form number r adds at each position of a window
    z1   = S @ P + b1                               as in `network.model`, for all forms met so far

When the network no longer changes, the rows of P do not change either. Each row is computed once. A token whose form
was met before costs C additions of H numbers, and no product.

The parts of a row stand in memory from the last position of a window to the first. A word that is at position c of one
window is at position c - 1 of the next window. So the next window reads the part behind the one that was read last. The
processor has fetched it already, which halves the time of the sums.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from windowner.arrays import Array, Ids
from windowner.inputs.batches import window_incidence
from windowner.inputs.encoding import EncodedText
from windowner.inputs.mentions import ALONE, Mentions
from windowner.network.model import WindowNetwork

WINDOWS = 1024
"""Windows per step, so that z1 and h stay in the processor's cache."""

FORMS = 1024
"""Forms that are projected per step."""


class Projections:
    """The rows of P of all forms met so far.

    Parameters
    ----------
    network
        The network. It must not change any more.
    forms
        Number of forms for which room is reserved. The room grows when there are more.
    """

    def __init__(self, network: WindowNetwork, forms: int):
        self.network = network
        self._mirrored = replace(network, W=np.ascontiguousarray(network.W[:, ::-1]))
        self._reserved = forms
        self._P = np.empty((forms, network.W[0].size), dtype=network.W.dtype)  # takes no memory before it is filled
        self._known = 0

    def forget(self) -> "Projections":
        """Return the same object without rows. It keeps the memory that was reserved, because new memory is slow."""
        if len(self._P) > self._reserved:
            self._P = np.empty((self._reserved, self._P.shape[1]), dtype=self._P.dtype)
        self._known = 0
        return self

    def logits(self, text: EncodedText, F: Ids) -> Array:
        """Return z2, (T, K), of all windows of a text, given F, the table rows of all forms met so far.

        They are those of the document head where a token has a group other than `ALONE`.
        """
        self._extend(F)
        head, groups = self.network.document, text.groups
        if head is None or groups is None or not (groups != ALONE).any():
            z2 = self._empty(len(text))
            for block, h in self._hidden(text):
                np.matmul(h, self.network.U, out=z2[block])
            z2 += self.network.b2
            return z2
        is_alone = groups == ALONE
        both = np.concatenate([head.own, head.others], axis=1)  # h is read once for both products
        products, alone = np.empty((len(text), both.shape[1]), dtype=self._P.dtype), [self._empty(0)]
        for block, h in self._hidden(text):
            np.matmul(h, both, out=products[block])
            places = np.flatnonzero(is_alone[block])
            if len(places):
                alone.append(h[places] @ self.network.U)
        own, votes = np.split(products, 2, axis=1)
        z2 = head.logits(own, votes, Mentions.of(groups))
        z2[is_alone] = np.concatenate(alone) + self.network.b2
        return z2

    def _hidden(self, text: EncodedText) -> Iterator[tuple[slice, Array]]:
        """Yield h of all windows of a text, some at a time, with their places."""
        P = self._P.reshape(-1, len(self.network.b1))  # (forms * C, H)
        for first in range(0, len(text), WINDOWS):
            block = slice(first, min(first + WINDOWS, len(text)))
            windows = text.windows(block.start, block.stop)
            S = window_incidence(windows, windows.stream, len(self._P), is_mirrored=True)
            yield block, self.network.hidden(S.plus_product(self.network.b1, P))

    def _empty(self, windows: int) -> Array:
        return np.empty((windows, len(self.network.b2)), dtype=self._P.dtype)

    def _extend(self, F: Ids) -> None:
        """Project the forms that were not met before."""
        if len(F) > len(self._P):
            grown = np.empty((2 * len(F), self._P.shape[1]), dtype=self._P.dtype)
            grown[: self._known] = self._P[: self._known]
            self._P = grown
        for first in range(self._known, len(F), FORMS):
            rows = slice(first, min(first + FORMS, len(F)))
            self._mirrored.project(self._mirrored.embed(F[rows]), out=self._P[rows])
        self._known = max(self._known, len(F))
