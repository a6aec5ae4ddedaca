"""The best legal tag sequence of each sentence: tags may follow each other only as their scheme allows.

    best y_1 ... y_n  =  argmax  start[y_1] + sum_t z_t(y_t) + sum_t transition[y_t, y_t+1] + end[y_n]

over the sequences whose start, transitions and end are legal. The scores of neighbours are those of a chain, or 0
without one. Logits serve as well as log p, because within a word they differ by a constant. Without a chain, a sentence
whose single best tags are a legal sequence needs no search: that sequence is the best legal one.

With a chain there is a second answer. Posterior decoding takes

    best y_1 ... y_n  =  argmax  sum_t log P(y_t)        P the marginal among all legal sequences, by `marginals`

which is decoding without a chain, of log P in place of z: each word's tag is judged by all sequences that have it, not
by the single best one. In either, a threshold in nats is subtracted from O's scores, z or log P (`runs.threshold`).

Viterbi: the best score of a path that ends in tag j at word t is s_t(j) = z_t(j) + max_i (s_t-1(i) + transition[i, j]).
On the way back, the tag before the chosen j is the argmax of the same sums, of one j a sentence.

Sources: Viterbi, IEEE Transactions on Information Theory 13, 1967; for posterior decoding Durbin, Eddy, Krogh and
Mitchison, "Biological sequence analysis", 1998, section 3.2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from windowner.arrays import Array, Indices
from windowner.network.chain.marginals import log_marginals
from windowner.network.chain.messages import Steps
from windowner.network.chain.scores import Chain
from windowner.text.schemes import LegalTransitions

BARRIER = -30.0
"""Score of what is not legal: exp(-30) is next to no probability, and the range of the scores stays small."""


@dataclass(frozen=True)
class Decoder:
    """From logits to tags.

    Parameters
    ----------
    legality
        Which sequences of tags are legal.
    chain
        Learned scores of neighbouring tags, if there are any.
    posterior
        Whether, with a chain, tags are chosen by their marginals.
    outside
        Number of the tag O.
    threshold
        Subtracted from O's score before decoding, in nats; positive means more entities.
    """

    legality: LegalTransitions
    chain: Chain | None = None
    posterior: bool = True
    outside: int = 0
    threshold: float = 0.0

    def __call__(self, z: Array, offsets: Indices) -> Indices:
        """Return tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
        return next(self.with_thresholds(z, offsets, [self.threshold]))

    def with_thresholds(self, z: Array, offsets: Indices, thresholds: Iterable[float]) -> Iterator[Indices]:
        """Yield the tags that each threshold gives."""
        chain = self.chain
        if self.posterior and chain is not None:
            z, chain = log_marginals(z, offsets, self.legal_chain()), None
        for threshold in thresholds:
            yield decode(self.subtract_threshold(z, threshold), offsets, self.legality, chain)

    def subtract_threshold(self, z: Array, threshold: float | None = None) -> Array:
        """Return scores z, (N, K), with a threshold subtracted from those of O; the decoder's own by default."""
        threshold = self.threshold if threshold is None else threshold
        if threshold:
            z = z.copy()
            z[:, self.outside] -= threshold
        return z

    def legal_chain(self, temperature: float = 1.0) -> Chain:
        """Return the scores of neighbours at a temperature; what is not legal has next to no probability."""
        return legal_chain(self.legality, self.chain, temperature)


def decode(z: Array, offsets: Indices, legality: LegalTransitions, chain: Chain | None = None) -> Indices:
    """Return the best legal tags, (N,), for logits z, (N, K), of sentences that start at `offsets`."""
    tags: Indices = z.argmax(axis=1)
    sentences = illegal_sentences(tags, offsets, legality) if chain is None else np.flatnonzero(np.diff(offsets))
    if len(sentences):
        steps = Steps.of_sentences(offsets[sentences], np.diff(offsets)[sentences])
        tags[steps.forward] = viterbi(z[steps.forward], steps.sizes, legal_scores(legality, z.dtype, chain))
    return tags


def legal_scores(
    legality: LegalTransitions, dtype: DTypeLike, chain: Chain | None = None, barrier: float = -np.inf
) -> Chain:
    """Return the scores of a chain, or 0, with `barrier` added to what is not legal."""
    start, transition, end = (np.where(legal, 0, barrier).astype(dtype) for legal in legality)
    scores = Chain(transition, start, end)
    return scores if chain is None else chain.plus(scores)


def legal_chain(legality: LegalTransitions, chain: Chain | None, temperature: float = 1.0) -> Chain:
    """Return the scores of neighbouring tags, divided by the temperature, with a barrier added to what is not legal.

    A barrier in place of minus infinity keeps the range of the scores small. Without a chain all other scores are 0.
    Where every sequence is legal, the probabilities are then those of the softmax.
    """
    scaled = None if chain is None else chain.scaled(1 / temperature)
    return legal_scores(legality, np.float64, scaled, BARRIER)


def illegal_sentences(tags: Indices, offsets: Indices, legality: LegalTransitions) -> Indices:
    """Return the numbers of the sentences whose tags are not legal."""
    filled = np.flatnonzero(np.diff(offsets))
    first, last = offsets[filled], offsets[filled + 1] - 1
    wrong = np.zeros(len(tags), dtype=bool)
    wrong[1:] = ~legality.transition[tags[:-1], tags[1:]]
    wrong[first] = ~legality.start[tags[first]]
    wrong[last] |= ~legality.end[tags[last]]
    return np.unique(np.searchsorted(offsets, np.flatnonzero(wrong), side="right") - 1)


def viterbi(z: Array, sizes: list[int], chain: Chain) -> Indices:
    """Return the best tags of words in the order of `Steps`, by a chain whose scores rule out the illegal.

    All sentences take a step at a time. Tags stand first and sentences last, so that a step's sums and maxima run along
    sentences that lie side by side in memory.

    Parameters
    ----------
    z
        Logits, (N, K): of all first words, all second ones, ..., those of the longest sentence first.
    sizes
        How many sentences have a word number t, for each t.
    chain
        Scores of neighbouring tags.
    """
    starts = np.cumsum([0, *sizes]).tolist()
    s = np.array(z.T, order="C")  # (K, N): becomes s_t(j)
    s[:, : sizes[0]] += chain.start[:, None]
    for t in range(1, len(sizes)):
        before = s[:, None, starts[t - 1] : starts[t - 1] + sizes[t]]
        paths = before + chain.transition[:, :, None]  # (from, to, sentences)
        s[:, starts[t] : starts[t + 1]] += paths.max(axis=0)
    return _trace_back(np.ascontiguousarray(s.T), sizes, starts, chain)


def _trace_back(s: Array, sizes: list[int], starts: list[int], chain: Chain) -> Indices:
    """Return the tags of the best paths, by the scores s of paths that end in each tag of each word, (N, K)."""
    sentences = np.arange(sizes[0])
    last = np.searchsorted(-np.array(sizes), -sentences) - 1  # step of each sentence's last word
    best = (s[np.array(starts)[last] + sentences] + chain.end).argmax(axis=1)
    into = np.ascontiguousarray(chain.transition.T)  # (to, from)
    tags = np.empty(len(s), dtype=np.intp)
    for t in range(len(sizes) - 1, 0, -1):
        n = sizes[t]
        tags[starts[t] : starts[t + 1]] = best[:n]
        best[:n] = (s[starts[t - 1] : starts[t - 1] + n] + into[best[:n]]).argmax(axis=1)
    tags[: sizes[0]] = best
    return tags
