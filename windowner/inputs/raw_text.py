"""Raw text as form numbers. What depends on a piece alone is found once per distinct piece.

    text         Dr. Who left Paris. He      a piece is what stands between white space
    pieces       Dr.   Who   left   Paris.   He
    tokens       Dr.   Who   left   Paris  .  He
    sentences    Dr. Who left Paris .    He     a sentence ends between two pieces if `closes & opens` is not 0

Sentences and tokens are those of `Tokenizer.split`. They are not written out as lists of strings. The places of tokens
in their text follow from the places of the pieces (`text.places`).
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from windowner.arrays import Array, Ids, Indices
from windowner.inputs.encoding import ranges
from windowner.inputs.forms import Forms
from windowner.text.places import TokenPlaces
from windowner.text.tokenizers import Tokenizer


@dataclass(frozen=True)
class RawText:
    """Texts as form numbers.

    Parameters
    ----------
    forms
        Number of each token's form, (T,).
    lengths
        Number of tokens of each sentence, (sentences,). No sentence is empty.
    places
        Places of the tokens in their texts.
    """

    forms: Ids
    lengths: Indices
    places: TokenPlaces


class Pieces(dict[str, int]):
    """The number of each distinct piece met so far, and what is known of it.

    Parameters
    ----------
    tokenizer
        Splits a piece into tokens.
    forms
        Numbers of the tokens' forms. New forms are added.
    """

    def __init__(self, tokenizer: Tokenizer, forms: Forms):
        super().__init__()
        self.tokenizer, self.forms = tokenizer, forms
        self.characters = 0
        # Arrays of numbers that grow: rows of number of tokens, first token, opens, closes; rows of form, start, end.
        self._pieces, self._tokens = array("i"), array("i")

    def __missing__(self, piece: str) -> int:
        places, opens, closes = self.tokenizer.look_at(piece)
        self._pieces.extend((len(places), len(self._tokens) // 3, opens, closes))
        for start, end in places:
            self._tokens.extend((self.forms[piece[start:end]], start, end))
        self.characters += len(piece)
        self[piece] = number = len(self)
        return number

    def encode(self, texts: Sequence[str]) -> RawText:
        """Return texts as form numbers. New pieces and their forms are added."""
        found = [(number, *found) for number, text in enumerate(texts) for found in self.tokenizer.paragraphs(text)]
        owners, origins, paragraphs = zip(*found, strict=True) if found else ((), (), ())
        pieces = list(map(str.split, paragraphs))
        piece_ends = np.cumsum(list(map(len, pieces)), dtype=np.intp)
        numbers = np.fromiter(map(self.__getitem__, chain.from_iterable(pieces)), dtype=np.intp)
        counts, firsts, opens, closes = _rows(self._pieces, 4)[numbers].T
        forms, starts, ends = _rows(self._tokens, 3)[ranges(firsts, counts)].T
        token_ends = np.cumsum(counts, dtype=np.intp)
        closed = np.ones(len(numbers), dtype=np.bool_)
        closed[:-1] = closes[:-1] & opens[1:]
        closed[piece_ends[piece_ends > 0] - 1] = True  # a sentence ends with its paragraph
        lengths = np.diff(token_ends[closed], prepend=0)
        places = TokenPlaces(paragraphs, np.array(owners), np.array(origins), pieces, token_ends, starts, ends)
        return RawText(forms, lengths[lengths > 0], places)


def _rows(numbers: "array[int]", width: int) -> Array:
    """Return a view of numbers as rows. While it exists, the numbers cannot grow."""
    return np.frombuffer(numbers, dtype=np.int32).reshape(-1, width)
