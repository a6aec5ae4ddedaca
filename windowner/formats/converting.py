"""From a labelled file of any format to one of any format that is written, and what could not be carried over."""

from collections.abc import Iterator
from itertools import chain
from typing import cast

from windowner.errors import DataError, read_from
from windowner.formats.aligning import aligned_documents, sentences_of_documents
from windowner.formats.carried import (
    Conversion,
    counted_documents,
    documents_of_sentences,
    numbered_sentences,
    plain_sentences,
    without_empty_tokens,
)
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO
from windowner.formats.reports import describe_no_tokens
from windowner.formats.table import FORMATS, SPACY, SUFFIXES, Format, suffix_of
from windowner.formats.writing import write_documents, write_sentences
from windowner.stores.address import AnyPath, name_of
from windowner.stores.paths import are_same
from windowner.text.document import Document
from windowner.text.sentence import Sentence


def convert_file(
    source: AnyPath,
    target: AnyPath,
    options: ReadOptions,
    *,
    source_format: str = AUTO,
    target_format: str = AUTO,
    encoding: str = "",
) -> Conversion:
    """Read a labelled file, and write it in another format.

    Parameters
    ----------
    source, target
        The files, or addresses of files; either one is a folder for brat.
    options
        How the file is read.
    source_format
        Format of `source`; `auto` for what its content says.
    target_format
        Format of `target`; `auto` for what its suffix says.
    encoding
        Encoding of `source`; "" is UTF-8.

    Raises
    ------
    DataError
        If a file cannot be read or written, or the name of `target` does not say its format.
    """
    to = _target(target, target_format)
    if are_same(source, target):
        raise DataError(f"{target}: would be written onto itself, expected another name")
    done = Conversion()
    items = read_items(source, source_format, encoding, options)
    first = next(items, None)
    if first is None:
        raise DataError(describe_no_tokens(str(source), options))
    with read_from(name_of(source)):
        if isinstance(first, Document):
            documents: Iterator[Document] = chain([first], cast(Iterator[Document], items))
            _convert_documents(documents, source, target, to, options, done)
        else:
            _convert_sentences(chain([cast(Sentence, first)], cast(Iterator[Sentence], items)), target, to, done)
    done.notes = (*options.all_notes(), *done.notes)
    return done


def _convert_sentences(sentences: Iterator[Sentence], target: AnyPath, to: Format, done: Conversion) -> None:
    sentences = plain_sentences(sentences, done, to)
    if to.holds_documents:
        made = documents_of_sentences(sentences, done, to)
        write_documents(target, to, without_empty_tokens(made, done) if to.name == SPACY else made)
    else:
        write_sentences(target, to, numbered_sentences(sentences, to))


def _convert_documents(
    documents: Iterator[Document], source: AnyPath, target: AnyPath, to: Format, options: ReadOptions, done: Conversion
) -> None:
    """Write documents as they are, or as sentences."""
    if to.name == SPACY:
        documents = without_empty_tokens(aligned_documents(documents, str(source), options), done)
    if to.holds_documents:
        write_documents(target, to, counted_documents(documents, done, to))
        return
    sentences = sentences_of_documents(documents, str(source), options, are_files=source.is_dir())
    write_sentences(target, to, numbered_sentences(plain_sentences(sentences, done, to), to))
    if options.found:
        done.notes = ("the white space of texts is lost, because tokens are written",)


def _target(path: AnyPath, name: str) -> Format:
    """Return the format of a file to be written."""
    if name == AUTO:
        name = SUFFIXES.get(suffix_of(path), "")
    writable = [format.name for format in FORMATS.values() if format.can_write]
    if name not in writable:
        raise DataError(f"{path}: the name does not say its format, expected --to {', '.join(writable)}")
    return FORMATS[name]
