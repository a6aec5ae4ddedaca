r"""Column files: one token per line, its tag in another column, a blank line between sentences.

- `rows.py` says how the columns of a row are separated.
- A token before a tab may be empty: in real corpora, a character that was lost leaves such a row. The row counts.
- A line of nothing but ASCII white space is blank. Any other line is a row. A no-break space, an ideographic space or
  a line separator (U+2028) is text, and may be a whole token.
- A line that starts with `-DOCSTART-` separates documents, with or without blank lines around it.
- A line that starts with `#` and is not shaped as the file's rows is a comment. A header row is one, too.

`row_blocks.py` reads large blocks, and looks at each distinct row once.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from windowner.errors import UnholdableError
from windowner.formats.options import ReadOptions
from windowner.formats.row_blocks import RowBlock, read_row_blocks
from windowner.formats.rows import DOCUMENT_ROWS, DOCUMENT_START
from windowner.text.sentence import Sentence

_DEFAULTS = ReadOptions()
_STARTS = (DOCUMENT_START, *DOCUMENT_ROWS)
"""How rows start that begin or end a document."""


def read_columns(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read a column file, sentence by sentence, in constant memory.

    Parameters
    ----------
    stream
        Bytes of the file.
    name
        Name of the file, for error messages.
    options
        The columns of token and tag.

    Raises
    ------
    DataError
        If a row has the wrong number of columns or an unknown tag, or the text is not UTF-8.
    """
    for part in read_row_blocks(stream, name, options):
        yield from part.sentences() if isinstance(part, RowBlock) else (part,)


def column_text(sentence: Sentence, tags: Sequence[str], scores: Sequence[float] | None = None) -> str:
    r"""Return a tagged sentence as rows and a blank line.

    A row that was read from a column file keeps its columns and gains the tag as its last one. The separator is a tab
    if the row holds one, and a space otherwise. The row of a `-DOCSTART-` line gains `O`. A sentence of another format
    becomes rows of token, tab, tag.

    Parameters
    ----------
    sentence
        The sentence as it was read.
    tags
        New tags, one per token; [] for a `-DOCSTART-` line.
    scores
        Probabilities of the tags, which become one more column.

    Raises
    ------
    DataError
        If a token of another format holds a tab or a line end, or starts as a row that begins a document.
    """
    if sentence.is_mark and not sentence.rows[0].startswith(DOCUMENT_START):
        return "".join(f"{row}\n" for row in sentence.rows)
    if sentence.is_mark:
        tags, scores = ["O"], None if scores is None else [1.0]
    new_columns = tags if scores is None else [f"{t}\t{score:.4f}" for t, score in zip(tags, scores, strict=True)]
    if sentence.token_rows is not None and sentence.rows:
        return _rows_among_comments(sentence, new_columns)
    if sentence.rows:
        pairs = zip(sentence.rows, new_columns, strict=True)
        lines = [f"{row}\t{new}\n" if "\t" in row else _longer(row, new) for row, new in pairs]
    else:
        check_tokens(sentence.tokens, sentence.line)
        lines = [f"{token}\t{new}\n" for token, new in zip(sentence.tokens, new_columns, strict=True)]
    return "".join(lines) + "\n"


def _rows_among_comments(sentence: Sentence, new_columns: Sequence[str]) -> str:
    """Return rows with their new columns, and the comments between them as they are."""
    new = dict(zip(sentence.token_rows or [], new_columns, strict=True))
    return "".join(_longer(row, new[i]) if i in new else f"{row}\n" for i, row in enumerate(sentence.rows)) + "\n"


def _longer(row: str, columns: str) -> str:
    """Return a row with new columns behind it, which are separated as its own are."""
    return f"{row}\t{columns}\n" if "\t" in row else f"{row.rstrip(' ')} {_spaced(columns)}\n"


def _spaced(columns: str) -> str:
    """Separate new columns by spaces, as the others of their row."""
    return columns.replace("\t", " ")


def check_tokens(tokens: Sequence[str], line: int) -> None:
    """Refuse tokens that would break a row.

    Raises
    ------
    UnholdableError
        If a token holds a tab or a line end, or starts as a row that begins a document.
    """
    for token in tokens:
        if "\t" in token or "\n" in token:
            expected = "which a column file cannot hold; write JSON Lines instead"
            raise UnholdableError(f"token {token!r} holds a tab or a line end, {expected}", line)
        if token.startswith(_STARTS):
            found = f"token {token!r} would begin a document in a column file"
            raise UnholdableError(f"{found}; write JSON Lines instead", line)


def check_sentences(sentences: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
    """Refuse sentences with such tokens; see `check_tokens`. `lines` are the lines of the sentences."""
    text = "\0".join(map("\0".join, sentences))
    suspicious = any(map(text.__contains__, ("\t", "\n", *_STARTS)))  # somewhere in a token
    for tokens, line in zip(sentences, lines, strict=True) if suspicious else ():
        check_tokens(tokens, line)
