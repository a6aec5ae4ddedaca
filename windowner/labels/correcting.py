"""Corrected files: decisions are written into copies of the labelled files, each in its own format.

Column files and JSON Lines keep every byte that no decision is about: comments, other columns, line ends, compression.
Label Studio's files and brat folders are written anew from what was read.
"""

import codecs
import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from windowner.config.config import Config
from windowner.errors import DataError
from windowner.files import write_whole, written_whole
from windowner.formats.items import read_items
from windowner.formats.opening import BYTE_ORDER_MARKS, open_input
from windowner.formats.options import ReadOptions
from windowner.formats.packing import packed
from windowner.formats.reading import read_corpus
from windowner.formats.recognition import is_brat, sniff
from windowner.formats.table import BRAT, COLUMNS, FORMATS, SPANS
from windowner.formats.writing import write_documents
from windowner.labels.corrected_records import (
    Changes,
    SpanChange,
    corrected_span_records,
    corrected_token_records,
    span_changes,
)
from windowner.labels.corrected_rows import corrected_rows
from windowner.labels.decisions import Decision, changed_entities, entities_text
from windowner.labels.labelled_text import read_labelled_files
from windowner.links import refuse_links
from windowner.text.document import Document
from windowner.text.sentence import Corpus
from windowner.text.token_spans import sentence_spans

CONVERT = "windowner convert writes it as JSON Lines, which can be reviewed and corrected"
GZIP = b"\x1f\x8b"


def write_corrected_files(config: Config, decisions: Sequence[Decision], folder: Path) -> Iterator[tuple[Path, int]]:
    """Write corrected copies of a config's labelled files into a folder.

    Each is yielded with the number of its sentences that change. All decisions are checked before anything is written.

    Raises
    ------
    DataError
        A decision does not fit the labelled text, a label would be read as something else, or a file cannot be read,
        corrected or written.
    """
    corpora, reading = read_labelled_files(config)
    names = [Path(path).name for path in corpora]
    if len(set(names)) < len(names):
        raise DataError(f"{', '.join(corpora)}: the same name twice, expected names that fit into one folder")
    changes = changed_entities(decisions, corpora)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, corpus in corpora.items():
            write_corrected(corpus, changes.get(path, {}), reading, folder / Path(path).name)
            yield folder / Path(path).name, len(changes.get(path, {}))
    except OSError as error:
        raise DataError(f"{folder}: cannot be written: {error.strerror}") from None


def write_corrected(corpus: Corpus, changes: Changes, reading: Mapping[str, Any], target: Path) -> None:
    """Write a labelled file with other entities; without changes, copy it.

    Parameters
    ----------
    corpus
        What was read from the file.
    changes
        New entities of sentences, by number.
    reading
        How it was read: arguments of `read_corpus`.
    target
        The new file. Its folder must exist.

    Raises
    ------
    DataError
        Files of this format cannot be corrected, or a label does not stand where it was read.
    """
    source = Path(corpus.path)
    refuse_links(target)
    if target.exists() and target.samefile(source):
        raise DataError(f"{target}: would be written onto itself, expected another folder")
    if source.is_file() and is_brat(source, reading["format"]):
        raise DataError(f"{source}: one pair of files of brat, expected their folder; name the folder in the config")
    if not changes and source.is_file():
        write_whole(target, source.read_bytes())
        return
    format, options = _options(source, reading)
    if format == BRAT or format == "label-studio":
        _write_documents(corpus, changes, format, options, reading, target)
        return
    encoding = reading.get("encoding", "")
    raw = source.read_bytes()
    content = gzip.decompress(raw) if raw.startswith(GZIP) else raw
    text, encoding = _decoded(content, encoding, source)
    corrected = _corrected(text, corpus, changes, format, options).encode(encoding)
    with written_whole(target) as unfinished:
        unfinished.write_bytes(packed(corrected) if raw.startswith(GZIP) else corrected)
        _check(unfinished, corpus, changes, {**reading, "format": format})


def _options(source: Path, reading: Mapping[str, Any]) -> tuple[str, ReadOptions]:
    """Return the format of a file, and the options with what its beginning says."""
    options = ReadOptions(
        reading["token_column"],
        reading["tag_column"],
        tag_names=tuple(reading["tag_names"]),
        tokenizer=reading["tokenizer"],
    )
    if is_brat(source, reading["format"]):
        return BRAT, options
    with open_input(source, reading["encoding"]) as stream:
        return sniff(stream, str(source), reading["format"], options)


def _corrected(text: str, corpus: Corpus, changes: Changes, format: str, options: ReadOptions) -> str:
    """Return the text of a file with other entities."""
    if format == COLUMNS:
        return corrected_rows(text, corpus, changes, options)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        if format == "jsonl":
            return corrected_token_records(text, corpus, changes, options)
        if format == SPANS:
            documents = _documents(corpus, format, "", options)
            spans = span_changes(documents, corpus, changes)
            by_line = {documents[number].line: change for number, change in spans.items()}
            return corrected_span_records(text, by_line, corpus.path)
    raise DataError(f"{corpus.path}: a file of the format {format}, which cannot be corrected in place; {CONVERT}")


def _check(path: Path, corpus: Corpus, changes: Changes, reading: Mapping[str, Any]) -> None:
    """Read a corrected file again; refuse labels that come back as something else, such as one with a form feed."""
    try:
        found = read_corpus(path, **reading)
    except DataError as error:
        reason = str(error).replace(str(path), "the corrected file")
        raise DataError(f"{corpus.path}: the format {reading['format']} cannot hold the labels: {reason}") from None
    before, after = sentence_spans(corpus.tags), sentence_spans(found.tags)
    for number, sentence in enumerate(corpus.sentences):
        expected = sorted(changes.get(number, before[number]))
        read = sorted(after[number]) if number < len(after) else []
        if number in changes and reading["format"] == SPANS:
            read = [span for span in read if span in expected]  # a shorter span may appear where one was taken out
        if read != expected or found.tokens[number] != sentence.tokens:
            raise DataError(
                f"{corpus.path}:{sentence.line}: its entities would be {entities_text(expected)}, and would be read as "
                f"{entities_text(read)}; choose labels that the format {reading['format']} can hold"
            )


def _documents(corpus: Corpus, format: str, encoding: str, options: ReadOptions) -> list[Document]:
    """Read the documents of a file again."""
    items = read_items(corpus.path, format, encoding, options)
    return [item for item in items if isinstance(item, Document)]


def _write_documents(
    corpus: Corpus, changes: Changes, format: str, options: ReadOptions, reading: Mapping[str, Any], target: Path
) -> None:
    """Write documents with other spans."""
    documents = _documents(corpus, format, reading["encoding"], options)
    spans = span_changes(documents, corpus, changes)
    corrected = [_with_spans(document, spans.get(number), corpus.path) for number, document in enumerate(documents)]
    write_documents(target, FORMATS[format], corrected)


def _with_spans(document: Document, change: SpanChange | None, path: str) -> Document:
    """Return a document with a change of its spans."""
    if change is None:
        return document
    spans = change.applied(document.spans or [], f"{path}:{document.line}")
    return replace(document, spans=spans)


def _decoded(content: bytes, encoding: str, source: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding; encoding the text gives the same bytes."""
    marked = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    if marked:
        marked += "-le" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE)) else "-be"
    name = marked or encoding or "utf-8"
    try:
        text = content.decode(name)
        if text.encode(name) == content:
            return text, name
    except (UnicodeError, LookupError):
        pass
    raise DataError(f"{source}: its text cannot be written back as {name}; {CONVERT}")
