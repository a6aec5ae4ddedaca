"""An ensemble as one network. Its scores are exactly the mean of the scores of its k members.

    z2 = 1/k sum_i (f(S (X_i W_i) + b1_i) U_i + b2_i)  =  f(S (X W) + b1) U + b2

    X  = [first tables of all members, second tables of all members, ...]                        (R, kD)
    W  = W_i in the rows of member i's columns of X and the columns of its hidden units, else 0  (kD, C, kH)
    b1 = [b1_1 ... b1_k]     U = [U_1; ...; U_k] / k     b2 = mean of b2_i                       (kH,), (kH, K), (K,)

The document heads are folded as U and b2 are (`network.document`). The members' chains are replaced by their mean. The
score of a tag sequence is a sum of logits and of chain scores. So it is the mean of the members' scores of that
sequence.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from windowner.arrays import Array
from windowner.network.chain.scores import Chain
from windowner.network.document import fold_heads
from windowner.network.model import WindowNetwork


def fold(members: Sequence[WindowNetwork]) -> WindowNetwork:
    """Return the network whose scores are the mean of the members' scores.

    The members have the same shapes, and differ in their parameters alone.
    """
    if len(members) == 1:
        return members[0]
    first = members[0]
    return replace(
        first,
        tables=[
            tables[0].with_rows(np.concatenate([table.E for table in tables], axis=1))
            for tables in zip(*(member.tables for member in members), strict=True)
        ],
        W=_block_diagonal(members),
        b1=np.concatenate([member.b1 for member in members]),
        U=np.concatenate([member.U for member in members]) / np.float32(len(members)),
        b2=_mean([member.b2 for member in members]),
        chain=mean_chain([member.chain for member in members if member.chain is not None]),
        document=fold_heads([member.document for member in members if member.document is not None]),
    )


def _block_diagonal(members: Sequence[WindowNetwork]) -> Array:
    """Return W. Its rows follow table by table, and within a table member by member."""
    k, (D, C, H) = len(members), members[0].W.shape
    W = np.zeros((k * D, C, k * H), dtype=members[0].W.dtype)
    edges = np.cumsum([0, *(table.size for table in members[0].tables)])
    for start, end in pairwise(edges.tolist()):
        for i, member in enumerate(members):
            row = k * start + i * (end - start)
            W[row : row + end - start, :, i * H : (i + 1) * H] = member.W[start:end]
    return W


def mean_chain(chains: Sequence[Chain]) -> Chain | None:
    """Return the chain of the mean scores. None if there are no chains."""
    if not chains:
        return None
    return Chain(**{name: _mean([chain.parameters[name] for chain in chains]) for name in chains[0].parameters})


def _mean(arrays: Sequence[Array]) -> Array:
    mean: Array = np.mean(arrays, axis=0, dtype=arrays[0].dtype)
    return mean
