"""Hashed character n-grams of a form: rows of one table of a bounded size, whatever words a text brings.

    <Paris>   3: <Pa Par ari ris is>   4: <Par Pari aris ris>        `<` and `>` mark the edges

    h(c_1 .. c_n) = mix(c_1 B^(n-1) + ... + c_n) mod buckets          of code points c, all modulo 2^64
    mix(h)        = m ^ (m >> 33),  m = (h ^ (h >> 33)) * M           so that the low bits depend on all bits

n-grams that share a bucket share a row. The hash is a function of the code points alone, the same on every machine
and in every process (Python's own is salted anew in each). Many forms are hashed together, in loops of numpy: h of
length n is h of length n - 1 times B plus the next code point. Of a form of more than `LONGEST` characters, the outer
ones are read.

Sources: Bojanowski et al., "Enriching word vectors with subword information", TACL 5, 2017; B and M are MurmurHash3's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from windowner.arrays import Ids
from windowner.inputs.features import PAD, UNK
from windowner.inputs.settings import FeaturesSettings

NAME = "ngrams"
LONGEST = 20
BASE = np.uint64(0xC6A4A7935BD1E995)
MIXER = np.uint64(0xFF51AFD7ED558CCD)
SHIFT = np.uint64(33)


@dataclass(frozen=True)
class Ngrams:
    """The n-grams that are read, and the table they are hashed into.

    Parameters
    ----------
    lengths
        Lengths n, in characters.
    buckets
        Rows for n-grams; the table has two more, PAD and UNK, that no n-gram has.
    """

    lengths: tuple[int, ...]
    buckets: int

    @property
    def columns(self) -> int:
        """How many n-grams a form can have, k."""
        return sum(LONGEST + 3 - n for n in self.lengths)

    def rows(self, forms: Sequence[str]) -> Ids:
        """Return the table rows of each form's n-grams, (len(forms), k); columns without one hold PAD."""
        marked = [f"<{form}>" if len(form) <= LONGEST else _outer(form) for form in forms]
        sizes = np.fromiter(map(len, marked), dtype=np.intp, count=len(marked))
        codes = np.frombuffer("".join(marked).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
        form = np.repeat(np.arange(len(sizes)), sizes)
        place = np.arange(len(codes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # of a character in its form
        left = np.repeat(sizes, sizes) - place  # characters from here to the form's end
        rows = np.full((len(forms), self.columns), PAD, dtype=np.int32)
        hashes, column = np.zeros_like(codes), 0
        for n in range(1, max(self.lengths) + 1):
            hashes = hashes[: len(codes) - n + 1] * BASE + codes[n - 1 :]
            if n in self.lengths:
                starts = np.flatnonzero(left[: len(hashes)] >= n)
                buckets = _mix(hashes[starts]) % np.uint64(self.buckets)
                rows[form[starts], column + place[starts]] = buckets.astype(np.int32) + UNK + 1
                column += LONGEST + 3 - n
        return rows


def form_ngrams(settings: FeaturesSettings) -> Ngrams | None:
    """Return the n-grams that the settings switch on, or None."""
    lengths = tuple(sorted(set(settings.ngram_lengths)))
    return Ngrams(lengths, settings.ngram_buckets) if settings.ngrams else None


def ngram_bag(settings: FeaturesSettings) -> dict[str, tuple[int, int, int]]:
    """Return rows, dimensions and columns of F of the table of n-grams, by its name; empty where there is none."""
    ngrams = form_ngrams(settings)
    return {NAME: (ngrams.buckets + UNK + 1, settings.ngrams, ngrams.columns)} if ngrams else {}


def _outer(form: str) -> str:
    return f"<{form[: LONGEST // 2]}{form[-LONGEST // 2 :]}>"


def _mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = (hashes ^ (hashes >> SHIFT)) * MIXER
    return mixed ^ (mixed >> SHIFT)
