"""Reading a file or a stream of any format: as a stream of sentences, or whole, as a corpus."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from windowner.errors import DataError
from windowner.formats.aligning import sentences_of_documents
from windowner.formats.brat import read_brat
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.sniffing import AUTO, is_brat, sniff
from windowner.formats.table import Format, find_format
from windowner.text.detection import detect, find_ill_formed
from windowner.text.document import Document
from windowner.text.schemes import Scheme
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import EncodedTags, encode_tags, start_tokens

MAX_EXAMPLES = 5
"""This many ill-formed tags are reported one by one."""

LONG, LONG_ALONE = 500, 50
"""A sentence of more tokens, or of more where it is the only one, is reported."""


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
    return _as_sentences(_items(stream, name, find_format(format), options), name, options)


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
    return _as_sentences(read_items(path, format, encoding, options), str(path), options, is_brat(path, format))


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
    sentences, document_starts = _part_documents(labelled_sentences(path, format, encoding, options))
    if not sentences:
        raise DataError(f"{path}:1: no tokens, expected labelled sentences")
    encoded = encode_tags([sentence.tags or [] for sentence in sentences])
    try:
        scheme = detect(encoded)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    reports = _report_ill_formed(str(path), sentences, encoded, scheme)
    if long := describe_long_sentence(sentences):
        options.note(long)
    return Corpus(
        path=str(path),
        sentences=sentences,
        document_starts=document_starts,
        scheme=scheme,
        ill_formed=find_ill_formed(encoded, scheme).total,
        ill_formed_examples=list(islice(reports, MAX_EXAMPLES)),
        tokenizer=options.found[0] if options.found else "",
        notes=options.all_notes(),
    )


def describe_long_sentence(sentences: Sequence[Sentence]) -> str:
    """Say where the longest sentence is, if it is so long that blank lines may be missing; "" otherwise."""
    longest = max(sentences, key=lambda sentence: len(sentence.tokens))
    if len(longest.tokens) <= (LONG_ALONE if len(sentences) == 1 else LONG):
        return ""
    return f"a sentence of {len(longest.tokens):,} tokens at line {longest.line}: are blank lines missing?"


def _as_sentences(
    items: Iterator[Sentence] | Iterator[Document], name: str, options: ReadOptions, are_files: bool = False
) -> Iterator[Sentence]:
    """Return sentences as they are, and documents as sentences."""
    first = next(items, None)
    if first is None:
        return iter(())
    if isinstance(first, Sentence):
        return chain([first], cast(Iterator[Sentence], items))
    documents = chain([first], cast(Iterator[Document], items))
    return sentences_of_documents(documents, name, options, are_files=are_files)


def _items(
    stream: BinaryIO, name: str, format: Format, options: ReadOptions
) -> Iterator[Sentence] | Iterator[Document]:
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


def _report_ill_formed(path: str, sentences: list[Sentence], encoded: EncodedTags, scheme: Scheme) -> Iterator[str]:
    """Describe each ill-formed tag, in order, and how it is read."""
    tokens, ends = find_ill_formed(encoded, scheme)
    starts = start_tokens(encoded.prefixes, encoded.type_ids, encoded.first)
    sentence_starts = np.flatnonzero(encoded.first)
    for token, at_end in sorted([(int(token), False) for token in tokens] + [(int(token), True) for token in ends]):
        index = int(np.searchsorted(sentence_starts, token, side="right")) - 1
        place = token - int(sentence_starts[index])
        tags = sentences[index].tags or []
        reading = "start" if starts[token] and not at_end else "end"
        yield (
            f"{path}:{sentences[index].line_of(place)}: {tags[place]} {_position(tags, place, at_end)} "
            f"is not {scheme.name}, read as the {reading} of an entity"
        )


def _position(tags: list[str], place: int, at_end: bool) -> str:
    """Describe the neighbour that makes a tag ill-formed."""
    if at_end:
        return "at the end of a sentence"
    return f"after {tags[place - 1]}" if place else "at the start of a sentence"
