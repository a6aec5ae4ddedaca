"""A Parquet file, row group by row group: its columns, and the one that holds texts or lists of tokens.

Memory holds one row group of a file of this machine or of a store. A pipe, or a compressed file, is held whole, because
the end of a Parquet file says where its columns are.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple

from windowner.errors import DataError
from windowner.formats.limits import check_whole
from windowner.formats.lines import read_whole

MAGIC = b"PAR1"
ROWS = 1024
"""Rows whose values are in memory as objects of Python."""


def is_parquet(head: bytes) -> bool:
    """Return whether a file that begins so is Parquet."""
    return head.startswith(MAGIC)


class Column(NamedTuple):
    """The column of a file that is tagged, and whether it holds texts; if not, it holds lists of tokens."""

    name: str
    has_texts: bool


def load_arrow(name: str) -> Any:
    """Return pyarrow.

    Raises
    ------
    DataError
        If it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DataError(f'{name}: Parquet needs the arrow extra: pip install "windowner[arrow]"') from None
    return pyarrow


def seekable(stream: BinaryIO, name: str) -> BinaryIO:
    """Return a stream in which any place can be read: the stream itself, or its content in memory."""
    if stream.seekable():
        return stream
    return io.BytesIO(read_whole(stream, name))


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what pyarrow raises in the block, while it reads a file, into a `DataError`."""
    arrow = load_arrow(name)
    try:
        yield
    except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:  # ValueError: strings that are no UTF-8
        raise DataError(f"{name}: Parquet that cannot be read: {' '.join(str(error).split())}") from None


def open_parquet(stream: BinaryIO, name: str) -> Any:
    """Return pyarrow's `ParquetFile` of a stream.

    Raises
    ------
    DataError
        If pyarrow is not installed, or the file is damaged.
    """
    arrow = load_arrow(name)
    with reading(name):
        return arrow.parquet.ParquetFile(seekable(stream, name))


def row_groups(file: Any, name: str) -> Iterator[Any]:
    """Yield the row groups of a file as tables; refuse one of too many bytes."""
    arrow = load_arrow(name)
    for number in range(file.num_row_groups):
        with reading(name):
            table = arrow.Table.from_batches(_batches(file, number, name), file.schema_arrow)
        yield table


def _batches(file: Any, row_group: int, name: str) -> Iterator[Any]:
    """Yield the rows of a row group, some at a time."""
    size = 0
    for batch in file.iter_batches(ROWS, [row_group], use_threads=False):
        size += batch.nbytes
        check_whole(size, name)
        yield batch


def values_of(column: Any, name: str) -> Iterator[Any]:
    """Yield the values of a table's column as objects of Python."""
    for start in range(0, len(column), ROWS):
        with reading(name):
            values = column.slice(start, ROWS).to_pylist()
        yield from values


def find_column(schema: Any, name: str, wanted: str, token_keys: tuple[str, ...], text_keys: tuple[str, ...]) -> Column:
    """Return the column to be tagged.

    Parameters
    ----------
    schema
        Schema of the file.
    name
        Name of the file, for error messages.
    wanted
        Name of the column; "" for the first column of tokens or texts that has one of the names below.
    token_keys, text_keys
        Names that columns of tokens and of texts have.

    Raises
    ------
    DataError
        If there is no such column, or it holds neither texts nor lists of strings.
    """
    arrow = load_arrow(name)
    for key in (wanted,) if wanted else (*token_keys, *text_keys):
        if schema.get_field_index(key) < 0:
            continue
        kind = schema.field(key).type
        if _holds_strings(arrow, kind) and (wanted or key in text_keys):
            return Column(key, True)
        if _holds_lists(arrow, kind) and (wanted or key in token_keys):
            return Column(key, False)
        if wanted:
            raise DataError(f"{name}: the column {key} holds {kind}, expected strings, or lists of strings")
    listed = ", ".join(schema.names)
    if wanted:
        raise DataError(f"{name}: no single column {wanted}, expected one of {listed}")
    raise DataError(f"{name}: the columns {listed}, expected tokens or text; name one with --text-column")


def _holds_strings(arrow: Any, kind: Any) -> bool:
    kind = kind.value_type if arrow.types.is_dictionary(kind) else kind
    return bool(arrow.types.is_string(kind) or arrow.types.is_large_string(kind))


def _holds_lists(arrow: Any, kind: Any) -> bool:
    is_list = arrow.types.is_list(kind) or arrow.types.is_large_list(kind) or arrow.types.is_fixed_size_list(kind)
    return bool(is_list and _holds_strings(arrow, kind.value_type))
