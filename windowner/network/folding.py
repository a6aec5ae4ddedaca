"""An ensemble as one network. Its scores are exactly the mean of the scores of its k members.

    z2 = 1/k sum_i (f(S (X_i W_i) + b1_i) U_i + b2_i)  =  f(S (X W) + b1) U + b2

    X  = [first tables of all members, second tables of all members, ...]                        (R, kD)
    W  = W_i in the rows of member i's columns of X and the columns of its hidden units, else 0  (kD, C, kH)
    b1 = [b1_1 ... b1_k]     U = [U_1; ...; U_k] / k     b2 = mean of b2_i                       (kH,), (kH, K), (K,)

The character networks are folded likewise (`network.characters`). Their tables stand side by side, and their
convolutions are folded as W is. X_c holds the members' X_c. The document heads are folded as U and b2 are
(`network.document`). The members' chains are replaced by their mean. The score of a tag sequence is a sum of logits and
of chain scores. So it is the mean of the members' scores of that sequence.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np

from windowner.arrays import Array
from windowner.network.chain.scores import Chain
from windowner.network.characters import CharacterNetwork
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
        W=_block_diagonal([member.W for member in members], _widths(first)),
        b1=np.concatenate([member.b1 for member in members]),
        U=np.concatenate([member.U for member in members]) / np.float32(len(members)),
        b2=_mean([member.b2 for member in members]),
        chain=mean_chain([member.chain for member in members if member.chain is not None]),
        document=fold_heads([member.document for member in members if member.document is not None]),
        characters=_fold_characters([member.characters for member in members if member.characters is not None]),
    )


def _widths(member: WindowNetwork) -> list[int]:
    """Return the number of columns of X that each table and the characters fill."""
    widths = [table.size for table in member.tables]
    return widths if member.characters is None else [*widths, member.characters.size]


def _block_diagonal(matrices: Sequence[Array], widths: Sequence[int]) -> Array:
    """Return W. Its rows follow part by part of these widths, and within a part member by member."""
    k, (D, C, H) = len(matrices), matrices[0].shape
    W = np.zeros((k * D, C, k * H), dtype=matrices[0].dtype)
    for start, end in pairwise(accumulate(widths, initial=0)):
        for i, matrix in enumerate(matrices):
            row = k * start + i * (end - start)
            W[row : row + end - start, :, i * H : (i + 1) * H] = matrix[start:end]
    return W


def _fold_characters(members: Sequence[CharacterNetwork]) -> CharacterNetwork | None:
    """Return the network whose X_c are those of the members side by side. None without members."""
    if not members:
        return None
    return CharacterNetwork(
        members[0].alphabet,
        E=np.concatenate([member.E for member in members], axis=1),
        W=_block_diagonal([member.W for member in members], [len(members[0].W)]),
        b=np.concatenate([member.b for member in members]),
    )


def mean_chain(chains: Sequence[Chain]) -> Chain | None:
    """Return the chain of the mean scores. None if there are no chains."""
    if not chains:
        return None
    return Chain(**{name: _mean([chain.parameters[name] for chain in chains]) for name in chains[0].parameters})


def _mean(arrays: Sequence[Array]) -> Array:
    mean: Array = np.mean(arrays, axis=0, dtype=arrays[0].dtype)
    return mean
