"""A Parquet file that gains columns of lists, row group by row group, as pieces of bytes.

    spans     list<struct<start: int64, end: int64, label: string, probability: double>>    a row is a text
    tags      list<string>                                                                  a row is a sentence
    scores    list<double>                                                                  where they are wanted

The other columns stay as they are, with their types, and so do what the schema says of them and the compression.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any, cast

from windowner.errors import DataError
from windowner.formats.parquet_file import load_arrow
from windowner.formats.span_records import label_of
from windowner.text.document import Span

Lists = Sequence[Sequence[Any] | None]
"""A list for each row, or None."""


class _Pieces(io.RawIOBase):
    """A file that keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


class GrowingFile:
    """What is written from a Parquet file and new columns of lists.

    Parameters
    ----------
    file
        pyarrow's `ParquetFile` from which the other columns are.
    name
        Name of the file, for error messages.
    columns
        Names of the new columns, each with the kind of its lists: `spans`, `tags` or `scores`.

    Raises
    ------
    DataError
        If the file has a column of one of the names.
    """

    def __init__(self, file: Any, name: str, columns: Mapping[str, str]) -> None:
        arrow = load_arrow(name)
        schema = file.schema_arrow
        for column in columns:
            if column in schema.names:
                raise DataError(f"{name}: has a column {column} already; name the new one with --new-column")
        self._arrow, self._types = arrow, {column: _type(arrow, kind) for column, kind in columns.items()}
        for column, kind in self._types.items():
            schema = schema.append(arrow.field(column, kind))
        self._pieces = _Pieces()
        self._writer = arrow.parquet.ParquetWriter(self._pieces, schema, compression=_compression(file))

    def add(self, table: Any, new: Mapping[str, Lists]) -> bytes:
        """Add a row group with its new columns. Return the next piece of the file."""
        for column, lists in new.items():
            table = table.append_column(column, self._arrow.array(lists, type=self._types[column]))
        self._writer.write_table(table, row_group_size=max(1, len(table)))
        return self._pieces.take()

    def end(self) -> bytes:
        """Return the last piece of the file."""
        self._writer.close()
        return self._pieces.take()


def described(spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Return the entities of a text as values of a column of spans. The rule is its id, and "" without an id."""
    return [
        {
            **span._asdict(),
            "label": label_of(span),
            "probability": None if span.probability is None else round(span.probability, 4),
            "rule": "" if span.rule is True else span.rule,
        }
        for span in spans
    ]


def _type(arrow: Any, kind: str) -> Any:
    if kind == "spans":
        places = {"start": arrow.int64(), "end": arrow.int64()}
        rest = {"label": arrow.string(), "probability": arrow.float64(), "rule": arrow.string()}
        return arrow.list_(arrow.struct({**places, **rest}))
    return arrow.list_({"tags": arrow.string(), "scores": arrow.float64()}[kind])


def _compression(file: Any) -> str:
    """Return the compression of a file: that of its first column."""
    metadata = file.metadata
    if not metadata.num_row_groups or not metadata.num_columns:
        return "snappy"
    found = cast(str, metadata.row_group(0).column(0).compression)
    return "none" if found == "UNCOMPRESSED" else found
