"""A file or a stream as what its format holds: sentences, or documents; and both as sentences."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from windowner.errors import DataError
from windowner.formats.aligning import sentences_of_documents
from windowner.formats.brat import read_brat
from windowner.formats.opening import open_input
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import is_brat, sniff
from windowner.formats.table import Format, find_format
from windowner.stores.address import Address, AnyPath, name_of, path_of
from windowner.text.document import Document
from windowner.text.sentence import Sentence


def read_items(
    path: str | AnyPath, format: str, encoding: str, options: ReadOptions
) -> Iterator[Sentence] | Iterator[Document]:
    """Read a file as what its format holds: sentences, or documents.

    Parameters
    ----------
    path
        A file, the address of one, or a folder of brat files.
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
    folder = path_of(path)
    if not isinstance(folder, Address) and is_brat(folder, format):
        yield from read_brat(folder, encoding, options)
        return
    with open_input(path, encoding) as stream:
        name = name_of(path)
        format, options = sniff(stream, name, format, options)
        yield from items_of_stream(stream, name, find_format(format), options)


def items_of_stream(
    stream: BinaryIO, name: str, format: Format, options: ReadOptions
) -> Iterator[Sentence] | Iterator[Document]:
    """Read a stream of a format as what it holds: sentences, or documents.

    Raises
    ------
    DataError
        If the text cannot be read, or tags are wanted and the format has none.
    """
    if options.tagged and not format.has_tags:
        raise DataError(f"{name}: the format {format.name} has no tags, expected a format of labelled text")
    if format.read is not None:
        return format.read(stream, name, options)
    if format.read_documents is not None:
        return format.read_documents(stream, name, options)
    raise DataError(f"{name}: {format.name} is read from a folder, or from one of two files that lie beside each other")


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
