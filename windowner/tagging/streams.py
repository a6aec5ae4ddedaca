"""From a stream of text to a stream of tagged text, in one process or in several.

The order of the sentences is kept. Memory is bounded, because a few pieces per process are under way at a time.
"""

import io
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import BinaryIO, TypeVar

from windowner.engines.tasks import Failure
from windowner.errors import EngineError
from windowner.formats.distinct import Memory
from windowner.formats.shards import ENDED_BY_BLANK_LINES, WITH_WIDTH, Shard, can_be_cut, cut_shards, with_width
from windowner.formats.table import JSON_LINES, PARQUET
from windowner.formats.texts import TEXT_READERS
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_shards import document_shards, find_places
from windowner.tagging.document_writers import framed
from windowner.tagging.one_process import tag_text
from windowner.tagging.parquet_rows import Chunk, Tagged, tag_chunk, tag_parquet
from windowner.tagging.task import SharedTagger, TagTask, settle_formats

Result = TypeVar("Result")


def tag_stream(task: TagTask, stream: BinaryIO, jobs: int = 1) -> Iterator[tuple[bytes, int]]:
    """Yield the tagged text piece by piece, in order, as UTF-8, each piece with its number of tokens.

    Parameters
    ----------
    task
        Model and options.
    stream
        Bytes.
    jobs
        Processes that tag side by side; 1 is this process alone.

    Raises
    ------
    DataError
        The text cannot be read.
    ModelError
        The model cannot be loaded.
    EngineError
        A piece of the text lost one process after the other, for instance because memory ran out.
    """
    shared = SharedTagger(task)
    tagger = shared.load()  # a bad model is reported once, and before anything starts
    task, stream = settle_formats(task, stream, tagger.model.config.data.token_column)
    shared.task = task
    yield from framed(_tag_pieces(shared, stream, jobs), tagger, task)


def _tag_pieces(shared: SharedTagger, stream: BinaryIO, jobs: int) -> Iterator[tuple[bytes, int]]:
    """Yield what `tag_stream` yields, without a head and a foot."""
    tagger, task = shared.load(), shared.task
    if jobs == 1 or not (task.output_format == PARQUET or can_be_cut(stream, task.name, task.input_format)):
        yield from tag_text(tagger, task, stream)
        return
    from windowner.engines.local import LocalEngine  # one process needs none of it

    engine = LocalEngine(jobs)
    if task.output_format == PARQUET:

        def tag(chunks: Iterator[Chunk]) -> Iterator[Tagged]:
            return _results(task, engine.map_in_order(_chunk_tagger, chunks, shared))

        yield from tag_parquet(tagger, task, stream, tag)
        return
    shards = _cut(tagger, task, stream)
    if shards is None:
        yield from tag_text(tagger, task, stream)
        return
    yield from _results(task, engine.map_in_order(_shard_tagger, shards, shared))


def _cut(tagger: Tagger, task: TagTask, stream: BinaryIO) -> Iterator[Shard] | None:
    """Return the shards of a stream; None if it cannot be cut where a model of documents needs it."""
    shards = cut_shards(stream, task.name, columns=task.input_format in ENDED_BY_BLANK_LINES)
    if task.input_format in TEXT_READERS or task.options is None:
        return shards
    if task.input_format in WITH_WIDTH:
        shards = with_width(shards, task.name, task.options)
    marked = task.input_format == JSON_LINES != task.output_format  # records say where documents begin
    if not (marked or tagger.model.reads_documents):
        return shards
    find = find_places(task.input_format, task.name, task.options)
    return None if find is None else document_shards(shards, find, tagger.model.config.model.stretch)


def _results(task: TagTask, tagged: Generator[tuple[int, Result | Failure], None, None]) -> Iterator[Result]:
    """Yield the results of an engine. A failure becomes an exception, and ends the workers."""
    with closing(tagged) as results:
        for _, result in results:
            if isinstance(result, Failure):
                raise _error(task, result)
            yield result


def _chunk_tagger(shared: SharedTagger) -> Callable[[Chunk], Tagged]:
    """Return what a worker does with each chunk of a Parquet file."""
    return partial(tag_chunk, shared.load(), shared.task)


def _shard_tagger(shared: SharedTagger) -> Callable[[Shard], tuple[bytes, int]]:
    """Return what a worker does with each shard."""
    return partial(_tag_shard, shared.load(), shared.task, Memory())


def _tag_shard(tagger: Tagger, task: TagTask, memory: Memory, shard: Shard) -> tuple[bytes, int]:
    if task.options is not None:
        options = replace(task.options, width=shard.width, continues=shard.continues)
        task = replace(task, options=options, stretch=shard.stretch)
    pieces = list(tag_text(tagger, task, io.BytesIO(shard.data), shard.first_line, memory))
    return b"".join(text for text, _ in pieces), sum(tokens for _, tokens in pieces)


def _error(task: TagTask, failure: Failure) -> Exception:
    """Return the exception for a shard that failed: a user's error again, or what is known of any other."""
    if failure.type == "WorkerDied":
        return EngineError(f"{task.name}: {failure.message}")
    return failure.user_error or RuntimeError(f"{failure.type}: {failure.message}\n{failure.traceback}")
