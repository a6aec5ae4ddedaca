"""Writing a file, or a folder of files, of any format, whole or not at all."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import BinaryIO

from windowner.errors import DataError
from windowner.files import write_whole, written_whole
from windowner.formats.brat import write_brat
from windowner.formats.packing import SMALL, open_output, packed
from windowner.formats.parquet import write_parquet
from windowner.formats.read_back import Written
from windowner.formats.spacy_written import docbin_bytes
from windowner.formats.table import BRAT, COMPRESSED, CSV, PARQUET, SPACY, Format
from windowner.stores.address import AnyPath
from windowner.text.document import Document
from windowner.text.sentence import Sentence
from windowner.whole_folders import folder_written_whole

CSV_HEADER = ("document", "sentence", "token", "tag")
MARK = "-DOCSTART-"


def write_sentences(path: AnyPath, format: Format, sentences: Iterable[Sentence]) -> None:
    """Write labelled sentences as a file.

    Parameters
    ----------
    path
        The file; it is compressed if its name ends in `.gz`.
    format
        A format of sentences.
    sentences
        The sentences; one without tokens begins a document.

    Raises
    ------
    DataError
        If the format cannot hold a token or a label: the file is read again before it gets its name.
    """
    with _without_surrogates(path):
        _write_sentences(path, format, sentences)


def _write_sentences(path: AnyPath, format: Format, sentences: Iterable[Sentence]) -> None:
    written = Written(format)
    if format.name == CSV:
        _write(path, _csv_pieces(written.passing(sentences)), written)
        return
    if format.name == PARQUET:
        _write_parquet(path, sentences, written)
        return
    if format.write is None:
        raise ValueError(f"{format.name} holds no sentences")
    write = format.write
    # Rows of another file would keep its columns, so they are left out.
    plain = (each if each.is_mark else each._replace(rows=[], token_rows=None) for each in sentences)
    _write(path, (write(sentence, sentence.tags or [], None) for sentence in written.passing(plain)), written)


def write_documents(path: AnyPath, format: Format, documents: Iterable[Document]) -> None:
    """Write documents as a file, or as a folder of brat files.

    Parameters
    ----------
    path
        The file; it is compressed if its name ends in `.gz`. Or the folder, which must not exist.
    format
        A format of documents.
    documents
        The documents.

    Raises
    ------
    DataError
        If the folder exists, or the format cannot hold a text or a label.
    """
    with _without_surrogates(path):
        _write_documents(path, format, documents)


def _write_documents(path: AnyPath, format: Format, documents: Iterable[Document]) -> None:
    if format.name == BRAT:
        _write_folder(path, documents, Written(format))
        return
    if format.name == SPACY:
        content = docbin_bytes(documents, str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, packed(content) if path.suffix == COMPRESSED else content)
        return
    if format.write_document is None:
        raise ValueError(f"{format.name} holds no documents")
    written = Written(format)
    _write(path, _enclosed(map(format.write_document, written.passing(documents)), format.brackets), written)


@contextmanager
def _without_surrogates(path: AnyPath) -> Iterator[None]:
    """Refuse half of a surrogate pair in what is written. No file holds one, but a string of Python may."""
    try:
        yield
    except UnicodeEncodeError as error:
        found = f"U+{ord(error.object[error.start]):04X}, half of a surrogate pair"
        raise DataError(f"{path}: {found}, expected whole characters; remove it from text and labels") from None


def _write(path: AnyPath, pieces: Iterable[str], written: Written) -> None:
    with _checked(path, written) as file:
        for piece in pieces:
            file.write(piece.encode())


def _write_parquet(path: AnyPath, sentences: Iterable[Sentence], written: Written) -> None:
    with _checked(path, written) as file:
        write_parquet(file, str(path), (each for each in written.passing(sentences) if not each.is_mark))


@contextmanager
def _checked(path: AnyPath, written: Written) -> Iterator[BinaryIO]:
    """Open a file that appears when it is complete, and when what was written is read from it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as unfinished:
        with open_output(unfinished, SMALL if path.suffix == COMPRESSED else None) as file:
            yield file
        if unfinished.is_file():  # a device or a pipe is not read again
            written.check(unfinished)


def _write_folder(folder: AnyPath, documents: Iterable[Document], written: Written) -> None:
    """Write brat files into a folder that appears when it is complete."""
    try:
        if folder.exists():
            raise FileExistsError
        with folder_written_whole(folder) as unfinished:
            write_brat(unfinished, written.passing(documents), str(folder))
            written.check(unfinished)
    except FileExistsError:
        raise DataError(f"{folder}: exists already, expected the name of a new folder for brat files") from None


def _enclosed(pieces: Iterable[str], brackets: tuple[str, str, str]) -> Iterator[str]:
    """Yield pieces with what stands before, between and behind them."""
    opening, between, closing = brackets
    yield opening
    for number, piece in enumerate(pieces):
        yield f"{between}{piece}" if number else piece
    yield closing


def _csv_pieces(sentences: Iterable[Sentence]) -> Iterator[str]:
    """Yield a header, and a row per token: numbers of document and sentence, token and tag."""
    document = number = 0
    yield ",".join(CSV_HEADER) + "\n"
    for sentence in sentences:
        if not sentence.tokens:
            document += sentence.is_document_start
            continue
        number += 1
        text = StringIO()
        rows = ((document or "", number, *pair) for pair in zip(sentence.tokens, sentence.tags or [], strict=True))
        csv.writer(text, lineterminator="\n").writerows(rows)
        yield text.getvalue()
