"""Reading a file or a stream of any format: as a stream of sentences, or whole, as a corpus."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.aligning import sentences_of_documents
from windowner.formats.blocks import Block
from windowner.formats.brat import read_brat
from windowner.formats.distinct import Memory
from windowner.formats.lines import BLOCK_SIZE
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO, is_brat, sniff
from windowner.formats.reports import describe_long_sentence, describe_no_tokens, report_ill_formed
from windowner.formats.table import Format, find_format
from windowner.text.detection import detect, find_ill_formed
from windowner.text.document import Document
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import encode_tags

MAX_EXAMPLES = 5
"""This many ill-formed tags are reported one by one."""


def stream_sentences(
    stream: BinaryIO,
    name: str,
    format: str,
    *,
    token_column: int = 0,
    tag_column: int | None = None,
    first_line: int = 1,
) -> Iterator[Sentence]:
    """Read sentences to be tagged from a file or a pipe, in order and in constant memory.

    Parameters
    ----------
    stream
        Bytes; `open_input` opens files.
    name
        Name of the stream, for error messages.
    format
        Name of a format, such as `columns`; `auto` if its content says it.
    token_column, tag_column, first_line
        See `ReadOptions`; by default tags are not read.

    Raises
    ------
    DataError
        If the text cannot be read.
    ValueError
        If there is no such format, or both columns are the same.
    """
    options = ReadOptions(token_column, tag_column, first_line)
    if first_line == 1:
        format, options = sniff(stream, name, format, options)
    return as_sentences(_items(stream, name, find_format(format), options), name, options)


def stream_blocks(
    stream: BinaryIO, name: str, format: str, memory: Memory, *, token_column: int = 0, first_line: int = 1
) -> Iterator[Sentence | Block]:
    """Read what `stream_sentences` reads, in blocks where the format has them.

    Parameters
    ----------
    stream, name, format, token_column, first_line
        See `stream_sentences`.
    memory
        Distinct pieces of earlier streams.

    Raises
    ------
    DataError
        If the text cannot be read.
    """
    options = ReadOptions(token_column, None, first_line)
    if first_line == 1:
        format, options = sniff(stream, name, format, options)
    found = find_format(format)
    if found.read_blocks is not None:
        return iter(found.read_blocks(stream, name, options, BLOCK_SIZE, memory))
    return iter(as_sentences(_items(stream, name, found, options), name, options))


def read_sentences(
    path: str | Path,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    format: str = AUTO,
    encoding: str = "",
    tag_names: Sequence[str] = (),
    tokenizer: str = AUTO,
) -> Iterator[Sentence]:
    """Read the labelled sentences of a file, document marks included, in constant memory; see `read_corpus`.

    Raises
    ------
    DataError
        If the file cannot be opened or read.
    """
    options = ReadOptions(token_column, tag_column, tag_names=tuple(tag_names), tokenizer=tokenizer)
    return labelled_sentences(path, format, encoding, options)


def labelled_sentences(path: str | Path, format: str, encoding: str, options: ReadOptions) -> Iterator[Sentence]:
    """Read the labelled sentences of a file with these options, to whose notes the reader adds."""
    return as_sentences(read_items(path, format, encoding, options), str(path), options, is_brat(path, format))


def read_items(
    path: str | Path, format: str, encoding: str, options: ReadOptions
) -> Iterator[Sentence] | Iterator[Document]:
    """Read a file as what its format holds: sentences, or documents.

    Parameters
    ----------
    path
        A file, or a folder of brat files.
    format
        Name of the format; `auto` if the content says it.
    encoding
        Encoding of the text; "" is UTF-8.
    options
        How the file is read.

    Raises
    ------
    DataError
        If the file cannot be opened or read.
    """
    if is_brat(path, format):
        yield from read_brat(Path(path), encoding, options)
        return
    with open_input(path, encoding) as stream:
        format, options = sniff(stream, str(path), format, options)
        yield from _items(stream, str(path), find_format(format), options)


def read_corpus(
    path: str | Path,
    *,
    token_column: int = 0,
    tag_column: int = -1,
    format: str = AUTO,
    encoding: str = "",
    tag_names: Sequence[str] = (),
    tokenizer: str = AUTO,
) -> Corpus:
    """Read a labelled file whole, and detect its scheme.

    Parameters
    ----------
    path
        A file of any format, which may be compressed; or a folder of brat files.
    token_column, tag_column
        For column files; 0 is the first column, -1 the last.
    format
        Name of the format, such as `columns`; `auto` if the content says it.
    encoding
        Encoding of the text; "" is UTF-8, or what the byte order mark says.
    tag_names
        Names of the tags that the file writes as numbers.
    tokenizer
        Name of what finds the tokens of text with spans; `auto` for what fits its letters.

    Raises
    ------
    DataError
        If the file cannot be read, is empty, or mixes schemes.
    """
    options = ReadOptions(token_column, tag_column, tag_names=tuple(tag_names), tokenizer=tokenizer)
    return _corpus(str(path), labelled_sentences(path, format, encoding, options), options)


def _corpus(path: str, stream: Iterable[Sentence], options: ReadOptions) -> Corpus:
    """Return the sentences of a file as a corpus."""
    sentences, document_starts = _part_documents(stream)
    if not sentences:
        raise DataError(describe_no_tokens(path, options))
    encoded = encode_tags([sentence.tags or [] for sentence in sentences])
    try:
        scheme = detect(encoded)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    reports = report_ill_formed(path, sentences, encoded, scheme)
    if long := describe_long_sentence(sentences):
        options.note(long)
    return Corpus(
        path=path,
        sentences=sentences,
        document_starts=document_starts,
        scheme=scheme,
        ill_formed=find_ill_formed(encoded, scheme).total,
        ill_formed_examples=list(islice(reports, MAX_EXAMPLES)),
        tokenizer=options.found[0] if options.found else "",
        notes=options.all_notes(),
    )


def as_sentences(
    items: Iterator[Sentence] | Iterator[Document], name: str, options: ReadOptions, are_files: bool = False
) -> Iterator[Sentence]:
    """Return sentences as they are, and documents as sentences.

    Parameters
    ----------
    items
        What `read_items` gives.
    name
        Name of the file, for error messages.
    options
        Tokenizer; notes are added.
    are_files
        Whether each document is a file.
    """
    first = next(items, None)
    if first is None:
        return iter(())
    if isinstance(first, Sentence):
        return chain([first], cast(Iterator[Sentence], items))
    documents: Iterator[Document] = chain([cast(Document, first)], cast(Iterator[Document], items))
    return sentences_of_documents(documents, name, options, are_files=are_files)


def _items(
    stream: BinaryIO, name: str, format: Format, options: ReadOptions
) -> Iterator[Sentence] | Iterator[Document]:
    if options.tagged and not format.has_tags:
        raise DataError(f"{name}: the format {format.name} has no tags, expected a format of labelled text")
    if format.read is not None:
        return format.read(stream, name, options)
    if format.read_documents is not None:
        return format.read_documents(stream, name, options)
    raise DataError(f"{name}: {format.name} is read from a folder, or from a file beside its other one")


def _part_documents(stream: Iterable[Sentence]) -> tuple[list[Sentence], list[int]]:
    """Return the sentences that have tokens, and the indices of those that open a document."""
    sentences: list[Sentence] = []
    document_starts: list[int] = []
    for sentence in stream:
        if sentence.tokens:
            sentences.append(sentence)
        elif sentence.is_document_start:
            document_starts.append(len(sentences))
    # Two marks in a row, or a mark at the end, make a document without sentences, which is left out.
    return sentences, [start for start in dict.fromkeys(document_starts) if start < len(sentences)]
