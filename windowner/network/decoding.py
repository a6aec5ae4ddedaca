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


def decode(z: Array, offsets: NDArray[np.intp], legality: LegalTransitions) -> NDArray[np.intp]:
    """Return the best legal tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
    tags: NDArray[np.intp] = z.argmax(axis=1)
    for sentences in _by_length(illegal_sentences(tags, offsets, legality), offsets):
        length = offsets[sentences[0] + 1] - offsets[sentences[0]]
        tokens = offsets[sentences][:, None] + np.arange(length)  # (sentences, length)
        tags[tokens] = viterbi(z[tokens], legality)
    return tags


def illegal_sentences(
    tags: NDArray[np.intp], offsets: NDArray[np.intp], legality: LegalTransitions
) -> NDArray[np.intp]:
    """Return the numbers of the sentences whose tags are not legal."""
    filled = np.flatnonzero(np.diff(offsets))
    first, last = offsets[filled], offsets[filled + 1] - 1
    wrong = np.zeros(len(tags), dtype=bool)
    wrong[1:] = ~legality.transition[tags[:-1], tags[1:]]
    wrong[first] = ~legality.start[tags[first]]
    wrong[last] |= ~legality.end[tags[last]]
    return np.unique(np.searchsorted(offsets, np.flatnonzero(wrong), side="right") - 1)


def viterbi(z: Array, legality: LegalTransitions) -> NDArray[np.intp]:
    """Return the best legal tags, (B, T), for logits z, (B, T, K), of B sentences of T words each."""
    B, T, _ = z.shape
    barrier = np.where(legality.transition, 0, -np.inf).astype(z.dtype)
    score = np.where(legality.start, z[:, 0], -np.inf)  # (B, K)
    back = np.empty(z.shape, dtype=np.intp)  # best tag before each
    for t in range(1, T):
        paths: Array = score[:, :, None] + barrier  # (B, from, to)
        back[:, t] = paths.argmax(axis=1)
        score = paths.max(axis=1) + z[:, t]
    tags = np.empty((B, T), dtype=np.intp)
    tags[:, -1] = np.where(legality.end, score, -np.inf).argmax(axis=1)
    for t in range(T - 1, 0, -1):
        tags[:, t - 1] = back[np.arange(B), t, tags[:, t]]
    return tags


def _by_length(sentences: NDArray[np.intp], offsets: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Group sentences of the same length, so that each group is one array without padding."""
    lengths = (offsets[1:] - offsets[:-1])[sentences]
    return [sentences[lengths == length] for length in np.unique(lengths)]
