"""Distinct written forms, numbered as they come, and the table rows F of each.

Everything that the network sees of a word depends on its written form alone, so the work of looking a form up and of
computing its features is done once per form, not once per token. Where names are matched (`inputs.gazetteer`), a form
and its matches are a form of their own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from windowner.arrays import Ids
from windowner.inputs.gazetteer import Gazetteer, split_mark
from windowner.inputs.tables import PAD, Table


@dataclass(frozen=True)
class FormEncoder:
    """From a form to its row in each table.

    Parameters
    ----------
    tables
        The tables, in the order of F's columns.
    gazetteer
        Names whose matches are part of a form, or None.
    """

    tables: Sequence[Table]
    gazetteer: Gazetteer | None = None

    def __call__(self, forms: Sequence[str]) -> Ids:
        """Return F, (len(forms), tables): the rows of forms, marked ones where there is a gazetteer."""
        matches: Sequence[str] = ()
        if self.gazetteer is not None:
            forms, matches = zip(*map(split_mark, forms), strict=True) if forms else ((), ())
        F = np.empty((len(forms), len(self.tables)), dtype=np.int32)
        for column, table in enumerate(self.tables):
            F[:, column] = table.find_rows(forms, matches)
        return F

    def mark(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the forms of a sentence's tokens: the tokens, each followed by its matches in the gazetteer."""
        return tokens if self.gazetteer is None else self.gazetteer.mark(tokens)


class Forms(dict[str, int]):
    """Numbers of the distinct forms met so far, and their table rows F; form 0 is the padding.

    A form that was not met before is numbered when it is looked up, so that numbering a text is one dictionary access
    per token. New forms are encoded together, when their rows are asked for.
    """

    def __init__(self, encoder: FormEncoder):
        super().__init__()
        self.encoder = encoder
        self._F: Ids = np.full((1024, len(encoder.tables)), PAD, dtype=np.int32)
        self._encoded = 1  # rows of F that are filled
        self._pending: list[str] = []  # forms whose rows are not

    def __missing__(self, form: str) -> int:
        if not isinstance(form, str):
            raise ValueError(f"a token is {form!r}, expected a string")
        self[form] = number = len(self) + 1
        self._pending.append(form)
        return number

    @property
    def F(self) -> Ids:
        """F, the table rows of all forms met so far, (number of forms + 1, tables)."""
        known = self._encoded + len(self._pending)
        if self._pending:
            if known > len(self._F):
                self._F = np.concatenate([self._F, np.empty((known, self._F.shape[1]), dtype=np.int32)])
            self._F[self._encoded : known] = self.encoder(self._pending)
            self._encoded = known
            self._pending.clear()
        return self._F[:known]

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
