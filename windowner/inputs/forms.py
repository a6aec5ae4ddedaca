"""Distinct forms, numbered in the order in which they first occur, and the rows F of each form.

    F[:, j]          rows in table j                                            (R,)
    F[:, tables:]    rows of the characters, where characters are read          (R, COLUMNS), see `inputs.alphabet`

Everything that the network reads of a word depends on its form alone. So a form is looked up, and its features are
computed, once per distinct form and not once per token. If there is a gazetteer (`inputs.gazetteer`), a written form
and its matches together are one form.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from windowner.arrays import Ids
from windowner.inputs.alphabet import COLUMNS, Alphabet
from windowner.inputs.gazetteer import Gazetteer, split_mark
from windowner.inputs.tables import PAD, NewForms, Table


@dataclass(frozen=True)
class FormEncoder:
    """A function from forms to their rows in each table, and to the rows of their characters.

    Parameters
    ----------
    tables
        The tables, in the order of F's columns.
    gazetteer
        Names whose matches are part of a form. None if no names are matched.
    alphabet
        The characters that have rows. None if no characters are read.
    """

    tables: Sequence[Table]
    gazetteer: Gazetteer | None = None
    alphabet: Alphabet | None = None

    @property
    def columns(self) -> int:
        """The number of columns of F."""
        return len(self.tables) + (0 if self.alphabet is None else COLUMNS)

    def __call__(self, forms: Sequence[str]) -> Ids:
        """Return F, (len(forms), columns), the rows of forms. With a gazetteer the forms are marked ones."""
        new = NewForms(forms)
        if self.gazetteer is not None and forms:
            new = NewForms(*zip(*map(split_mark, forms), strict=True))
        F = np.empty((len(forms), self.columns), dtype=np.int32)
        for column, table in enumerate(self.tables):
            F[:, column] = table.find_rows(new)
        if self.alphabet is not None:
            F[:, len(self.tables) :] = self.alphabet.spell(new.written)
        return F

    def mark(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the forms of a sentence's tokens: each token with its matches in the gazetteer, if there is one."""
        return tokens if self.gazetteer is None else self.gazetteer.mark(tokens)


class Forms(dict[str, int]):
    """The number of each distinct form met so far, and the table rows F of these forms. Form 0 is the padding.

    A new form gets its number when it is first looked up. So one dictionary access per token numbers a text. New forms
    are encoded together when `F` is read.
    """

    def __init__(self, encoder: FormEncoder):
        super().__init__()
        self.encoder = encoder
        self._F: Ids = np.full((1024, encoder.columns), PAD, dtype=np.int32)
        self._encoded = 1  # number of rows of F that are filled
        self._pending: list[str] = []  # forms whose rows are not filled yet
        self._lowered = array("i", [PAD])
        self._numbers_of_lowered: dict[str, int] = {}

    def __missing__(self, form: str) -> int:
        if not isinstance(form, str):
            raise ValueError(f"a token is {form!r}, expected a string")
        self[form] = number = len(self) + 1
        self._pending.append(form)
        return number

    @property
    def F(self) -> Ids:
        """The rows of all forms met so far, (number of forms + 1, columns)."""
        known = self._encoded + len(self._pending)
        if self._pending:
            if known > len(self._F):
                self._F = np.concatenate([self._F, np.empty((known, self._F.shape[1]), dtype=np.int32)])
            self._F[self._encoded : known] = self.encoder(self._pending)
            self._encoded = known
            self._pending.clear()
        return self._F[:known]

    @property
    def lowered(self) -> Ids:
        """The number of each form's lower-cased form, (number of forms + 1,). They count lower-cased forms, from 1."""
        numbers = self._numbers_of_lowered
        written = self.written(len(self._lowered))
        self._lowered.extend(numbers.setdefault(form.lower(), len(numbers) + 1) for form in written)
        return np.array(self._lowered, dtype=np.int32)

    def written(self, first: int = 1) -> list[str]:
        """Return how the forms with the numbers `first`, `first + 1`, ... are written, without their matches."""
        forms = list(islice(self, first - 1, None))
        return forms if self.encoder.gazetteer is None else [split_mark(form)[0] for form in forms]

    def numbers(self, tokens: Iterable[str], count: int) -> Ids:
        """Return the numbers of `count` tokens, (count,).

        Raises
        ------
        ValueError
            If a token is not a string.
        """
        try:
            return np.fromiter(map(self.__getitem__, tokens), dtype=np.int32, count=count)
        except TypeError as error:  # a token that cannot be a key, such as a list
            raise ValueError(f"a token is not a string: {error}") from None
