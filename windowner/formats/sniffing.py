"""Which format a file is of, by its first 64 KB; and for column files, what they say about their columns."""

from pathlib import Path
from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats.brackets import bracket_columns
from windowner.formats.brat import holds_brat
from windowner.formats.changed import HEAD_SIZE, head_of
from windowner.formats.head import Head
from windowner.formats.kinds import refuse_other_kinds
from windowner.formats.layout import find_layout
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.parquet import is_parquet
from windowner.formats.spacy_docs import is_docbin
from windowner.formats.table import BRAT, COLUMNS, FORMATS, PARQUET, SPACY, find_format, suffix_of
from windowner.formats.tags import is_tag

AUTO = "auto"
OTHERS = ("conllu", "csv", "brackets", "label-studio")


def sniff(stream: BinaryIO, name: str, format: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """Return the format of a stream, and the options with what its beginning says.

    Parameters
    ----------
    stream
        Bytes, of which nothing has been read.
    name
        Name of the file, for its suffix and for error messages.
    format
        Name of the format; `auto` if the content says it.
    options
        Options as the user gave them.

    Raises
    ------
    DataError
        If the file holds something else than labelled text, or may be read in two ways.
    """
    content = head_of(stream, name)
    if binary := _binary(content):
        return binary, options
    if format == AUTO:
        refuse_other_kinds(content, name)
    head = Head.of(content, suffix_of(name), HEAD_SIZE)
    found = _recognise(head, name) if format == AUTO else find_format(format).name
    if found == COLUMNS:
        return found, find_layout(head, options, name)
    return found, bracket_columns(head, options) if found == "brackets" else options


def is_brat(path: str | Path, format: str) -> bool:
    """Return whether a path is to be read as brat standoff.

    A text beside a file of entities is; a column file that happens to stand beside one is not.
    """
    path = Path(path)
    if format == BRAT or path.is_dir():
        return holds_brat(path)
    if format != AUTO or not holds_brat(path):
        return False
    if path.suffix == ".ann":
        return True
    with path.open("rb") as stream:
        head = Head.of(stream.read(HEAD_SIZE), path.suffix, HEAD_SIZE)
    return not all(len(row) > 1 and is_tag(row[-1]) for row in head.rows)


def _binary(content: bytes) -> str:
    """Return the name of a format that is no text; "" for others."""
    if is_parquet(content):
        return PARQUET
    return SPACY if is_docbin(content) else ""


def _recognise(head: Head, name: str) -> str:
    """Return the name of the format that a file's beginning looks like; columns, if it is none of the others."""
    found = [format.name for format in FORMATS.values() if format.looks_like and format.looks_like(head)]
    if len(found) > 1:
        raise DataError(f"{name}: may be read as {' or as '.join(found)}; name one as data.format, or with --from")
    return found[0] if found else COLUMNS


def format_of_file(path: str | Path, encoding: str = "") -> str:
    """Return the name of a labelled file's format, by its content.

    Raises
    ------
    DataError
        If the file cannot be opened, holds something else than labelled text, or may be read in two ways.
    """
    if is_brat(path, AUTO):
        return BRAT
    with open_input(path, encoding) as stream:
        content = head_of(stream, str(path))
    if binary := _binary(content):
        return binary
    refuse_other_kinds(content, str(path))
    return _recognise(Head.of(content, suffix_of(path), HEAD_SIZE), str(path))


def other_format(stream: BinaryIO, name: str) -> str:
    """Return the format of a stream that is neither columns nor JSON Lines; "" for these.

    Raises
    ------
    DataError
        If the stream holds something else than text.
    """
    content = head_of(stream, name)
    if binary := _binary(content):
        return binary
    refuse_other_kinds(content, name)
    head = Head.of(content, suffix_of(name), HEAD_SIZE)
    others = (*OTHERS, "jsonl", "spans") if head.text.lstrip().startswith(("[{", "[\n", "[ ", '["')) else OTHERS
    return next((form for form in others if (looks_like := FORMATS[form].looks_like) and looks_like(head)), "")


def token_column_of(stream: BinaryIO, name: str, format: str, token_column: int) -> int:
    """Return the column of tokens in a stream that is to be tagged; see `find_layout`."""
    return sniff(stream, name, format, ReadOptions(token_column, None))[1].token_column
