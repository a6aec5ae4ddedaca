"""The best legal tag sequence of each sentence: tags may follow each other only as their scheme allows.

    best y_1 ... y_n  =  argmax  sum_t log p_t(y_t)   over the sequences with
                         start[y_1], transition[y_t, y_t+1] and end[y_n] all true

Viterbi: the best score of a path that ends in tag k at word t is s_t(k) = z_t(k) + max_j s_t-1(j) over legal j -> k.
Logits serve as well as log p: within a word they differ by a constant. Where the sequence of the single best tags is
legal, it is the best legal one, and no search is made.

Source: Viterbi, IEEE Transactions on Information Theory 13, 1967.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from windowner.text.schemes import LegalTransitions

Array = NDArray[Any]
Indices = NDArray[np.intp]


def decode(z: Array, offsets: Indices, legality: LegalTransitions) -> Indices:
    """Return the best legal tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
    tags: Indices = z.argmax(axis=1)
    sentences = illegal_sentences(tags, offsets, legality)
    if len(sentences):
        starts, lengths = offsets[sentences], np.diff(offsets)[sentences]
        viterbi(z, starts, lengths, legality, tags)
    return tags


def illegal_sentences(tags: Indices, offsets: Indices, legality: LegalTransitions) -> Indices:
    """Return the numbers of the sentences whose tags are not legal."""
    filled = np.flatnonzero(np.diff(offsets))
    first, last = offsets[filled], offsets[filled + 1] - 1
    wrong = np.zeros(len(tags), dtype=bool)
    wrong[1:] = ~legality.transition[tags[:-1], tags[1:]]
    wrong[first] = ~legality.start[tags[first]]
    wrong[last] |= ~legality.end[tags[last]]
    return np.unique(np.searchsorted(offsets, np.flatnonzero(wrong), side="right") - 1)


def viterbi(z: Array, starts: Indices, lengths: Indices, legality: LegalTransitions, tags: Indices) -> None:
    """Write the best legal tags of some sentences into `tags`, (N,).

    All B sentences take a step at a time, the longest first, so that those that have a word number t are the first
    ones at every t; a sentence that has ended keeps its last scores.
    """
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    steps = range(1, int(lengths[0]))
    going = [int(n) for n in np.searchsorted(-lengths, -np.arange(lengths[0]))]  # sentences that have a word number t
    barrier = np.where(legality.transition, 0, -np.inf).astype(z.dtype).T  # (to, from)
    score = np.where(legality.start, z[starts], -np.inf)  # (B, K)
    back = [score.argmax(axis=1)]  # the first one is not used
    for t in steps:
        n = going[t]
        paths: Array = score[:n, None, :] + barrier  # (n, to, from)
        back.append(paths.argmax(axis=2))
        score[:n] = paths.max(axis=2) + z[starts[:n] + t]
    best = np.where(legality.end, score, -np.inf).argmax(axis=1)  # (B,): of each sentence's last word
    for t in reversed(steps):
        n = going[t]
        tags[starts[:n] + t] = best[:n]
        best[:n] = back[t][np.arange(n), best[:n]]
    tags[starts] = best
