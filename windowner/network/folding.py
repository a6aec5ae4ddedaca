"""An ensemble as one network, whose scores are the mean of its k members' scores; nothing is approximated.

    z2 = 1/k sum_i (f(S (X_i W_i) + b1_i) U_i + b2_i)  =  f(S (X W) + b1) U + b2

    X = [E_1's columns of all members, E_2's ...]     tables side by side               (R, kD)
    W = each member's W_i where its columns of X meet its hidden units, 0 elsewhere     (kD, C, kH)
    b1 = [b1_1 ... b1_k]     U = [U_1; ...; U_k] / k     b2 = mean of b2_i              (kH,), (kH, K), (K,)

Scores of neighbouring tags are added to those of words, so their mean over members is the mean of whole sequences'.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from windowner.arrays import Array
from windowner.network.chain.scores import Chain
from windowner.network.model import WindowNetwork


def fold(members: Sequence[WindowNetwork]) -> WindowNetwork:
    """Return the network whose scores are the mean of the members', which differ in nothing but their parameters."""
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
    )


def _block_diagonal(members: Sequence[WindowNetwork]) -> Array:
    """Return W: table by table, member by member, the rows of W_i in the columns of member i."""
    k, (D, C, H) = len(members), members[0].W.shape
    W = np.zeros((k * D, C, k * H), dtype=members[0].W.dtype)
    edges = np.cumsum([0, *(table.size for table in members[0].tables)])
    for start, end in pairwise(edges.tolist()):
        for i, member in enumerate(members):
            row = k * start + i * (end - start)
            W[row : row + end - start, :, i * H : (i + 1) * H] = member.W[start:end]
    return W


def mean_chain(chains: Sequence[Chain]) -> Chain | None:
    """Return the mean of all scores; None if there are no chains."""
    if not chains:
        return None
    return Chain(**{name: _mean([chain.parameters[name] for chain in chains]) for name in chains[0].parameters})


def _mean(arrays: Sequence[Array]) -> Array:
    mean: Array = np.mean(arrays, axis=0, dtype=arrays[0].dtype)
    return mean
