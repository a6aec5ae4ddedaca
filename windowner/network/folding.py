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
        tables={name: np.concatenate([one.tables[name] for one in members], axis=1) for name in first.tables},
        W=_block_diagonal(members),
        b1=np.concatenate([one.b1 for one in members]),
        U=np.concatenate([one.U for one in members]) / np.float32(len(members)),
        b2=_mean([one.b2 for one in members]),
        chain=mean_chain([one.chain for one in members if one.chain is not None]),
    )


def _block_diagonal(members: Sequence[WindowNetwork]) -> Array:
    """Return W: table by table, member by member, the rows of W_i in the columns of member i."""
    k, (D, C, H) = len(members), members[0].W.shape
    W = np.zeros((k * D, C, k * H), dtype=members[0].W.dtype)
    edges = np.cumsum([0, *(E.shape[1] for E in members[0].tables.values())])
    for start, end in pairwise(edges.tolist()):
        for i, one in enumerate(members):
            row = k * start + i * (end - start)
            W[row : row + end - start, :, i * H : (i + 1) * H] = one.W[start:end]
    return W


def mean_chain(chains: Sequence[Chain]) -> Chain | None:
    """Return the mean of all scores; None if there are no chains."""
    if not chains:
        return None
    return Chain(**{name: _mean([chain.parameters[name] for chain in chains]) for name in chains[0].parameters})


def _mean(arrays: Sequence[Array]) -> Array:
    mean: Array = np.mean(arrays, axis=0, dtype=arrays[0].dtype)
    return mean
