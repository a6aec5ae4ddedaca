"""Phrases as a tree in arrays, in which all tokens of a text take a step together.

    New York          words     New 1   York 2   Times 3                 0: a word of no phrase
    New York Times    edges     (root, 1) -> 1   (1, 2) -> 2   (2, 3) -> 3
                      ends      node 2: New York   node 3: New York Times

The words of a text are numbers. An edge is one number, node * size + word. The edges are sorted. So a step is a binary
search for all places at which a phrase may go on. Most words begin no phrase, and cost one look-up.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from windowner.arrays import Ids, Indices
from windowner.inputs.encoding import ranges

ROOT = 0


class PhraseTree:
    """Phrases, each with the number of its rule.

    Parameters
    ----------
    phrases
        The words of each phrase, which has one at least, and the number of its rule. A phrase may stand twice.
    """

    def __init__(self, phrases: Iterable[tuple[Sequence[str], int]]):
        self.words: dict[str, int] = {}  # numbers from 1
        numbered = [([self.words.setdefault(word, len(self.words) + 1) for word in words], n) for words, n in phrases]
        self._size = len(self.words) + 1
        edges: dict[int, int] = {}
        ends = []
        for words, _ in numbered:
            node = ROOT
            for word in words:
                node = edges.setdefault(node * self._size + word, len(edges) + 1)
            ends.append(node)
        keys = np.fromiter(edges, dtype=np.int64, count=len(edges))
        order = np.argsort(keys)
        self._keys, self._children = keys[order], order + 1
        self._opening = np.zeros(self._size, dtype=np.intp)  # child of the root by word; ROOT where there is none
        from_root = keys < self._size
        self._opening[keys[from_root]] = np.flatnonzero(from_root) + 1
        self._rules = np.array([n for _, n in numbered], dtype=np.intp)[np.argsort(ends, kind="stable")]
        self._counts = np.bincount(np.array(ends, dtype=np.intp), minlength=len(edges) + 1)  # of rules by node
        self._firsts = np.cumsum(self._counts) - self._counts

    def find(self, words: Ids, ends: Indices) -> Iterator[tuple[Indices, Indices, Indices]]:
        """Yield starts, ends and rules of matches.

        Parameters
        ----------
        words
            Number of each token's word, (T,).
        ends
            End of each token's sentence, (T,).
        """
        starts = np.flatnonzero(self._opening[words])
        nodes = self._opening[words[starts]]
        length = 1
        while len(starts):
            counts = self._counts[nodes]
            found = np.repeat(starts, counts)
            yield found, found + length, self._rules[ranges(self._firsts[nodes], counts)]
            goes_on = np.flatnonzero(starts + length < ends[starts])
            starts = starts[goes_on]
            keys = nodes[goes_on] * self._size + words[starts + length]
            places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            fits = self._keys[places] == keys
            starts, nodes = starts[fits], self._children[places[fits]]
            length += 1
