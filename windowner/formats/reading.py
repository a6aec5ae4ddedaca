"""Reading a file or a stream of any format: as a stream of sentences, or whole, as a corpus."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from windowner.errors import DataError
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.table import find_format, format_of
from windowner.text.detection import detect, find_ill_formed
from windowner.text.schemes import Scheme
from windowner.text.sentence import Corpus, Sentence
from windowner.text.spans import EncodedTags, encode_tags, start_tokens

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
        Name of a format, such as `columns`.
    token_column, tag_column, first_line
        See `ReadOptions`; by default tags are not read.

    Raises
    ------
    DataError
        If the text cannot be read.
    ValueError
        If there is no such format, or both columns are the same.
    """
    return find_format(format).read(stream, name, ReadOptions(token_column, tag_column, first_line))


def read_sentences(path: str | Path, *, token_column: int = 0, tag_column: int = -1) -> Iterator[Sentence]:
    """Read the labelled sentences of a file, `-DOCSTART-` lines included, in constant memory.

    Raises
    ------
    DataError
        If the file cannot be opened or read.
    """
    with open_input(path) as stream:
        yield from stream_sentences(
            stream, str(path), format_of(path), token_column=token_column, tag_column=tag_column
        )


def read_corpus(path: str | Path, *, token_column: int = 0, tag_column: int = -1) -> Corpus:
    """Read a labelled file whole, and detect its scheme.

    Parameters
    ----------
    path
        A column file or JSON Lines. Either one may be compressed (`.gz`).
    token_column, tag_column
        For column files; 0 is the first column, -1 the last.

    Raises
    ------
    DataError
        If the file cannot be read, is empty, or mixes schemes.
    """
    sentences, document_starts = _part_documents(read_sentences(path, token_column=token_column, tag_column=tag_column))
    if not sentences:
        raise DataError(f"{path}:1: no tokens, expected labelled sentences")
    encoded = encode_tags([sentence.tags or [] for sentence in sentences])
    try:
        scheme = detect(encoded)
    except ValueError as error:
        raise DataError(f"{path}: {error}") from None
    reports = _report_ill_formed(str(path), sentences, encoded, scheme)
    return Corpus(
        path=str(path),
        sentences=sentences,
        document_starts=document_starts,
        scheme=scheme,
        ill_formed=find_ill_formed(encoded, scheme).total,
        ill_formed_examples=list(islice(reports, MAX_EXAMPLES)),
    )


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
