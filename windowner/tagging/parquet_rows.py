"""From Parquet to Parquet: the rows of a file gain their tags, or the entities of their texts.

    row groups       tables of all columns
    chunks           some texts, or some sentences with their documents, from one row group or from several
    tagged chunks    the new values of their rows, in order

A row group is written as soon as all of its rows are tagged. Chunks do not end where row groups end, so that documents
are read as a whole. Memory holds the row groups of the chunks that are under way.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from windowner.arrays import Indices
from windowner.errors import DataError
from windowner.formats.jsonl import DOCUMENT_KEYS, SCORES, TOKEN_KEYS
from windowner.formats.parquet_file import Column, find_column, open_parquet, row_groups, values_of
from windowner.formats.parquet_written import GrowingFile, Lists, described
from windowner.formats.record_writing import SPANS
from windowner.formats.spans import TEXT_KEYS
from windowner.tagger.chunks import CHARACTERS, chunks
from windowner.tagger.tagger import Tagger
from windowner.tagging.task import TagTask
from windowner.tagging.texts import ReadSentence, cut_sentences, tags_and_scores
from windowner.text.sentence import Sentence

TAGS = "tags"

Chunk = list[str] | tuple[list[Sentence], Indices | None]
"""Texts, or sentences and their documents as `Tagger.predict` takes them."""

Row = tuple[list[Any] | None, ...]
"""What a row gains, by new column: its spans; or its tags, and their scores where they are wanted."""

Tagged = tuple[list[Row], int]
"""What the rows of a chunk gain, and its number of tokens."""


def tag_parquet(
    tagger: Tagger, task: TagTask, stream: BinaryIO, tag: Callable[[Iterator[Chunk]], Iterable[Tagged]]
) -> Iterator[tuple[bytes, int]]:
    """Yield the file with its new columns, row group by row group, each with its number of tokens.

    Parameters
    ----------
    tagger, task
        Model and options.
    stream
        Bytes of the file.
    tag
        Calls `tag_chunk` for chunks, in order.

    Raises
    ------
    DataError
        If the file cannot be read, or has no column of texts or tokens.
    """
    file = open_parquet(stream, task.name)
    column = find_column(file.schema_arrow, task.name, task.text_column, TOKEN_KEYS, TEXT_KEYS)
    names = _new_columns(task, column)
    written = GrowingFile(file, task.name, names)
    read: deque[Any] = deque()  # tables whose rows are not all tagged yet
    gained: list[Row] = []
    counted = 0
    for rows, tokens in tag(_chunks(tagger, task, _noted(row_groups(file, task.name), read), column)):
        gained += rows
        counted += tokens
        while read and len(gained) >= len(read[0]):
            table = read.popleft()
            lists = _lists(gained[: len(table)], table.column(column.name))
            yield written.add(table, dict(zip(names, lists, strict=True))), counted
            del gained[: len(table)]
            counted = 0
    yield written.end(), counted


def tag_chunk(tagger: Tagger, task: TagTask, chunk: Chunk) -> Tagged:
    """Return what the rows of a chunk gain, and its number of tokens."""
    if isinstance(chunk, list):
        found = tagger.find_spans(chunk, task.min_probability)
        return [(described(spans),) for spans in found.by_text], found.tokens
    sentences, documents = chunk
    prediction = tagger.predict([sentence.tokens for sentence in sentences], documents)
    tags, scores = tags_and_scores(prediction.without_improbable(task.min_probability), task.scheme)
    if not task.scores:
        return [(each,) for each in tags], len(prediction.tags)
    rounded = [[round(score, 4) for score in each] for each in scores]
    return list(zip(tags, rounded, strict=True)), len(prediction.tags)


def _new_columns(task: TagTask, column: Column) -> dict[str, str]:
    """Return the new columns by name, each with the kind of its lists. No two of them have one name."""
    kind = SPANS if column.has_texts else TAGS
    scores = {SCORES: SCORES} if task.scores and not column.has_texts else {}
    if task.new_column in scores:
        raise DataError(f"{task.name}: --new-column {SCORES}, expected another name, because --scores adds that column")
    return {task.new_column or kind: kind, **scores}


def _noted(tables: Iterable[Any], read: deque[Any]) -> Iterator[Any]:
    """Yield the tables that have rows, and put them into `read`."""
    for table in tables:
        if len(table):
            read.append(table)
            yield table


def _chunks(tagger: Tagger, task: TagTask, tables: Iterator[Any], column: Column) -> Iterator[Chunk]:
    """Yield the rows of tables in chunks that fit in memory."""
    if column.has_texts:
        texts = (text or "" for table in tables for text in values_of(table.column(column.name), task.name))
        return chunks(texts, len, CHARACTERS)
    return cut_sentences(tagger, _sentences(tables, task.name, column.name))


def _sentences(tables: Iterator[Any], name: str, column: str) -> Iterator[ReadSentence]:
    """Yield the sentences of tables, and whether each one opens a document: whether it names another one."""
    number = 0
    before: Any = None
    for table in tables:
        key = next((key for key in DOCUMENT_KEYS if key in table.column_names), None)
        documents = iter(lambda: None, 0) if key is None else values_of(table.column(key), name)
        for tokens, document in zip(values_of(table.column(column), name), documents, strict=False):
            number += 1
            if tokens and None in tokens:
                raise DataError(f"{name}:{number}: a token is null, expected strings")
            yield Sentence(tokens or [], None, number, []), document is not None and document != before
            before = document


def _lists(rows: Sequence[Row], column: Any) -> list[Lists]:
    """Return what rows gain as new columns. A row without a text or tokens gains nulls."""
    missing = column.is_null().to_pylist()
    kept = ((None,) * len(row) if is_missing else row for row, is_missing in zip(rows, missing, strict=True))
    return [list(values) for values in zip(*kept, strict=True)]
