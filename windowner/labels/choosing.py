"""Which sentences to label next: those that a tagger is unsure of, and that teach it something new each.

    gain(s)  =  sum_t u_t c(form of t)^q g^n(form of t)  /  T^p

u_t is the uncertainty of token t (`uncertainty`). c(form) is the number of its tokens in the pool: with q > 0, words
that will be met again count more. n(form) is the number of chosen sentences that hold the form. What is unsure about a
word is mostly learnt from its first sentences, so g < 1 makes later ones count less. T^p is the price of a sentence of
T tokens: with p = 1 the gain is per word that is labelled, and with p = 0 long sentences come first.

A gain never grows when sentences are chosen. So the best sentence is found without looking at all others again: an old
gain is an upper bound, and the sentence at the top of a heap is chosen if its gain is up to date.

Source of the search: Minoux, "Accelerated greedy algorithms for maximizing submodular set functions", 1978.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from itertools import chain

import numpy as np

from windowner.arrays import Float64

ALIKE = 0.8
"""Sentences are near-duplicates if at least this fraction of their distinct forms is common to both."""


@dataclass(frozen=True)
class Rule:
    """How sentences are chosen; the numbers g, p and q of the formula, and whether near-duplicates are left out."""

    fading: float = 0.5
    price: float = 1.0
    frequency: float = 0.5
    without_duplicates: bool = True


DEFAULT = Rule()


def choose(
    sentences: Sequence[Sequence[str]],
    uncertainty: Sequence[Float64],
    rule: Rule = DEFAULT,
    known: Sequence[Sequence[str]] = (),
) -> Iterator[tuple[int, float]]:
    """Yield the numbers of sentences and their gains, the best one first.

    Parameters
    ----------
    sentences
        Tokens of each sentence of the pool.
    uncertainty
        Uncertainty of each token of each sentence.
    rule
        How they are chosen.
    known
        Sentences that are labelled already; near-duplicates of them are left out.
    """
    forms = [[_form(token) for token in tokens] for tokens in sentences]
    met: Counter[str] = Counter()
    weights = _weights(forms, uncertainty, rule.frequency)
    likes = Likes()
    for tokens in known:
        likes.add({_form(token) for token in tokens})

    def gain(number: int) -> float:
        fading = np.array([rule.fading ** met[form] for form in forms[number]])
        return float(weights[number] @ fading / len(forms[number]) ** rule.price)

    heap = [(-gain(number), number) for number in range(len(forms)) if forms[number]]
    heapify(heap)
    while heap:
        bound, number = heap[0]
        now = gain(number)
        if -bound > now + 1e-12:
            heapreplace(heap, (-now, number))
            continue
        heappop(heap)
        distinct = set(forms[number])
        if rule.without_duplicates and likes.has_like(distinct):
            continue
        likes.add(distinct)
        met.update(distinct)
        yield number, now


class Likes:
    """Finds near-duplicates among sets of forms: |A and B| >= ALIKE |A or B|.

    Such sets share at least ALIKE of the forms of the smaller one. So a set that shares none of the rarest forms of
    another need not be compared with it.
    """

    def __init__(self) -> None:
        self.sets: list[frozenset[str]] = []
        self.by_form: dict[str, list[int]] = {}

    def add(self, forms: set[str]) -> None:
        """Remember a set."""
        for form in forms:
            self.by_form.setdefault(form, []).append(len(self.sets))
        self.sets.append(frozenset(forms))

    def has_like(self, forms: set[str]) -> bool:
        """Return whether a remembered set is a near-duplicate of this one."""
        rarest = sorted(forms, key=lambda form: len(self.by_form.get(form, ())))
        needed = rarest[: len(forms) - int(np.ceil(ALIKE * len(forms))) + 1]
        candidates = {number for form in needed for number in self.by_form.get(form, ())}
        return any(len(forms & self.sets[n]) >= ALIKE * len(forms | self.sets[n]) for n in candidates)


def _weights(forms: Sequence[Sequence[str]], uncertainty: Sequence[Float64], frequency: float) -> list[Float64]:
    """Return u c^q of each token of each sentence."""
    counts = Counter(chain.from_iterable(forms))
    powers = {form: float(count) ** frequency for form, count in counts.items()}
    return [u * np.array([powers[form] for form in each]) for u, each in zip(uncertainty, forms, strict=True)]


def _form(token: str) -> str:
    """Return what two tokens have in common that teach the same: their letters, and where they have digits."""
    return "".join("0" if char.isdigit() else char for char in token.lower())
