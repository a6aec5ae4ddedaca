"""Rows of a column file: split into cells, checked, and turned into a sentence.

A tab in a row separates its cells, and a token may then hold spaces. In a row without a tab, runs of spaces separate
them. Rows are split by string methods, a whole sentence at a time; only a sentence whose rows differ in width from the
rows before is looked at row by row.
"""

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.tags import check_tags
from windowner.text.sentence import Sentence


class RowParser:
    """Turns the rows of one file into sentences, and remembers which widths and tags it has accepted.

    Parameters
    ----------
    name
        Name of the file, for error messages.
    options
        The columns of token and tag.
    """

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name = name
        self.token_column = options.token_column
        self.tag_column = options.tag_column
        self.needed = _needed_columns(options.token_column, options.tag_column)
        self.width = 0  # columns of the file's first row
        self.known_tags: set[str] = set()

    def parse(self, rows: list[str], line: int) -> Sentence:
        """Return the sentence of these rows, the first of which is the line with that number.

        Raises
        ------
        DataError
            If a row has the wrong number of columns or an unknown tag.
        """
        cells = _split_rows(rows)
        if set(map(len, cells)) != {self.width}:
            self._check_widths(rows, cells, line)
        tokens = [row[self.token_column] for row in cells]
        if self.tag_column is None:
            return Sentence(tokens, None, line, rows)
        tags = [row[self.tag_column] for row in cells]
        sentence = Sentence(tokens, tags, line, rows)
        check_tags(sentence, self.name, self.known_tags)
        return sentence

    def _check_widths(self, rows: list[str], cells: list[list[str]], line: int) -> None:
        """Refuse rows that lack columns, and rows separated by spaces that are not as wide as the first one.

        In a row separated by spaces, a token that holds a space adds a column and shifts the tag. A row separated by
        tabs may be wider than others.
        """
        for number, (row, columns) in enumerate(zip(rows, cells, strict=True), start=line):
            if len(columns) < self.needed:
                expected = f"at least {self.needed}" if not self.width else str(self.width)
                raise DataError(f"{self.name}:{number}: {_count(len(columns))}, expected {expected}")
            self.width = self.width or len(columns)
            if "\t" not in row and len(columns) != self.width:
                raise DataError(f"{self.name}:{number}: {_count(len(columns))}, expected {self.width}")


def _split_rows(rows: list[str]) -> list[list[str]]:
    """Split rows into their cells."""
    cells = [row.split("\t") if "\t" in row else row.split(" ") for row in rows]
    return [
        [column for column in row if column] if "" in row and "\t" not in text else row
        for text, row in zip(rows, cells, strict=True)
    ]


def _needed_columns(token_column: int, tag_column: int | None) -> int:
    """Return how many columns a row needs, so that token and tag stand in different ones."""
    ends = [column + 1 if column >= 0 else -column for column in (token_column, tag_column) if column is not None]
    opposite = tag_column is not None and (token_column < 0) != (tag_column < 0)
    return sum(ends) if opposite else max(ends)


def _count(columns: int) -> str:
    return f"{columns} column{'' if columns == 1 else 's'}"
