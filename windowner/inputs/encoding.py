"""Sentences as one array of form numbers with padding between sentences. Every window is a slice of it.

    radius 2:      _ _ The UN meets _ _ Paris is big . _ _
    centers            2   3  4         7     8  9   10

`radius` paddings stand before the first sentence and after every sentence. The paddings between two sentences serve
both of them. So no window reaches into another sentence, and every window is a slice of `2 * radius + 1` entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from windowner.arrays import Ids, Indices, distinct
from windowner.inputs.forms import Forms
from windowner.inputs.labels import SoftLabels
from windowner.inputs.tables import PAD
from windowner.text.numbered import NumberedTokens


@dataclass(frozen=True)
class EncodedText:
    """Encoded sentences, which hold T tokens together.

    Parameters
    ----------
    stream
        Form number of each token and of the padding, (T + (sentences + 1) * radius,).
    centers
        Position of each token in the stream, (T,).
    offsets
        First token of each sentence, and T at the end, (sentences + 1,).
    tags
        Tag number of each token, (T,), below 0 where its tag is not known (`inputs.labels`). None without tags.
    radius
        Words on each side of the center word.
    groups
        Group of each token, (T,), whose tokens are mentions of one word in one document (`inputs.mentions`). None where
        documents are not read.
    soft
        Probabilities of tags, and weights of sentences. None if each known tag is sure and each weight is 1.
    """

    stream: Ids
    centers: Indices
    offsets: Indices
    tags: Ids | None
    radius: int
    groups: Indices | None = None
    soft: SoftLabels | None = None

    def __len__(self) -> int:
        """Return the number of tokens, which is the number of windows."""
        return len(self.centers)

    def take(self, order: Indices) -> "EncodedText":
        """Return the sentences with the numbers `order`, in that order."""
        lengths = np.diff(self.offsets)[order]
        tokens = ranges(self.offsets[order], lengths)
        tags = None if self.tags is None else self.tags[tokens]
        text = lay_out(self.stream[self.centers[tokens]], lengths, tags, self.radius)
        groups = None if self.groups is None else self.groups[tokens]
        return replace(text, groups=groups, soft=None if self.soft is None else self.soft[tokens])

    def sentences(self, first: int, last: int) -> "EncodedText":
        """Return the sentences `first` to `last` (exclusive). The result shares this text's arrays."""
        text = self.windows(int(self.offsets[first]), int(self.offsets[last]))
        return replace(text, offsets=self.offsets[first : last + 1] - self.offsets[first])

    def windows(self, first: int, last: int) -> "EncodedText":
        """Return the windows `first` to `last` (exclusive), as one sentence. The result shares this text's arrays."""
        start = self.centers[first] - self.radius
        stop = self.centers[last - 1] + self.radius + 1
        return EncodedText(
            stream=self.stream[start:stop],
            centers=self.centers[first:last] - start,
            offsets=np.array([0, last - first]),
            tags=None if self.tags is None else self.tags[first:last],
            radius=self.radius,
            groups=None if self.groups is None else self.groups[first:last],
            soft=None if self.soft is None else self.soft[first:last],
        )

    def cuts(self, size: int, edges: Indices | None = None) -> list[tuple[int, int]]:
        """Return pieces of whole sentences with about `size` tokens each, as (first sentence, last + 1).

        Parameters
        ----------
        size
            Tokens per piece.
        edges
            The sentences before which the text may be cut, in order. The first one is 0, and the last one is the number
            of sentences. None if it may be cut before every sentence.
        """
        edges = np.arange(len(self.offsets)) if edges is None else edges
        count = max(1, round(len(self) / size))
        targets = np.linspace(0, len(self), count + 1)
        # Each cut is the first edge at its target or later. Between two edges there may be more than `size` tokens.
        # Then cuts are equal, and count once.
        cuts = edges[distinct(np.searchsorted(self.offsets[edges], targets))]
        return [(int(first), int(last)) for first, last in pairwise(cuts)]


def ranges(starts: Indices, lengths: Indices) -> Indices:
    """Return ranges of numbers, one after the other: `ranges([5, 0], [2, 3])` is 5 6 0 1 2."""
    ends = np.cumsum(lengths)
    numbers: Indices = np.arange(lengths.sum()) + np.repeat(starts - (ends - lengths), lengths)
    return numbers


def lay_out(forms: Ids, lengths: Indices, tags: Ids | None, radius: int) -> EncodedText:
    """Return the encoded text of tokens with the numbers `forms`, in sentences of the given lengths."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    centers = np.arange(len(forms)) + radius * np.repeat(np.arange(1, len(lengths) + 1), lengths)
    stream = np.full(len(forms) + (len(lengths) + 1) * radius, PAD, dtype=np.int32)
    stream[centers] = forms
    return EncodedText(stream, centers, offsets, tags, radius)


def encode(sentences: Sequence[Sequence[str]], forms: Forms, radius: int, tags: Ids | None = None) -> EncodedText:
    """Return sentences as an encoded text. New forms are added to `forms`.

    Parameters
    ----------
    sentences
        Tokens of each sentence.
    forms
        Numbers of the forms met so far.
    radius
        Words on each side of the center word.
    tags
        Tag number of each token, (T,). None if the tags are unknown.

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


def encode_numbered(tokens: NumberedTokens, forms: Forms, radius: int) -> EncodedText:
    """Return what `encode` returns for the same sentences; each distinct token is looked up once.

    With a gazetteer the form of a token depends on its sentence, so each token is looked up.
    """
    if forms.encoder.gazetteer is not None:
        return encode(tokens.sentences(), forms, radius)
    occurs = np.zeros(len(tokens.distinct), dtype=np.bool_)
    occurs[tokens.numbers] = True
    places = np.flatnonzero(occurs)
    of_distinct = np.empty(len(tokens.distinct), dtype=np.int32)
    of_distinct[places] = forms.numbers(map(tokens.distinct.__getitem__, places.tolist()), len(places))
    return lay_out(of_distinct[tokens.numbers], tokens.lengths, None, radius)
