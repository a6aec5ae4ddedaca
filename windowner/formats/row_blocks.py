r"""A column file in blocks of whole sentences, whose rows are numbers of distinct rows.

What a row is, and what its token and its tag are, depends on the row alone, once the file's width is known. So it is
found out once per distinct row. Some rows are read a sentence at a time, by `RowParser`:

- the rows up to the first sentence that has tokens, which says the width,
- sentences with a row that does not fit, which is an error,
- sentences with comments. Where tags are read, a comment may turn out to be a token: `#x PER` is one after a tag `PER`.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import BinaryIO, Self, cast

import numpy as np

from windowner.arrays import Bools, Ids
from windowner.formats.blocks import PieceBlock, block_ends, numbers_of
from windowner.formats.distinct import BLANK, COMMENT, MARK, OTHER, TOKEN, DistinctPieces, Known, Memory
from windowner.formats.limits import check_lengths, check_open
from windowner.formats.lines import is_blank, read_blocks
from windowner.formats.options import ReadOptions
from windowner.formats.row_beginning import ends_sentence, read_beginning
from windowner.formats.row_openings import filled_ends, opened
from windowner.formats.row_writing import NewColumns, count_line_ends, rows_text
from windowner.formats.rows import COMMENT as COMMENT_START
from windowner.formats.rows import DOCUMENT_START, RowParser, split_rows
from windowner.text.sentence import Sentence


class DistinctRows(DistinctPieces):
    """Distinct rows of a column file whose width is known.

    Parameters
    ----------
    parser
        What says which rows are tokens, and which ones are comments.
    """

    def __init__(self, parser: RowParser) -> None:
        super().__init__()
        self.parser = parser

    def look_at(self, pieces: Sequence[str]) -> Iterable[Known]:
        """Return what is known of new rows."""
        return map(self._known, pieces, split_rows(pieces))

    def _known(self, row: str, cells: list[str]) -> Known:
        parser, tabbed = self.parser, "\t" in row
        written = row if tabbed else row.rstrip(" ")
        if is_blank(row):
            return Known(BLANK)
        if row.startswith(DOCUMENT_START):
            return Known(MARK, written=written, tabbed=tabbed)
        if row == parser.header:
            return Known(COMMENT, written=row)
        if row.startswith(COMMENT_START) and parser.is_comment(row, parser.width):
            return Known(COMMENT, written=row)
        if not parser.fits(cells, tabbed=tabbed):
            return Known(OTHER)
        tag = "" if parser.tag_column is None else cells[parser.tag_column]
        return Known(TOKEN, cells[parser.token_column], tag, written, tabbed)


class RowBlock(PieceBlock):
    """Rows of whole sentences of a column file.

    Parameters
    ----------
    rows
        The rows, with the blank lines.
    parser
        Reads rows a sentence at a time.
    known, numbers, line
        See `PieceBlock`.
    """

    def __init__(self, rows: list[str], parser: RowParser, known: DistinctRows, numbers: Ids, line: int) -> None:
        super().__init__(known, numbers, line)
        self.rows, self.parser = rows, parser

    def opens(self) -> Bools:
        """Return whether each sentence opens a document, and last, whether the next one will."""
        return opened(self.kinds, filled_ends(self.kinds), self.rows.__getitem__)

    def pieces(self, start: int, end: int) -> Self:
        """Return some rows as a block."""
        return self._of(self.rows[start:end], self.numbers[start:end], self.line + start)

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Return rows that follow one another as one block. Blank rows may be missing between them."""
        first, last = blocks[0], blocks[-1]
        rows: list[str] = []
        numbers: list[Ids] = []
        for block, of_block in zip(blocks, numbers_of(blocks, last.known), strict=True):
            blank = [""] * (block.line - first.line - len(rows))  # so that each row keeps its line
            rows += blank
            rows += block.rows
            numbers += [last.known.numbers(blank), of_block]
        return last._of(rows, np.concatenate(numbers), first.line)

    def _of(self, rows: list[str], numbers: Ids, line: int) -> Self:
        return type(self)(rows, self.parser, cast(DistinctRows, self.known), numbers, line)

    def refuse(self) -> None:
        """Raise the `DataError` of the first row that does not fit."""
        for _ in self.sentences():
            pass

    def written(self, new: NewColumns) -> bytes:
        """Return the rows with new columns, as `column_text` does for each sentence."""
        return rows_text(
            self.known, self.numbers, count_line_ends(self.kinds, filled_ends(self.kinds) - 1), new
        ).encode()

    def sentences(self) -> Iterator[Sentence]:
        """Yield the sentences, with comments and document marks.

        Raises
        ------
        DataError
            If a row has the wrong number of columns or an unknown tag.
        """
        parser, numbers = self.parser, self.numbers.tolist()
        tokens = list(map(self.known.tokens.__getitem__, numbers))
        tags = None if parser.tag_column is None else list(map(self.known.tags.__getitem__, numbers))
        plain = self.counts((self.kinds == COMMENT) | (self.kinds == OTHER)) == 0
        marks = self.kinds[self.ends] == MARK
        start = 0
        for end, is_plain, is_mark in zip(self.ends.tolist(), plain.tolist(), marks.tolist(), strict=True):
            line, rows = self.line + start, self.rows[start:end]
            if rows and is_plain:
                part = None if tags is None else tags[start:end]
                yield parser.tags.read(Sentence(tokens[start:end], part, line, rows))
            elif rows:
                yield from parser.sentences(rows, line)
            if is_mark:
                yield parser.mark([self.rows[end]], self.line + end)
            start = end + 1


def read_row_blocks(
    stream: BinaryIO, name: str, options: ReadOptions, size: int = 1, memory: Memory | None = None
) -> Iterator[RowBlock | Sentence]:
    """Read a column file in blocks; in sentences at its beginning, until its width is known.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The columns of token and tag.
    size
        Least number of bytes that are read for a block. The last block may have fewer.
    memory
        Rows of earlier files. None if tags are read, because the tags of a file decide about its comments.

    Raises
    ------
    DataError
        If a row at the beginning has the wrong number of columns or an unknown tag, or the text is not UTF-8.
    """
    parser = RowParser(name, options)
    memory = memory or Memory()
    numbered: DistinctRows | None = None
    line = options.first_line
    rows: list[str] = []  # of the sentence that has begun
    parts: list[Ids] = []  # numbers of these rows, where the width is known
    held = 0  # characters of these rows, where no block since has ended a sentence
    for text in chain(read_blocks(stream, name, line, size), ["\n"]):  # a blank row ends the last sentence
        block = text[:-1].split("\n")
        rows += block
        held += len(text)
        if not parser.width and any(map(ends_sentence, block)):
            sentences, start, end = read_beginning(parser, rows, line)
            if parser.width and not options.tagged:  # the first sentence with tokens is read again, in a block
                sentences, end = [each for each in sentences if each.line < line + start], start
            yield from sentences
            line, rows = line + end, rows[end:]
        if not parser.width:
            check_open(len(rows), held, f"{name}:{line}")
            continue
        known = memory.recall(parser.settings, partial(DistinctRows, parser))
        if known is not numbered:  # the open sentence is numbered again
            numbered, parts = known, []
        parts.append(known.numbers(rows[sum(map(len, parts)) :]))
        if not (known.kinds[parts[-1]] <= MARK).any():  # so that a row is looked at once, however many follow
            check_open(len(rows), held, f"{name}:{line}")
            continue
        numbers = np.concatenate(parts)
        closes = known.kinds[numbers] <= MARK
        check_lengths(closes, name, line)
        start = 0
        for end in block_ends(closes):
            if known.kinds[numbers[start:end]].any():  # not blank rows alone
                yield RowBlock(rows[start:end], parser, known, numbers[start:end], line + start)
            start = end
        line, rows, parts, held = line + start, rows[start:], [numbers[start:]], 0
