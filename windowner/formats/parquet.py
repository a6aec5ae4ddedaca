"""Parquet, as data hubs ship it. It needs the extra `arrow`.

tokens: list of strings, tags: list of strings or of numbers        a row is a sentence
text: string, spans: list of {start, end, label}                    a row is a text; see `spans.py`
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, BinaryIO

import msgspec

from windowner.formats.jsonl import DOCUMENT_KEYS, TAG_KEYS, TOKEN_KEYS, sentences_of_records
from windowner.formats.options import ReadOptions
from windowner.formats.parquet_file import load_arrow, open_parquet, row_groups, values_of
from windowner.formats.spans import SPAN_KEYS, TEXT_KEYS, documents_of_records
from windowner.text.document import Document
from windowner.text.sentence import Sentence

HUB = b"huggingface"
"""Key under which a schema describes its columns, and so the names of tags that are numbers."""

DOCUMENT = DOCUMENT_KEYS[0]

_DEFAULTS = ReadOptions()


def read_parquet(
    stream: BinaryIO, name: str, options: ReadOptions = _DEFAULTS
) -> Iterator[Sentence] | Iterator[Document]:
    """Read the rows of a Parquet file, each of which is a sentence or a text. Its number stands for its line.

    Parameters
    ----------
    stream
        Bytes of the file, of which memory holds one row group; see `parquet_file`.
    name
        Name of the file, for error messages.
    options
        Names of tags that are numbers, if the file has none.

    Raises
    ------
    DataError
        If pyarrow is not installed, the file is damaged, or a row holds neither tokens nor a text.
    """
    file = open_parquet(stream, name)
    others = (row for table in row_groups(file, name) for row in values_of(table, name))
    first = next(others, None)
    rows = chain([] if first is None else [first], others)
    if first is not None and _holds_texts(first):
        return documents_of_records(enumerate(map(_with_list_of_spans, rows), start=1), name, options)
    if not options.tag_names:
        options = replace(options, tag_names=_tag_names(file.schema_arrow.metadata or {}))
    return sentences_of_records(enumerate(rows, start=1), name, options)


def write_parquet(file: BinaryIO, name: str, sentences: Iterable[Sentence]) -> None:
    """Write sentences as rows of tokens and tags, and of the number of their document if they have one.

    Parameters
    ----------
    file
        Opened for writing bytes.
    name
        Name of the file, for error messages.
    sentences
        The sentences; the number of the document stands in `extra`.

    Raises
    ------
    DataError
        If pyarrow is not installed.
    """
    arrow = load_arrow(name)
    strings = arrow.list_(arrow.string())
    fields = {"tokens": strings, "tags": strings}
    rows = [{**(each.extra or {}), "tokens": each.tokens, "tags": each.tags or []} for each in sentences]
    if any(DOCUMENT in row for row in rows):
        fields[DOCUMENT] = arrow.int64()
    arrow.parquet.write_table(arrow.Table.from_pylist(rows, schema=arrow.schema(fields)), file)


def _holds_texts(row: dict[str, Any]) -> bool:
    """Return whether a row is a text, and no sentence of tokens with tags."""
    tokens: list[Any] = next((row[key] for key in TOKEN_KEYS if isinstance(row.get(key), list)), [])
    tags: list[Any] = next((row[key] for key in TAG_KEYS if isinstance(row.get(key), list)), [])
    of_strings = all(isinstance(token, str) for token in tokens) and bool(tokens)
    has_tags = bool(tags) and not isinstance(tags[0], dict | list)
    has_text = any(isinstance(row.get(key), str) for key in TEXT_KEYS)
    return has_text and not (of_strings and (has_tags or not any(row.get(key) is not None for key in SPAN_KEYS)))


def _with_list_of_spans(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose spans are a list. Data hubs store them as a struct of lists."""
    columns = {key: row[key] for key in SPAN_KEYS if isinstance(row.get(key), dict)}
    lists = {
        key: [dict(zip(value, cells, strict=True)) for cells in zip(*value.values(), strict=True)]
        for key, value in columns.items()
        if value
        and all(isinstance(cells, list) for cells in value.values())
        and len({len(cells) for cells in value.values()}) == 1
    }
    return {**row, **lists}


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
