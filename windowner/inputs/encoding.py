"""Sentences as one array: the numbers of their forms, with padding between, so that a window is a slice.

    radius 2:      _ _ The UN meets _ _ Paris is big . _ _
    centers            2   3  4         7     8  9   10

A sentence is followed by `radius` paddings, which the next sentence uses too. So no window crosses a sentence, and
every window is a slice of `2 * radius + 1` neighbours of the stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from windowner.arrays import Ids, Indices
from windowner.inputs.forms import Forms
from windowner.inputs.tables import PAD


@dataclass(frozen=True)
class EncodedText:
    """Sentences of T tokens in all, ready for windows.

    Parameters
    ----------
    stream
        Form numbers with padding, (T + (sentences + 1) * radius,).
    centers
        Position of each token in the stream, (T,).
    offsets
        First token of each sentence, and T at the end, (sentences + 1,).
    tags
        Tag number of each token, (T,), or None.
    radius
        Words on each side of the center word.
    """

    stream: Ids
    centers: Indices
    offsets: Indices
    tags: Ids | None
    radius: int

    def __len__(self) -> int:
        """Return the number of tokens, which is the number of windows."""
        return len(self.centers)

    def take(self, order: Indices) -> "EncodedText":
        """Return the sentences `order`, in that order."""
        lengths = np.diff(self.offsets)[order]
        tokens = ranges(self.offsets[order], lengths)
        tags = None if self.tags is None else self.tags[tokens]
        return lay_out(self.stream[self.centers[tokens]], lengths, tags, self.radius)

    def sentences(self, first: int, last: int) -> "EncodedText":
        """Return the sentences `first` to `last` (exclusive), as views of this text's arrays."""
        text = self.windows(int(self.offsets[first]), int(self.offsets[last]))
        return replace(text, offsets=self.offsets[first : last + 1] - self.offsets[first])

    def windows(self, first: int, last: int) -> "EncodedText":
        """Return the windows `first` to `last` (exclusive) as one run, as views of this text's arrays."""
        start = self.centers[first] - self.radius
        stop = self.centers[last - 1] + self.radius + 1
        return EncodedText(
            stream=self.stream[start:stop],
            centers=self.centers[first:last] - start,
            offsets=np.array([0, last - first]),
            tags=None if self.tags is None else self.tags[first:last],
            radius=self.radius,
        )

    def cuts(self, size: int) -> list[tuple[int, int]]:
        """Cut the text into runs (first, last) of whole sentences with about `size` tokens each."""
        count = max(1, round(len(self) / size))
        targets = np.linspace(0, len(self), count + 1)
        # The first sentence start from each target on; a sentence longer than `size` makes some coincide.
        edges = np.unique(np.searchsorted(self.offsets, targets))
        return [(int(first), int(last)) for first, last in pairwise(edges)]


def ranges(starts: Indices, lengths: Indices) -> Indices:
    """Return the numbers `start, start + 1, ...` of every run, end to end: `ranges([5, 0], [2, 3])` is 5 6 0 1 2."""
    ends = np.cumsum(lengths)
    numbers: Indices = np.arange(lengths.sum()) + np.repeat(starts - (ends - lengths), lengths)
    return numbers


def lay_out(forms: Ids, lengths: Indices, tags: Ids | None, radius: int) -> EncodedText:
    """Lay tokens out as a stream with padding between sentences of the given lengths."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    centers = np.arange(len(forms)) + radius * np.repeat(np.arange(1, len(lengths) + 1), lengths)
    stream = np.full(len(forms) + (len(lengths) + 1) * radius, PAD, dtype=np.int32)
    stream[centers] = forms
    return EncodedText(stream, centers, offsets, tags, radius)


def encode(sentences: Sequence[Sequence[str]], forms: Forms, radius: int, tags: Ids | None = None) -> EncodedText:
    """Lay sentences out by the numbers of their forms; forms not met before are added to `forms`.

    Raises
    ------
    ValueError
        If a token is not a string.
    """
    lengths = np.fromiter(map(len, sentences), dtype=np.intp, count=len(sentences))
    marked = map(forms.encoder.mark, sentences)
    try:
        numbers = forms.numbers(chain.from_iterable(marked), int(lengths.sum()))
    except ValueError:
        for token in chain.from_iterable(sentences):
            if not isinstance(token, str):
                raise ValueError(f"a token is {token!r}, expected a string") from None
        raise
    return lay_out(numbers, lengths, tags, radius)
