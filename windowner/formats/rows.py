"""Rows of a column file: split into cells, checked, and turned into a sentence.

A tab in a row separates its cells, and a token may then hold spaces. In a row without a tab, runs of spaces separate
them. Rows are split by string methods, a whole sentence at a time; only a sentence whose rows differ in width from the
rows before is looked at row by row.
"""

from collections.abc import Hashable, Iterator, Sequence

from windowner.errors import DataError
from windowner.formats.options import ReadOptions
from windowner.formats.tags import TagReader
from windowner.text.sentence import Sentence
from windowner.text.wording import count_of

DOCUMENT_START = "-DOCSTART-"
COMMENT = "#"
DOCUMENT_ROWS = ("#begin document", "# begin document", "#end document", "# newdoc id")
"""How a row starts that is a comment, whatever its shape."""


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
        # Columns of the file's first row; 0 until it is read.
        self.width = options.width if options.width >= self.needed else 0
        self.header = options.header
        self.shape_column = options.shape_column if self.tag_column is None else self.tag_column
        self.tags = TagReader(name, options)

    @property
    def settings(self) -> tuple[Hashable, ...]:
        """What decides what a row is, where tags are not read."""
        return self.token_column, self.tag_column, self.width, self.shape_column, self.header

    def sentences(self, rows: list[str], line: int) -> Iterator[Sentence]:
        """Yield the sentence of rows between two blank lines or document marks.

        Comments at the beginning come first, as rows without tokens. A header row is a comment.

        Parameters
        ----------
        rows
            The rows.
        line
            Number of the first row's line.

        Raises
        ------
        DataError
            If a row has the wrong number of columns or an unknown tag.
        """
        tokens = self._token_rows(rows, self.width or _plain_width(rows))
        if tokens and not self.width:  # what a row is depends on the width that this sentence says, as it will later
            tokens = self._token_rows(rows, len(split_rows([rows[tokens[0]]])[0]))
        first = tokens[0] if tokens else len(rows)
        if first:
            yield self.mark(rows[:first], line)
        if tokens:
            places = [place - first for place in tokens]
            among = None if len(places) == len(rows) - first else places
            yield self.parse(rows[first:], line + first, among)

    def _token_rows(self, rows: list[str], width: int) -> list[int]:
        """Return the places of the rows that are no comments."""
        return [place for place, row in enumerate(rows) if row != self.header and not self.is_comment(row, width)]

    def mark(self, rows: list[str], line: int) -> Sentence:
        """Return rows without tokens."""
        return Sentence([], None if self.tag_column is None else [], line, rows)

    def parse(self, rows: list[str], line: int, token_rows: list[int] | None = None) -> Sentence:
        """Return the sentence of these rows, the first of which is the line with that number.

        Parameters
        ----------
        rows
            The rows.
        line
            Number of the first row's line.
        token_rows
            Places of the rows that are no comments, if some are.

        Raises
        ------
        DataError
            If a row has the wrong number of columns or an unknown tag.
        """
        cells = split_rows(rows if token_rows is None else [rows[place] for place in token_rows])
        if set(map(len, cells)) != {self.width}:
            numbers = [line + place for place in (range(len(rows)) if token_rows is None else token_rows)]
            self._check_widths(cells, numbers, ["\t" in rows[number - line] for number in numbers])
        tokens = [row[self.token_column] for row in cells]
        if self.tag_column is None:
            return Sentence(tokens, None, line, rows, token_rows)
        return self.tags.read(Sentence(tokens, [row[self.tag_column] for row in cells], line, rows, token_rows))

    def is_comment(self, row: str, width: int) -> bool:
        """Return whether a row is a comment: it starts with `#` and is not shaped as the file's rows.

        Parameters
        ----------
        row
            The row.
        width
            Columns of the file's rows; 0 if unknown.
        """
        if not row.startswith(COMMENT) or row.startswith(DOCUMENT_ROWS):
            return row.startswith(COMMENT)
        (cells,) = split_rows([row])
        tabbed = "\t" in row
        if len(cells) < self.needed or (not tabbed and width and len(cells) != width):
            return True
        if tabbed and cells[0] == COMMENT and self.token_column == 0:
            return False
        if self.shape_column is not None and self.shape_column < len(cells):
            return not self.tags.knows(cells[self.shape_column])
        if width:
            return len(cells) != width
        return len(cells) > 1 and not self.tags.knows(cells[-1])

    def fits(self, cells: list[str], *, tabbed: bool) -> bool:
        """Return whether a row is as wide as the file's rows. Empty cells behind the file's last column are dropped.

        In a row separated by spaces, a token that holds a space adds a column and shifts the tag. A row separated by
        tabs may be wider than others.

        Parameters
        ----------
        cells
            Cells of the row; the empty ones are dropped here.
        tabbed
            Whether tabs separate them.
        """
        while tabbed and len(cells) > self.width > 0 and not cells[-1]:
            cells.pop()
        return len(cells) >= self.needed and (tabbed or not self.width or len(cells) == self.width)

    def _check_widths(self, cells: list[list[str]], numbers: list[int], tabbed: list[bool]) -> None:
        """Refuse rows that do not fit. The first row of a file says its width."""
        for number, columns, has_tabs in zip(numbers, cells, tabbed, strict=True):
            if not self.fits(columns, tabbed=has_tabs):
                expected = str(self.width) if self.width >= self.needed else f"at least {self.needed}"
                raise DataError(f"{self.name}:{number}: {count_of(len(columns), 'column')}, expected {expected}")
            self.width = self.width or len(columns)


def _plain_width(rows: list[str]) -> int:
    """Return the columns of the first row that begins as a token does; 0 if there is none."""
    plain = next((row for row in rows if not row.startswith(COMMENT)), None)
    return 0 if plain is None else len(split_rows([plain])[0])


def split_rows(rows: Sequence[str]) -> list[list[str]]:
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
