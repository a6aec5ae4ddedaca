"""Distinct written forms, numbered as they come, and the table rows F of their features.

Everything that the network sees of a word depends on its written form alone, so the work of looking a form up and of
computing its features is done once a form, not once a token.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Ids
from windowner.inputs.context import Context, Told, told
from windowner.inputs.features import PAD, UNK, WRITTEN, Feature
from windowner.inputs.ngrams import Ngrams
from windowner.vectors.lookup import look_up


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
    context
        What forms are marked with by their sentence, or None, where forms are just written ones.
    """

    words: Mapping[str, int]
    features: list[Feature]
    rows: list[Mapping[str, int]]
    ngrams: Ngrams | None = None
    context: Context | None = None

    @property
    def columns(self) -> int:
        """Columns of F."""
        return 1 + len(self.features) + (self.ngrams.columns if self.ngrams else 0)

    def __call__(self, forms: Sequence[str]) -> Ids:
        """Return F, (len(forms), columns): the rows of marked forms; an unknown word or value is row `UNK`."""
        parts = self._parts(forms)
        written = parts[WRITTEN]
        F = np.empty((len(forms), self.columns), dtype=np.int32)
        F[:, 0] = [self.word_row(form) for form in written]
        for column, (feature, rows) in enumerate(zip(self.features, self.rows, strict=True), start=1):
            F[:, column] = [rows.get(value, UNK) for value in map(feature.value, parts[feature.of])]
        if self.ngrams is not None:
            F[:, 1 + len(self.features) :] = self.ngrams.rows(written)
        return F

    def word_row(self, form: str) -> int:
        """Return a form's row in the table of word vectors, `UNK` if it has none of its own."""
        row, _ = look_up(form, self.words)
        return row if row >= 0 else UNK

    def _parts(self, forms: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return the written forms, and what they carry of their sentences, as `Told` has it."""
        if self.context is None:
            return (forms,)
        parts = list(map(told, forms))
        return [[part[of] for part in parts] for of in range(len(Told._fields))]


class Forms(dict[str, int]):
    """Numbers of the distinct forms met so far, and their table rows F; form 0 is the padding.

    A form that was not met before is numbered when it is looked up, so that numbering a text is one dictionary access
    a token; many forms are encoded together, when their rows are asked for.
    """

    def __init__(self, encoder: FormEncoder):
        super().__init__()
        self.encoder = encoder
        self._table: Ids = np.full((1024, encoder.columns), PAD, dtype=np.int32)
        self._encoded = 1  # rows of the table that are filled
        self._pending: list[str] = []  # forms whose rows are not

    def __missing__(self, form: str) -> int:
        self[form] = number = len(self) + 1
        self._pending.append(form)
        return number

    @property
    def table(self) -> Ids:
        """F, the table rows of all forms met so far, (number of forms + 1, number of tables)."""
        known = self._encoded + len(self._pending)
        if self._pending:
            if known > len(self._table):
                self._table = np.concatenate([self._table, np.empty((known, self._table.shape[1]), dtype=np.int32)])
            self._table[self._encoded : known] = self.encoder(self._pending)
            self._encoded = known
            self._pending.clear()
        return self._table[:known]

    def numbers(self, tokens: Iterable[str], count: int) -> Ids:
        """Return the numbers of `count` tokens, (count,)."""
        return np.fromiter(map(self.__getitem__, tokens), dtype=np.int32, count=count)
