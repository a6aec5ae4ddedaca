"""Places of tokens in texts, found for the tokens that are asked for.

text      Dr. Who left Paris. He       Paris is at 0 in its piece, and its piece at 13 in the text
pieces    Dr.   Who   left   Paris.   He       a piece is what stands between white space, and holds tokens
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from windowner.arrays import Ids, Indices
from windowner.text.tokenizers import TokenizedText


@dataclass(frozen=True)
class TokenPlaces:
    """Places of the tokens of texts.

    Parameters
    ----------
    paragraphs
        The paragraphs of all texts.
    owners, origins
        For each paragraph the number of its text, and its place in this text.
    pieces
        The pieces of each paragraph, which stand in it in this order.
    token_ends
        Number of tokens up to the end of each piece.
    starts, ends
        For each token, its first character in its piece, and the character behind its last one.
    """

    paragraphs: Sequence[str]
    owners: Indices
    origins: Indices
    pieces: Sequence[Sequence[str]]
    token_ends: Indices
    starts: Ids
    ends: Ids

    @classmethod
    def of_tokens(cls, texts: Sequence[TokenizedText]) -> "TokenPlaces":
        """Return the places of the tokens of these texts."""
        tokens = [list(chain.from_iterable(text.sentences)) for text in texts]
        return cls.of_token_lists([text.text for text in texts], tokens)

    @classmethod
    def of_token_lists(cls, texts: Sequence[str], tokens: Sequence[Sequence[str]]) -> "TokenPlaces":
        """Return the places of the tokens of texts, given the tokens of each text, which stand in it in this order."""
        lengths = np.fromiter(map(len, chain.from_iterable(tokens)), dtype=np.int32)
        return cls(
            paragraphs=texts,
            owners=np.arange(len(texts)),
            origins=np.zeros(len(texts), dtype=np.intp),
            pieces=tokens,
            token_ends=np.arange(1, len(lengths) + 1),
            starts=np.zeros_like(lengths),
            ends=lengths,
        )

    def texts_of(self, tokens: Indices) -> Indices:
        """Return the number of the text of each of some tokens."""
        piece_ends = np.cumsum(list(map(len, self.pieces)), dtype=np.intp)
        pieces = np.searchsorted(self.token_ends, tokens, side="right")
        texts: Indices = self.owners[np.searchsorted(piece_ends, pieces, side="right")]
        return texts

    def of_spans(self, first: Indices, last: Indices) -> tuple[Indices, Indices, Indices]:
        """Return the places of spans of tokens.

        Parameters
        ----------
        first, last
            First and last token of each span, (spans,) each.

        Returns
        -------
        tuple
            Number of the text, first character, and the character behind the last one, (spans,) each.
        """
        piece_ends = np.cumsum(list(map(len, self.pieces)), dtype=np.intp)
        pieces = np.searchsorted(self.token_ends, np.stack([first, last]), side="right")
        paragraphs = np.searchsorted(piece_ends, pieces[0], side="right")
        places = self._piece_places(np.unique(paragraphs), np.concatenate([[0], piece_ends]))
        starts, ends = places[pieces[0]] + self.starts[first], places[pieces[1]] + self.ends[last]
        return self.owners[paragraphs], self.origins[paragraphs] + starts, self.origins[paragraphs] + ends

    def _piece_places(self, paragraphs: Indices, edges: Indices) -> Indices:
        """Return the place of each piece in its paragraph. It is right for the pieces of these paragraphs alone."""
        lengths = np.fromiter(map(len, chain.from_iterable(self.pieces)), dtype=np.intp, count=edges[-1])
        # One space between two pieces is the rule. Then a piece begins one character behind the one before it.
        steps = np.concatenate([[0], np.cumsum(lengths + 1)])
        places: Indices = steps[:-1] - np.repeat(steps[edges[:-1]], np.diff(edges))
        for number in paragraphs.tolist():
            paragraph, pieces = self.paragraphs[number], self.pieces[number]
            if " ".join(pieces) != paragraph:
                places[edges[number] : edges[number + 1]] = _find(paragraph, pieces)
        return places


def _find(paragraph: str, pieces: Sequence[str]) -> list[int]:
    """Return the place of each piece, which is searched for from the end of the one before it."""
    places, place = [], 0
    for piece in pieces:
        place = paragraph.index(piece, place)
        places.append(place)
        place += len(piece)
    return places
