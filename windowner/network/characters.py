"""The character network: numbers X_c of a form from its characters, by a convolution and the maximum over windows.

    Forward                                              Backward, given dX_c = dJ/dX_c
    P_c = E_c[rows] @ W_c                (v, 3*D_c)      da   = dX_c of the form, where a is its maximum and > 0
    a   = S_c @ P_c + b_c                (w, D_c)        db_c = sum of da's rows                   (D_c,)
    X_c = max(0, max over the form's     (R, D_c)        dP_c = S_c.T @ da                         (v, 3*D_c)
          windows of a)                                  dW_c = E_c[rows].T @ dP_c                 (25, 3, D_c)
                                                         dE_c[rows] = dP_c @ W_c.T                 (v, 25)

A window is three neighbouring characters of a form, with a mark before the first character and one after the last
(`inputs.alphabet`). The R forms of a batch have w windows, whose v distinct characters have the numbers `rows` in
E_c, (V, 25). S_c is the incidence of windows and characters, (w, 3*v). It is S of `network.model`, for characters:
`S_c @ P_c` sees P_c as (3*v, D_c), one row per character and position.

X_c[r, d] depends on one window alone. Several windows of a form may have the same maximum, as the repeated ones of
`aaaaa`. Then the first one takes all of dX_c[r, d], and the others get 0. A form whose windows are all negative has
X_c = 0 and no gradient. The padding has no windows, and X_c = 0.

The windows of a batch stand in the order of their place in the form: the first windows of all forms, then the second
ones, and so on. The forms with the most windows come first. So the maximum takes one numpy call per place.

Source: dos Santos and Zadrozny, "Learning Character-level Representations for Part-of-Speech Tagging", ICML 2014.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import DTypeLike

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.alphabet import Alphabet
from windowner.inputs.batches import Distinct
from windowner.inputs.incidence import Incidence
from windowner.inputs.tables import PAD
from windowner.network.blocks import Block, Gradients
from windowner.network.rows import RowGradient

E_NAME, W_NAME, B_NAME = "E.characters", "W.characters", "b.characters"
"""The names of the arrays."""

WIDTH = 3
"""Characters per window."""


@dataclass(frozen=True)
class FormWindows:
    """The windows of forms, in the order that the module describes.

    Parameters
    ----------
    order
        The forms, those with the most windows first, (R,).
    characters
        Rows of the characters of each window, (w, 3).
    edges
        First window of each place in the form, and w at the end.
    """

    order: Indices
    characters: Ids
    edges: list[int]

    @classmethod
    def of(cls, spelled: Ids) -> "FormWindows":
        """Return the windows of forms, given the rows of their characters, (R, COLUMNS)."""
        counts = np.maximum(np.count_nonzero(spelled != PAD, axis=1) - WIDTH + 1, 0)
        order = np.argsort(-counts, kind="stable")
        exists = np.arange(counts.max(initial=0))[:, None] < counts[order]  # (places, R)
        windows = sliding_window_view(spelled[order], WIDTH, axis=1)[:, : len(exists)].transpose(1, 0, 2)
        return cls(order, windows[exists], list(accumulate(exists.sum(axis=1).tolist(), initial=0)))

    def places(self) -> Iterator[tuple[slice, slice]]:
        """Yield the windows of each place in the form, and the forms in `order` that have such windows."""
        for start, end in pairwise(self.edges):
            yield slice(start, end), slice(end - start)


@dataclass(frozen=True)
class Convolved:
    """What the backward pass needs of the forward pass."""

    windows: FormWindows
    rows: Ids  # (v,)
    S: Incidence  # (w, 3*v)
    a: Array  # (w, D_c)
    X: Array  # (R, D_c)


@dataclass(frozen=True)
class CharacterNetwork:
    """The character network.

    Parameters
    ----------
    alphabet
        The characters of the rows of E.
    E, W, b
        The table of characters, (V, 25), and the convolution, (25, 3, D_c) and (D_c,).
    """

    alphabet: Alphabet
    E: Array
    W: Array
    b: Array

    @property
    def size(self) -> int:
        """The number of filters D_c, which is the number of columns of X_c."""
        return len(self.b)

    @property
    def blocks(self) -> list[Block]:
        """The blocks of parameters."""
        return [
            Block(E_NAME, "features", self.E, len(self.E)),
            Block(W_NAME, "features", self.W),
            Block(B_NAME, "features", self.b),
        ]

    def expected_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each array that the alphabet, the width of a window and the other arrays imply."""
        size = self.E.shape[1]
        return {E_NAME: (len(self.alphabet), size), W_NAME: (size, WIDTH, self.size), B_NAME: (self.size,)}

    @cached_property
    def _distinct(self) -> Distinct:
        """Finds the distinct characters of a batch. Kept, so that memory is taken once."""
        return Distinct(len(self.E))

    def astype(self, dtype: DTypeLike) -> "CharacterNetwork":
        """Return a copy in another precision."""
        return replace(self, E=self.E.astype(dtype), W=self.W.astype(dtype), b=self.b.astype(dtype))

    def forward(self, spelled: Ids) -> Convolved:
        """Return X_c of forms, with what the backward pass needs, given the rows of their characters, (R, COLUMNS)."""
        windows = FormWindows.of(spelled)
        rows, places = self._distinct(windows.characters.reshape(-1))
        S = character_incidence(places.reshape(-1, WIDTH), len(rows))
        P = self.E[rows] @ self.W.reshape(len(self.W), -1)
        a = S.plus_product(self.b, P.reshape(-1, self.size))
        return Convolved(windows, rows, S, a, highest(windows, a))

    def backward(self, forward: Convolved, dX: Array) -> Gradients:
        """Return the gradients of the parameters, given dX_c, (R, D_c)."""
        da = route_to_highest(forward.windows, forward.a, forward.X, dX)
        dP = (forward.S.T @ da).reshape(len(forward.rows), WIDTH * self.size)
        dW = (self.E[forward.rows].T @ dP).reshape(self.W.shape)
        dE = RowGradient(forward.rows, dP @ self.W.reshape(len(self.W), -1).T)
        return {E_NAME: dE, W_NAME: dW, B_NAME: np.add.reduce(da)}


def character_incidence(places: Ids, count: int) -> Incidence:
    """Return S_c, (w, 3*v), given the number of each window's characters, (w, 3), among `count` ones."""
    positions = np.arange(WIDTH, dtype=np.int32)
    return Incidence(places * np.int32(WIDTH) + positions, count * WIDTH)


def highest(windows: FormWindows, a: Array) -> Array:
    """Return X_c, (R, D_c): the maximum of 0 and of a over the windows of each form."""
    ordered = np.zeros((len(windows.order), a.shape[1]), dtype=a.dtype)
    for some, forms in windows.places():
        np.maximum(ordered[forms], a[some], out=ordered[forms])
    X = np.empty_like(ordered)
    X[windows.order] = ordered
    return X


def route_to_highest(windows: FormWindows, a: Array, X: Array, dX: Array) -> Array:
    """Return da, (w, D_c): dX_c of the form at the first window whose a is X_c, and 0 elsewhere."""
    ordered = X.take(windows.order, axis=0)
    left = dX.take(windows.order, axis=0)  # what no window has taken yet
    left *= ordered > 0
    da = np.empty_like(a)
    for some, forms in windows.places():
        np.multiply(left[forms], a[some] == ordered[forms], out=da[some])
        left[forms] -= da[some]
    return da
