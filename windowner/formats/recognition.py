"""Which format a file is of, by its first 64 KB; and for column files, what they say about their columns.

The predicates of the table of formats decide. A file that fits none of them has columns. Where text without labels is
allowed, `texts` adds records with a text, and decides between columns and lines of text. A file that may be read in
two ways is refused.
"""

from typing import BinaryIO

from windowner.errors import DataError
from windowner.formats import texts
from windowner.formats.brackets import bracket_columns
from windowner.formats.brat import holds_brat
from windowner.formats.changed import awaited_head, head_of, is_head
from windowner.formats.head import Head
from windowner.formats.kinds import refuse_other_kinds
from windowner.formats.layout import find_layout
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.parquet_file import is_parquet
from windowner.formats.spacy_docs import is_docbin
from windowner.formats.table import BRAT, COLUMNS, FORMATS, JSON_LINES, PARQUET, SPACY, SUFFIXES, find_format, suffix_of
from windowner.formats.tags import are_tags
from windowner.stores.address import Address, AnyPath, name_of, path_of
from windowner.stores.paths import is_folder

AUTO = "auto"
AT_ONCE = frozenset((*texts.TEXT_READERS, JSON_LINES, "tokens"))
"""Formats of which a line can be read before more have arrived. The others are known when the whole head has."""


def recognise(head: Head, name: str, *, unlabelled: bool = False, has_columns: bool = False) -> str:
    """Return the name of the format that a file's beginning looks like.

    Parameters
    ----------
    head
        The beginning.
    name
        Name of the file, for error messages.
    unlabelled
        Whether it may hold text without tokens and tags: `records`, or `text`.
    has_columns
        Whether it is known that its lines are no texts.

    Raises
    ------
    DataError
        If the file may be read in two ways.
    """
    if unlabelled and texts.looks_like(head):
        return "records"
    found = [format.name for format in FORMATS.values() if format.looks_like and format.looks_like(head)]
    if len(found) > 1:
        option = "with --input" if unlabelled else "as data.format, or with --from"
        raise DataError(f"{name}: may be read as {' or as '.join(found)}; name one {option}")
    if found:
        return found[0]
    if not unlabelled:
        refuse_json(head, name)
        return COLUMNS
    if has_columns or SUFFIXES.get(head.suffix) == COLUMNS:
        return COLUMNS
    return "jsonl" if head.keys or head.text.lstrip().startswith("{") else texts.columns_or_text(head, name)


def refuse_json(head: Head, name: str) -> None:
    """Refuse JSON that is of no format. Rows of columns that end with tags are none, whatever their tokens are.

    Raises
    ------
    DataError
        With the keys that were found.
    """
    if not head.is_json or _are_tagged(head):
        return
    keys = ", ".join(head.record) if head.keys else ""
    found = f"with the keys {keys[:100]}" if keys else "whose first record is no object that can be read"
    raise DataError(f"{name}: JSON {found}, expected tokens and tags, text and spans, or tasks of Label Studio")


def _are_tagged(head: Head) -> bool:
    """Return whether the beginning is rows of columns, of which the last one holds tags."""
    return all(len(row) > 1 for row in head.rows) and are_tags([row[-1] for row in head.rows])


def recognise_stream(
    stream: BinaryIO, name: str, format: str = "", *, has_columns: bool = False
) -> tuple[str, BinaryIO]:
    """Return the format of a stream that may hold text without labels, and the stream from its first byte on.

    Parameters
    ----------
    stream
        Bytes. A pipe is waited for until enough of it has arrived.
    name
        Name of the stream, for its suffix and for error messages.
    format
        Name of the format; "" if the content says it. For `jsonl` the content says whether it is `records`, and for
        `parquet` whether its rows are texts.
    has_columns
        Whether it is known that its lines are no texts.

    Raises
    ------
    DataError
        If the stream holds something else than text, or may be read in two ways.
    """
    if format not in ("", "jsonl", PARQUET):
        return format, stream
    if format in ("", PARQUET) and is_parquet(head_of(stream, name)):
        return texts.with_texts_of_parquet(stream, name)
    content, is_whole, stream = awaited_head(stream, name)
    if not format and not is_whole and not _is_at_once(content, name, has_columns):
        content, is_whole, stream = awaited_head(stream, name, is_head)
    if format in ("", PARQUET) and (binary := _binary_format(content)):
        return texts.with_texts_of_parquet(stream, name) if binary == PARQUET else (binary, stream)
    head = Head.of(content, suffix_of(name), is_whole=is_whole)
    if format:
        return "records" if texts.looks_like(head) else format, stream
    refuse_other_kinds(content, name)
    return recognise(head, name, unlabelled=True, has_columns=has_columns), stream


def _is_at_once(content: bytes, name: str, has_columns: bool) -> bool:
    """Return whether the first lines of a pipe are text or JSON, which is tagged before more lines have arrived."""
    if _binary_format(content):
        return True
    head = Head.of(content, suffix_of(name), is_whole=False)
    try:
        return recognise(head, name, unlabelled=True, has_columns=has_columns) in AT_ONCE
    except DataError:  # more lines may say it
        return False


def sniff(stream: BinaryIO, name: str, format: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """Return the format of a stream of labelled text, and the options with what its beginning says.

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
    if binary := _binary_format(content):
        return binary, options
    head = Head.of(content, suffix_of(name))
    if format == AUTO:
        refuse_other_kinds(content, name)
    found = recognise(head, name) if format == AUTO else find_format(format).name
    if found == COLUMNS:
        return found, find_layout(head, options, name)
    return found, bracket_columns(head, options) if found == "brackets" else options


def _binary_format(content: bytes) -> str:
    """Return the name of a format that is no text; "" for all others."""
    if is_parquet(content):
        return PARQUET
    return SPACY if is_docbin(content) else ""


def is_brat(path: str | AnyPath, format: str) -> bool:
    """Return whether a path is to be read as brat standoff.

    A text beside a file of entities is; a column file that happens to stand beside one is not.

    Raises
    ------
    DataError
        If it is a folder without such files.
    """
    path = path_of(path)
    if isinstance(path, Address):
        if format == BRAT:
            raise DataError(f"{path}: brat is read from a folder of this machine, expected one")
        return False
    if is_folder(path) and not holds_brat(path):
        raise DataError(
            f"{path}: a folder without .ann files, expected a file, or a folder of brat: a.txt beside a.ann"
        )
    if format == BRAT or is_folder(path):
        return holds_brat(path)
    if format != AUTO or not holds_brat(path):
        return False
    if path.suffix == ".ann":
        return True
    with open_input(path) as stream:
        head = Head.of(head_of(stream, str(path)), path.suffix)
    return not _are_tagged(head)


def format_of_file(path: str | AnyPath, encoding: str = "") -> str:
    """Return the name of a labelled file's format, by its content.

    Raises
    ------
    DataError
        If the file cannot be opened, holds something else than labelled text, or may be read in two ways.
    """
    if is_brat(path, AUTO):
        return BRAT
    name = name_of(path)
    with open_input(path, encoding) as stream:
        content = head_of(stream, name)
    if binary := _binary_format(content):
        return binary
    refuse_other_kinds(content, name)
    return recognise(Head.of(content, suffix_of(path)), name)
