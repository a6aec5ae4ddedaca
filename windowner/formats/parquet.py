"""Parquet with a list of tokens and a list of tags per row, as data hubs ship them. It needs the extra `arrow`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import msgspec

from windowner.errors import DataError
from windowner.formats.jsonl import TAG_KEYS, sentences_of_records
from windowner.formats.options import ReadOptions
from windowner.text.sentence import Sentence

MAGIC = b"PAR1"
HUB = b"huggingface"
"""Key under which a schema describes its columns, and so the names of tags that are numbers."""

_DEFAULTS = ReadOptions()


def is_parquet(head: bytes) -> bool:
    """Return whether a file that begins so is Parquet."""
    return head.startswith(MAGIC)


def read_parquet(stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS) -> Iterator[Sentence]:
    """Read the rows of a Parquet file, each of which is a sentence. Its number stands for its line.

    Parameters
    ----------
    stream
        Bytes of the file, which is read whole.
    name
        Name of the file, for error messages.
    options
        Names of tags that are numbers, if the file has none.

    Raises
    ------
    DataError
        If pyarrow is not installed, the file is damaged, or a row holds no tokens.
    """
    try:
        from pyarrow import ArrowException, BufferReader
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise DataError(f'{name}: Parquet needs the arrow extra: pip install "windowner[arrow]"') from None
    try:
        file = ParquetFile(BufferReader(stream.read()))
        rows = [row for batch in file.iter_batches() for row in batch.to_pylist()]
    except (ArrowException, OSError) as error:
        raise DataError(f"{name}: Parquet that cannot be read: {error}") from None
    if not options.tag_names:
        options = replace(options, tag_names=_tag_names(file.schema_arrow.metadata or {}))
    yield from sentences_of_records(enumerate(rows, start=1), name, options)


def _tag_names(metadata: dict[bytes, bytes]) -> tuple[str, ...]:
    """Return the names of the tags that a schema lists; () if it lists none."""
    try:
        features: Any = msgspec.json.decode(metadata.get(HUB, b"{}"))["info"]["features"]
        for key in TAG_KEYS:
            if key in features:
                feature = features[key].get("feature", features[key])
                return tuple(feature["names"])
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        pass
    return ()
