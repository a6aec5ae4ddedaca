"""The best legal tag sequence of each sentence: tags may follow each other only as their scheme allows.

    best y_1 ... y_n  =  argmax  start[y_1] + sum_t z_t(y_t) + sum_t transition[y_t, y_t+1] + end[y_n]

over the sequences whose start, transitions and end are legal. The scores of neighbours are those of a chain, or 0
without one. Logits serve as well as log p: within a word they differ by a constant. Without a chain, and where the
sequence of the single best tags is legal, it is the best legal one, and no search is made.

Viterbi: the best score of a path that ends in tag j at word t is s_t(j) = z_t(j) + max_i (s_t-1(i) + transition[i, j]).
On the way back, the tag before the chosen j is the argmax of the same sums, of one j a sentence.

Source: Viterbi, IEEE Transactions on Information Theory 13, 1967.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from windowner.network.chain import Chain
from windowner.text.schemes import LegalTransitions

Array = NDArray[Any]
Indices = NDArray[np.intp]


def decode(z: Array, offsets: Indices, legality: LegalTransitions, chain: Chain | None = None) -> Indices:
    """Return the best legal tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
    tags: Indices = z.argmax(axis=1)
    sentences = illegal_sentences(tags, offsets, legality) if chain is None else np.flatnonzero(np.diff(offsets))
    if len(sentences):
        starts, lengths = offsets[sentences], np.diff(offsets)[sentences]
        viterbi(z, starts, lengths, legal_scores(legality, z.dtype, chain), tags)
    return tags


def legal_scores(
    legality: LegalTransitions, dtype: DTypeLike, chain: Chain | None = None, barrier: float = -np.inf
) -> Chain:
    """Return the scores of a chain, or 0, with `barrier` added to what is not legal."""
    start, transition, end = (np.where(legal, 0, barrier).astype(dtype) for legal in legality)
    scores = Chain(transition, start, end)
    return scores if chain is None else chain.plus(scores)


def illegal_sentences(tags: Indices, offsets: Indices, legality: LegalTransitions) -> Indices:
    """Return the numbers of the sentences whose tags are not legal."""
    filled = np.flatnonzero(np.diff(offsets))
    first, last = offsets[filled], offsets[filled + 1] - 1
    wrong = np.zeros(len(tags), dtype=bool)
    wrong[1:] = ~legality.transition[tags[:-1], tags[1:]]
    wrong[first] = ~legality.start[tags[first]]
    wrong[last] |= ~legality.end[tags[last]]
    return np.unique(np.searchsorted(offsets, np.flatnonzero(wrong), side="right") - 1)


def viterbi(z: Array, starts: Indices, lengths: Indices, chain: Chain, tags: Indices) -> None:
    """Write the best tags of some sentences into `tags`, (N,), by logits and a chain whose scores rule out the illegal.

    All B sentences take a step at a time, the longest first, so that those that have a word number t are the first
    ones at every t; a sentence that has ended keeps its last scores.
    """
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    steps = range(1, int(lengths[0]))
    going = [int(n) for n in np.searchsorted(-lengths, -np.arange(lengths[0]))]  # sentences that have a word number t
    score = chain.start + z[starts]  # (B, K)
    scores = [score.copy()]  # of each word
    for t in steps:
        n = going[t]
        paths: Array = score[:n, :, None] + chain.transition  # (n, from, to)
        score[:n] = paths.max(axis=1) + z[starts[:n] + t]
        scores.append(score[:n].copy())
    best = (score + chain.end).argmax(axis=1)  # (B,): of each sentence's last word
    into = np.ascontiguousarray(chain.transition.T)  # (to, from)
    for t in reversed(steps):
        n = going[t]
        tags[starts[:n] + t] = best[:n]
        best[:n] = (scores[t - 1][:n] + into[best[:n]]).argmax(axis=1)
    tags[starts] = best
