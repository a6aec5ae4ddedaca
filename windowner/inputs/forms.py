"""Distinct written forms, numbered as they come, and the table rows F of their features.

Everything that the network sees of a word depends on its written form alone, so the work of looking a form up and of
computing its features is done once a form, not once a token.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from windowner.inputs.features import PAD, UNK, Feature
from windowner.inputs.gazetteer import MARK, Gazetteer
from windowner.inputs.lookup import look_up
from windowner.inputs.ngrams import Ngrams

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class FormEncoder:
    """From a written form to its row in each table: the word's first, then each feature's.

    Parameters
    ----------
    words
        Row of each known word in the table of word vectors.
    features
        The features, in the order of their tables.
    rows
        For each feature, the row of each of its values.
    ngrams
        Which character n-grams are read, or None.
    gazetteer
        Names whose matches are read, or None; a form may then carry its matches (see `inputs.gazetteer`). Its features
        are the last ones.
    """

    words: Mapping[str, int]
    features: list[Feature]
    rows: list[Mapping[str, int]]
    ngrams: Ngrams | None = None
    gazetteer: Gazetteer | None = None

    @property
    def columns(self) -> int:
        """Columns of F."""
        return 1 + len(self.features) + (self.ngrams.columns if self.ngrams else 0)

    def __call__(self, form: str) -> list[int]:
        """Return the form's rows, one a table; an unknown word or value is row `UNK`."""
        if self.gazetteer is not None:
            return self._with_matches(form, len(self.gazetteer.types))
        word, _ = look_up(form, self.words)
        values = (rows.get(feature.value(form), UNK) for feature, rows in zip(self.features, self.rows, strict=True))
        return [word if word >= 0 else UNK, *values]

    def _with_matches(self, marked: str, types: int) -> list[int]:
        form, _, matches = marked.partition(MARK)
        told = [form] * (len(self.features) - types) + [matches] * types  # what each feature is a function of
        word, _ = look_up(form, self.words)
        columns = zip(self.features, self.rows, told, strict=True)
        return [word if word >= 0 else UNK, *(rows.get(feature.value(text), UNK) for feature, rows, text in columns)]


class Forms(dict[str, int]):
    """Numbers of the distinct forms met so far, and their table rows F; form 0 is the padding.

    A form that was not met before is encoded and numbered when it is looked up, so that numbering a text is one
    dictionary access a token.
    """

    def __init__(self, encoder: FormEncoder):
        super().__init__()
        self.encoder = encoder
        self._table: Ids = np.full((1024, encoder.columns), PAD, dtype=np.int32)
        self._single = 1 + len(encoder.features)
        self._pending: list[str] = []  # forms whose n-grams are not hashed yet: that is done for many at a time

    def __missing__(self, form: str) -> int:
        number = len(self) + 1
        if number == len(self._table):
            self._table = np.concatenate([self._table, np.empty_like(self._table)])
        self._table[number, : self._single] = self.encoder(form)
        if self.encoder.ngrams is not None:
            self._pending.append(form.partition(MARK)[0] if self.encoder.gazetteer else form)
        self[form] = number
        return number

    @property
    def table(self) -> Ids:
        """F, the table rows of all forms met so far, (number of forms + 1, number of tables)."""
        known = len(self) + 1
        if self._pending and self.encoder.ngrams is not None:
            rows = self.encoder.ngrams.rows(self._pending)
            self._table[known - len(rows) : known, self._single :] = rows
            self._pending.clear()
        return self._table[:known]

    def numbers(self, tokens: Iterable[str], count: int) -> Ids:
        """Return the numbers of `count` tokens, (count,)."""
        return np.fromiter(map(self.__getitem__, tokens), dtype=np.int32, count=count)
