"""Lines of tokens: one sentence per line, its tokens separated by ASCII white space. The format holds no tags."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Self

import numpy as np

from windowner.arrays import Bools
from windowner.formats.blocks import PieceBlock, block_ends, numbers_of
from windowner.formats.columns import check_tokens
from windowner.formats.distinct import BLANK, COMMENT, OTHER, TOKEN, DistinctPieces, Known, Memory
from windowner.formats.limits import check_lengths, check_sentence
from windowner.formats.lines import read_blocks, read_lines, split_white
from windowner.formats.options import ReadOptions
from windowner.formats.row_writing import NewColumns, count_line_ends, rows_text
from windowner.formats.rows import DOCUMENT_START
from windowner.text.sentence import Sentence

_DEFAULTS = ReadOptions(tag_column=None)


def read_token_lines(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read one sentence per line; a blank line is a sentence without tokens.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        Number of the first line.

    Raises
    ------
    DataError
        If the text is not UTF-8.
    """
    for line, text in read_lines(stream, name, options.first_line):
        tokens = split_white(text)
        check_sentence(len(tokens), f"{name}:{line}")
        yield Sentence(tokens, None, line, [])


class DistinctTokens(DistinctPieces):
    """Distinct tokens. A line end is a piece, too. An empty piece stands where white space follows white space."""

    def look_at(self, pieces: Sequence[str]) -> Iterable[Known]:
        """Return what is known of new tokens."""
        for piece in pieces:
            if piece == "\n":
                yield Known(BLANK, written=piece)
            elif piece.startswith(DOCUMENT_START):
                yield Known(OTHER, piece)
            else:
                yield Known(TOKEN if piece else COMMENT, piece, written=piece)


class TokenBlock(PieceBlock):
    """Lines of tokens; see `PieceBlock`."""

    def opens(self) -> Bools:
        """Return that no sentence opens a document."""
        return np.zeros(len(self.sentence_lengths()) + 1, dtype=np.bool_)

    def pieces(self, start: int, end: int) -> Self:
        """Return some tokens and line ends as a block."""
        line = self.line + int(np.searchsorted(self.ends, start))
        return type(self)(self.known, self.numbers[start:end], line)

    @classmethod
    def joined(cls, blocks: Sequence[Self]) -> Self:
        """Return lines that follow one another as one block."""
        known = blocks[-1].known
        return cls(known, np.concatenate(numbers_of(blocks, known)), blocks[0].line)

    def refuse(self) -> None:
        """Raise the `DataError` of the first token that a column file cannot hold."""
        place = int((self.kinds == OTHER).argmax())
        line = self.line + int(np.searchsorted(self.ends, place))
        check_tokens([self.known.tokens[self.numbers[place]]], line)

    def written(self, new: NewColumns) -> bytes:
        """Return rows of token and new columns, and a blank line for each line end."""
        return rows_text(self.known, self.numbers, count_line_ends(self.kinds), new).encode()


def read_token_blocks(
    stream: BinaryIO, name: str, options: ReadOptions, size: int = 1, memory: Memory | None = None
) -> Iterator[TokenBlock]:
    """Read lines of tokens in blocks; see `read_row_blocks`."""
    memory = memory or Memory()
    line = options.first_line
    for text in read_blocks(stream, name, options.first_line, size):
        known = memory.recall(DistinctTokens, DistinctTokens)
        numbers = known.numbers(_split_pieces(text))
        numbers = numbers[known.kinds[numbers] != COMMENT]
        closes = known.kinds[numbers] == BLANK
        check_lengths(closes, name, line, rows=1)
        start = 0
        for end in block_ends(closes):
            block = TokenBlock(known, numbers[start:end], line)
            yield block
            line += len(block.ends)
            start = end


def _split_pieces(text: str) -> list[str]:
    """Return the tokens and the line ends of a text."""
    for white in "\t\r\f\v":
        text = text.replace(white, " ")
    return text.replace("\n", " \n ").split(" ")
