"""The mentions of a word in its document, and the matrix A that averages over the others of them.

    group of a token   the tokens of its document whose forms are the same in lower case; n is their number
    A[t, u]            1 / (n - 1) for every other token u of t's group, else 0                    (N, N)

    (A V)[t]           the mean of V's rows over the other tokens of t's group; 0 where n = 1      (N, K)
                       = (sum of V over t's group - V[t]) / (n - 1)

No matrix is built: a product takes the sums over groups by an incidence matrix. A is symmetric, because two tokens of a
group have the same n. So A.T V = A V.
"""

from dataclasses import dataclass, replace

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.encoding import EncodedText
from windowner.inputs.forms import Forms
from windowner.inputs.incidence import Incidence

ALONE = -1
"""Group of the tokens of a sentence that is its whole document. They have no other mentions."""


@dataclass(frozen=True)
class Mentions:
    """The matrix A of N tokens.

    Parameters
    ----------
    tokens
        The tokens that have other mentions, group by group, (M,).
    groups
        The group of each of them, from 0, ascending, (M,).
    counts
        Number of tokens n of each group, at least 2.
    """

    tokens: Indices
    groups: Ids
    counts: Indices

    @classmethod
    def of(cls, groups: Indices) -> "Mentions":
        """Return the matrix of tokens, given any number of each one's group, (N,)."""
        order = np.argsort(groups, kind="stable")  # fast, because documents have ascending numbers
        order = order[np.count_nonzero(groups == ALONE) :]  # those that are alone stand first
        ordered = groups[order]
        as_before, as_after = np.zeros((2, len(order)), dtype=bool)  # whether that neighbour is of the same group
        as_before[1:] = as_after[:-1] = ordered[1:] == ordered[:-1]
        repeated = as_before | as_after
        starts = np.flatnonzero(~as_before[repeated])  # of the groups
        tokens = order[repeated]
        counts = np.diff(starts, append=len(tokens))
        return cls(tokens, np.repeat(np.arange(len(counts), dtype=np.int32), counts), counts)

    def __matmul__(self, V: Array) -> Array:
        """Return A V, (N, K)."""
        own = V.take(self.tokens, axis=0)
        sums = Incidence(self.groups.reshape(-1, 1), len(self.counts)).T @ own
        means = sums.take(self.groups, axis=0)
        means -= own
        means *= (1 / (self.counts - 1)).astype(V.dtype).take(self.groups)[:, None]
        product = np.zeros(V.shape, dtype=V.dtype)
        product[self.tokens] = means
        return product


def in_documents(text: EncodedText, forms: Forms, documents: Indices) -> EncodedText:
    """Return a text whose tokens have groups.

    Parameters
    ----------
    text
        The text, with the form numbers of `forms`.
    forms
        The forms.
    documents
        First sentence of each document, and the number of sentences at the end, (documents + 1,).
    """
    lowered = forms.lowered
    lengths = np.diff(text.offsets[documents])
    first = np.arange(len(lengths)) * (len(lowered) + 1)  # number of each document's first group
    groups = np.repeat(first, lengths) + lowered[text.stream[text.centers]]
    filled = np.append(0, np.cumsum(np.diff(text.offsets) > 0))  # sentences with tokens up to each place
    groups[np.repeat(np.diff(filled[documents]) == 1, lengths)] = ALONE
    return replace(text, groups=groups)
