"""From a stream of text to tagged text in this process, piece by piece: in blocks where they can be read.

A format that has blocks is read in blocks if they become the output. Otherwise it is read sentence by sentence.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby, islice, repeat
from typing import BinaryIO, cast

from windowner.arrays import Indices
from windowner.errors import read_from
from windowner.formats.blocks import Block
from windowner.formats.distinct import Memory
from windowner.formats.probabilities import rounded
from windowner.formats.record_writing import SPANS, span_lines, tag_lines
from windowner.formats.row_writing import NewColumns
from windowner.formats.streaming import stream_blocks, stream_sentences
from windowner.formats.table import JSON_LINES, PARQUET, WRITERS, find_format
from windowner.formats.texts import TEXT_READERS
from windowner.tagger.prediction import Prediction
from windowner.tagger.tagger import Tagger
from windowner.tagging.document_blocks import DocumentBlock, document_blocks
from windowner.tagging.document_writers import document_writer
from windowner.tagging.parquet_rows import tag_chunk, tag_parquet
from windowner.tagging.task import TagTask
from windowner.tagging.texts import (
    ReadSentence,
    cut_sentences,
    joined,
    read_blocks_of_texts,
    read_texts,
    tag_sentences,
    tag_text_blocks,
    tag_texts,
    tags_and_scores,
)
from windowner.text.document import Document
from windowner.text.sentence import Sentence


def tag_text(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int = 1, memory: Memory | None = None
) -> Iterator[tuple[bytes, int]]:
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
    with read_from(task.name):
        yield from _pieces(tagger, task, stream, first_line, memory or Memory())


def _pieces(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int, memory: Memory
) -> Iterator[tuple[bytes, int]]:
    """Yield what `tag_text` yields, from the reader and in the form that the formats ask for."""
    if task.output_format == PARQUET:
        yield from tag_parquet(tagger, task, stream, partial(map, partial(tag_chunk, tagger, task)))
        return
    if task.output_format == SPANS and task.input_format in TEXT_READERS:
        blocks = read_blocks_of_texts(stream, task.name, task.input_format, first_line)
        yield from tag_text_blocks(tagger, blocks, task.min_probability)
        return
    if task.input_format in TEXT_READERS and (write := document_writer(task.output_format, tagger)) is not None:
        for texts, tokens in find_documents(tagger, task, stream, first_line):
            yield write(texts), tokens
        return
    for is_block, group in groupby(_read_items(tagger, task, stream, first_line, memory), _is_block):
        if is_block:
            yield from (_tag_block(tagger, task, block) for block in cast(Iterator[Block | DocumentBlock], group))
        else:
            for sentences, documents in cut_sentences(tagger, cast(Iterator[ReadSentence], group), task.stretch):
                yield tag_cut(tagger, task, sentences, documents)


def find_documents(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int = 1
) -> Iterator[tuple[list[Document], int]]:
    """Yield the texts of a stream with their entities, some at a time, with their number of tokens."""
    if task.input_format in TEXT_READERS:
        texts = TEXT_READERS[task.input_format](stream, task.name, first_line)
        yield from tag_texts(tagger, texts, task.min_probability)
        return
    for sentences, documents in cut_sentences(tagger, read_to_tag(tagger, task, stream, first_line)):
        yield tag_sentences(tagger, sentences, documents, task.min_probability)


def tag_cut(
    tagger: Tagger, task: TagTask, sentences: Sequence[Sentence], documents: Indices | None
) -> tuple[bytes, int]:
    """Return the text of tagged sentences, and their number of tokens; see `Tagger.predict`."""
    if (write_text := document_writer(task.output_format, tagger)) is not None:
        texts, tokens = tag_sentences(tagger, sentences, documents, task.min_probability)
        return write_text(texts), tokens
    write = WRITERS[task.output_format]
    prediction = tagger.predict([sentence.tokens for sentence in sentences], documents)
    if task.tag_probabilities:
        sentences = _with_probabilities(sentences, prediction)
    prediction = prediction.without_improbable(task.min_probability)
    names, scores = tags_and_scores(prediction, task.scheme)
    written = map(write, sentences, names, scores if task.scores else repeat(None))
    return "".join(written).encode(), len(prediction.tags)


def _with_probabilities(sentences: Sequence[Sentence], prediction: Prediction) -> list[Sentence]:
    """Return sentences with the probabilities of their tags. Marks of documents stay as they are."""
    probabilities = iter(rounded(prediction.log_marginals, prediction.model.tags.names))
    return [each._replace(probabilities=list(islice(probabilities, len(each.tokens)))) for each in sentences]


def _tag_block(tagger: Tagger, task: TagTask, item: Block | DocumentBlock) -> tuple[bytes, int]:
    """Return the text of a tagged block, and its number of tokens."""
    block, documents = item if isinstance(item, DocumentBlock) else (item, None)
    prediction = tagger.predict_numbered(block.numbered_tokens(), documents)
    if task.output_format == SPANS:
        records, sentences = block.untagged()
        texts, found = joined(sentences, prediction, task.min_probability)
        return span_lines(records, texts, found.by_text), found.tokens
    prediction = prediction.without_improbable(task.min_probability)
    scores = prediction.probabilities if task.scores else None
    new = NewColumns(*prediction.number_tags(task.scheme), scores)
    written = tag_lines(*block.untagged(), new) if task.output_format == JSON_LINES else block.written(new)
    return written, len(prediction.tags)


def _is_block(item: ReadSentence | Block | DocumentBlock) -> bool:
    return isinstance(item, Block | DocumentBlock)


def _reads_blocks(task: TagTask) -> bool:
    """Return whether a stream is read in blocks: its format has them, and they become the output."""
    return (
        task.input_format not in TEXT_READERS
        and not task.tag_probabilities
        and task.output_format in find_format(task.input_format).blocks_become
    )


def _read_items(
    tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int, memory: Memory
) -> Iterator[ReadSentence | Block | DocumentBlock]:
    """Read a stream in blocks, or in sentences."""
    if not _reads_blocks(task):
        yield from read_to_tag(tagger, task, stream, first_line)
        return
    column, options = task.token_column or 0, task.options_from(first_line)
    blocks = stream_blocks(stream, task.name, task.input_format, memory, token_column=column, options=options)
    items: Iterator[Sentence | Block | DocumentBlock] = blocks
    if tagger.model.reads_documents:
        stretch = task.stretch or tagger.model.config.model.stretch
        items = document_blocks(blocks, stretch)
    for item in items:
        yield (item, item.is_document_start) if isinstance(item, Sentence) else item


def read_to_tag(tagger: Tagger, task: TagTask, stream: BinaryIO, first_line: int) -> Iterator[ReadSentence]:
    """Read the sentences of a stream of any format. Yield each one, and whether it opens a document."""
    if task.input_format in TEXT_READERS:
        return read_texts(tagger, stream, task.name, task.input_format, first_line)
    column, options = task.token_column or 0, task.options_from(first_line)
    sentences = stream_sentences(stream, task.name, task.input_format, token_column=column, options=options)
    return ((sentence, sentence.is_document_start) for sentence in sentences)
