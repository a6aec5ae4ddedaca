"""From a stream of text to a stream of tagged text, in one process or in several.

The order of the sentences is kept. Memory is bounded, because a few pieces per process are under way at a time.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

from windowner.arrays import Indices
from windowner.engines.local import LocalEngine
from windowner.engines.tasks import Failure
from windowner.errors import DataError, EngineError
from windowner.formats.blocks import Block
from windowner.formats.distinct import Memory
from windowner.formats.reading import stream_blocks, stream_sentences
from windowner.formats.recognition import recognise_stream, token_column_of
from windowner.formats.row_blocks import RowBlock
from windowner.formats.row_writing import NewColumns
from windowner.formats.shards import ENDED_BY_BLANK_LINES, Shard, can_be_cut, cut_shards
from windowner.formats.table import COLUMNS, WRITERS
from windowner.formats.texts import TEXT_READERS
from windowner.platform import keep_freed_memory
from windowner.tagger.caches import CACHE_MB
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_blocks import DocumentBlock, document_blocks
from windowner.tagging.texts import (
    SPANS,
    ReadSentence,
    cut_sentences,
    read_texts,
    span_line,
    tag_sentences,
    tag_texts,
)
from windowner.text.document import Document
from windowner.text.sentence import Sentence

Read = tuple[list[Sentence], Indices | None] | DataError
"""Sentences and their documents, or the error that ends a stream."""


@dataclass(frozen=True)
class TagTask:
    """How a stream is tagged.

    Parameters
    ----------
    model
        Path of the model.
    name
        Name of the stream in error messages.
    input_format
        `columns`, `tokens`, `jsonl`, or one of `TEXT_READERS`; "" for what name and content say.
    output_format
        `columns`, `jsonl`, `spans`, or for folders `brat`; "" for what fits the input.
    scheme
        Scheme of the tags.
    scores
        Whether each tag's probability is added.
    min_probability
        Entities that are less probable are left out; None stands for the model's cutoffs.
    token_column
        For columns, where the tokens are: 0 is the first column, -1 the last; None for where the model's training
        files have them.
    encoding
        Encoding of the text; "" is UTF-8, or what a byte order mark says.
    cache_mb
        Megabytes of each process for what was computed for words, so that it need not be computed again.
    """

    model: str | Path
    name: str = "<stdin>"
    input_format: str = "columns"
    output_format: str = "columns"
    scheme: str = "IOB2"
    scores: bool = False
    min_probability: float | None = None
    token_column: int | None = None
    encoding: str = ""
    cache_mb: float = CACHE_MB

    @property
    def keeps_line_ends(self) -> bool:
        """Whether the line ends of the stream are characters of a text."""
        return self.input_format == "document"


class SharedTagger:
    """The tagger of a task, for this process and its workers.

    A forked worker inherits the tagger if it was loaded before. To any other worker the task alone is sent, and the
    tagger is loaded there from its file, whose arrays are mapped and shared by all processes of a machine.
    """

    def __init__(self, task: TagTask):
        self.task = task
        self._tagger: Tagger | None = None

    def load(self) -> Tagger:
        """Return the tagger; its file is read at the first call in a process."""
        keep_freed_memory()
        if self._tagger is None:
            self._tagger = Tagger.load(self.task.model, self.task.cache_mb)
        return self._tagger

    def __reduce__(self) -> tuple[Any, ...]:
        return SharedTagger, (self.task,)


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
    if jobs == 1 or not can_be_cut(stream, task.name, task.input_format):
        for text, tokens in tag_text(tagger, task, stream):
            yield text.encode(), tokens
        return
    engine = LocalEngine(jobs)
    if tagger.model.reads_documents and task.input_format not in TEXT_READERS:
        # Where a stretch ends is known when the sentences before it are read. So this process reads them all.
        tagged = engine.map_in_order(_sentence_tagger, _read_ahead(tagger, task, stream), shared)
    else:
        shards = cut_shards(stream, task.name, columns=task.input_format in ENDED_BY_BLANK_LINES)
        tagged = engine.map_in_order(_shard_tagger, shards, shared)
    with closing(tagged) as results:
        for _, result in results:
            if isinstance(result, Failure):
                raise _error(task, result)
            yield result


def tag_text(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int = 1, memory: Memory | None = None
) -> Iterator[tuple[str, int]]:
    """Yield the tagged text of a stream in this process, piece by piece, each with its number of tokens.

    Parameters
    ----------
    tagger, task
        Model and options.
    stream
        Bytes.
    first_line
        Number of the stream's first line, for error messages.
    memory
        Distinct rows of earlier streams, or of earlier shards of this one.
    """
    if task.output_format == SPANS:
        for texts, tokens in find_documents(tagger, task, stream, first_line):
            yield "".join(map(span_line, texts)), tokens
        return
    for is_block, group in groupby(_read_items(tagger, task, stream, first_line, memory or Memory()), _is_block):
        if is_block:
            yield from (_tag_block(tagger, task, block) for block in cast(Iterator[Block | DocumentBlock], group))
        else:
            for sentences, documents in cut_sentences(tagger, cast(Iterator[ReadSentence], group)):
                yield _tag_sentences(tagger, task, sentences, documents)


def _is_block(item: ReadSentence | Block | DocumentBlock) -> bool:
    return isinstance(item, Block | DocumentBlock)


def _tag_sentences(
    tagger: Tagger, task: TagTask, sentences: Sequence[Sentence], documents: Indices | None
) -> tuple[str, int]:
    """Return the text of tagged sentences, and their number of tokens; see `Tagger.predict`."""
    if task.output_format == SPANS:
        texts, tokens = tag_sentences(tagger, sentences, documents, task.min_probability)
        return "".join(map(span_line, texts)), tokens
    write = WRITERS[task.output_format]
    prediction = tagger.predict([sentence.tokens for sentence in sentences], documents)
    prediction = prediction.without_improbable(task.min_probability)
    names = prediction.tag_names(task.scheme)
    edges = list(pairwise(prediction.offsets.tolist()))
    p = prediction.probabilities.tolist() if task.scores else None
    scores = [None if p is None else p[start:end] for start, end in edges]
    return "".join(map(write, sentences, names, scores)), len(prediction.tags)


def _tag_block(tagger: Tagger, task: TagTask, item: Block | DocumentBlock) -> tuple[str, int]:
    """Return the text of a tagged block, and its number of tokens."""
    block, documents = item if isinstance(item, DocumentBlock) else (item, None)
    prediction = tagger.predict_numbered(block.numbered_tokens(), documents).without_improbable(task.min_probability)
    scores = prediction.probabilities if task.scores else None
    return block.text(NewColumns(*prediction.number_tags(task.scheme), scores)), len(prediction.tags)


def find_documents(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int = 1
) -> Iterator[tuple[list[Document], int]]:
    """Yield the texts of a stream with their entities, some at a time, with their number of tokens."""
    if task.input_format in TEXT_READERS:
        texts = TEXT_READERS[task.input_format](stream, task.name, first_line)
        yield from tag_texts(tagger, texts, task.min_probability)
        return
    for sentences, documents in cut_sentences(tagger, _read_sentences(tagger, task, stream, first_line)):
        yield tag_sentences(tagger, sentences, documents, task.min_probability)


def settle_formats(task: TagTask, stream: BinaryIO, token_column: int) -> tuple[TagTask, BinaryIO]:
    """Return the task with the formats that it left open, and the stream from its first byte on.

    A file or a pipe is what its content says; `.conll` and a column of tokens exclude lines of text. `token_column` is
    that of the model's training files.

    Raises
    ------
    DataError
        If the content is neither clearly columns nor clearly text.
    """
    form, stream = recognise_stream(stream, task.name, task.input_format, has_columns=bool(task.token_column))
    written = task.output_format or {"jsonl": "jsonl", "records": SPANS, SPANS: SPANS}.get(form, "columns")
    column = token_column if task.token_column is None else task.token_column
    if form not in TEXT_READERS:
        column = token_column_of(stream, task.name, form, column)
    return replace(task, input_format=form, output_format=written, token_column=column), stream


def _read_items(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int, memory: Memory
) -> Iterator[ReadSentence | Block | DocumentBlock]:
    """Read a stream in blocks, if its format has them and the output is columns; otherwise in sentences."""
    reads_documents = tagger.model.reads_documents
    if (
        task.output_format != COLUMNS
        or task.input_format in TEXT_READERS
        or (reads_documents and task.input_format != COLUMNS)
    ):
        yield from _read_sentences(tagger, task, stream, first_line)
        return
    column = task.token_column or 0
    blocks = stream_blocks(stream, task.name, task.input_format, memory, token_column=column, first_line=first_line)
    items: Iterator[Sentence | Block | DocumentBlock] = blocks
    if reads_documents:
        stretch = tagger.model.config.model.stretch
        items = document_blocks(cast(Iterator[Sentence | RowBlock], blocks), stretch)
    for item in items:
        yield (item, item.is_document_start) if isinstance(item, Sentence) else item


def _read_sentences(tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int) -> Iterator[ReadSentence]:
    """Read the sentences of a stream of any format. Yield each one, and whether it opens a document."""
    if task.input_format in TEXT_READERS:
        return read_texts(tagger, stream, task.name, task.input_format, first_line)
    column = task.token_column or 0
    sentences = stream_sentences(stream, task.name, task.input_format, token_column=column, first_line=first_line)
    return ((sentence, sentence.is_document_start) for sentence in sentences)


def _shard_tagger(shared: SharedTagger) -> Callable[[Shard], tuple[bytes, int]]:
    """Return what a worker does with each shard."""
    return partial(_tag_shard, shared.load(), shared.task, Memory())


def _tag_shard(tagger: Tagger, task: TagTask, memory: Memory, shard: Shard) -> tuple[bytes, int]:
    pieces = list(tag_text(tagger, task, io.BytesIO(shard.data), shard.first_line, memory))
    return "".join(text for text, _ in pieces).encode(), sum(tokens for _, tokens in pieces)


def _read_ahead(tagger: Tagger, task: TagTask, stream: BinaryIO) -> Iterator[Read]:
    """Yield the sentences of a stream for workers. An error of the text is the last item, in its place."""
    try:
        yield from cut_sentences(tagger, _read_sentences(tagger, task, stream, 1))
    except DataError as error:
        yield error


def _sentence_tagger(shared: SharedTagger) -> Callable[[Read], tuple[bytes, int]]:
    """Return what a worker does with what `_read_ahead` read."""
    return partial(_tag_read, shared.load(), shared.task)


def _tag_read(tagger: Tagger, task: TagTask, read: Read) -> tuple[bytes, int]:
    if isinstance(read, DataError):
        raise read
    text, tokens = _tag_sentences(tagger, task, *read)
    return text.encode(), tokens


def _error(task: TagTask, failure: Failure) -> Exception:
    """Return the exception for a shard that failed: a user's error again, or what is known of any other."""
    if failure.type == "WorkerDied":
        return EngineError(f"{task.name}: {failure.message}")
    return failure.user_error or RuntimeError(f"{failure.type}: {failure.message}\n{failure.traceback}")
