"""The document head: logits that also depend on a word's other mentions in its document.

    Forward                                              Backward, given dz2, the gradient of this head's z2
    c   = A h~                           (N, H)          d[U_own; U_others] = [h~, c].T @ dz2 + l2 [U_own; U_others]
    z2  = [h~, c] @ [U_own; U_others]                    db2_document = sum_N dz2
          + b2_document                  (N, K)          dh~ = dz2 @ U_own.T + A (dz2 @ U_others.T)

h~ is the hidden layer after its dropout mask (`network.model`). Row t of A averages over the other mentions of word t
(`inputs.mentions`). dJ/dc is dz2 @ U_others.T. It reaches h~ through A.T, and A.T = A.

Products may be taken in any order: (A h~) U = A (h~ U). The code takes them so that A averages K numbers per word, not
H. c is never computed:

    z2        = h~ U_own + A (h~ U_others) + b2_document     each mention votes with its row of h~ U_others
    dU_others = (A h~).T dz2 = h~.T (A dz2)
    dh~       = dz2 U_own.T + (A dz2) U_others.T

A word whose document is one sentence has no other mentions. The head of `network.model`, z2 = h~ U + b2, tags it. Both
heads read the same hidden layer and the same chain, and training takes the mean of their losses:

    J = (J(h~ U + b2) + J(h~ U_own + A h~ U_others + b2_document)) / 2 + l2/2 (|W|^2 + |U|^2 + |U_own|^2 + |U_others|^2)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array
from windowner.inputs.mentions import Mentions
from windowner.network.blocks import Gradients

OWN, OTHERS, BIAS = "U.own", "U.others", "b2.document"
"""The names of the head's arrays."""


@dataclass(frozen=True)
class DocumentHead:
    """The output layer of words in documents.

    Parameters
    ----------
    own, others
        What a word's hidden units add to its own logits, and to those of its other mentions, (H, K) each.
    b
        The bias b2_document, (K,).
    """

    own: Array
    others: Array
    b: Array

    @property
    def parameters(self) -> dict[str, Array]:
        """The arrays, by the names that they have among the network's parameters."""
        return {OWN: self.own, OTHERS: self.others, BIAS: self.b}

    def astype(self, dtype: DTypeLike) -> "DocumentHead":
        """Return a copy in another precision."""
        return DocumentHead(*(array.astype(dtype) for array in self.parameters.values()))

    def logits(self, own: Array, votes: Array, A: Mentions) -> Array:
        """Return z2, (N, K), given h~ U_own and h~ U_others, (N, K) each."""
        z2: Array = A @ votes
        z2 += own
        z2 += self.b
        return z2

    def forward(self, h: Array, A: Mentions) -> Array:
        """Return z2, (N, K), given h~, (N, H)."""
        return self.logits(h @ self.own, h @ self.others, A)

    def backward(self, h: Array, A: Mentions, dz2: Array, l2: float) -> tuple[Array, Gradients]:
        """Return dh~, (N, H), and the gradients of the parameters, given dz2, (N, K)."""
        dvotes = A @ dz2
        down, dothers = h.T @ dz2, h.T @ dvotes
        if l2:
            down += l2 * self.own
            dothers += l2 * self.others
        dh = dz2 @ self.own.T
        dh += dvotes @ self.others.T
        return dh, {OWN: down, OTHERS: dothers, BIAS: np.add.reduce(dz2)}

    def squared_norm(self) -> float:
        """Return |U_own|^2 + |U_others|^2."""
        return float(np.vdot(self.own, self.own) + np.vdot(self.others, self.others))


def fold_heads(heads: Sequence[DocumentHead]) -> DocumentHead | None:
    """Return the head whose logits are the mean of the heads' logits; see `network.folding`. None without heads."""
    if not heads:
        return None
    own, others = (
        np.concatenate([head.parameters[name] for head in heads]) / np.float32(len(heads)) for name in (OWN, OTHERS)
    )
    return DocumentHead(own, others, np.mean([head.b for head in heads], axis=0, dtype=heads[0].b.dtype))
