"""From a labelled file of any format to one of any format that is written, and what could not be carried over."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import cast

from windowner.errors import DataError
from windowner.formats.aligning import aligned_documents, sentences_of_documents
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.formats.recognition import AUTO
from windowner.formats.reports import describe_no_tokens
from windowner.formats.table import BRAT, FORMATS, JSON_LINES, PARQUET, SPACY, SUFFIXES, Format, suffix_of
from windowner.formats.writing import MARK, write_documents, write_sentences
from windowner.stores.address import AnyPath
from windowner.stores.paths import are_same
from windowner.text.conversion import document_of
from windowner.text.document import Document
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.sentence import Sentence
from windowner.text.spans import encode_tags
from windowner.text.wording import count_of

Items = Iterator[Sentence] | Iterator[Document]


@dataclass
class Conversion:
    """What was written, and what was not carried over, by its description."""

    written: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()


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
    if isinstance(first, Document):
        documents: Iterator[Document] = chain([first], cast(Iterator[Document], items))
        _convert_documents(documents, source, target, to, options, done)
    else:
        _convert_sentences(chain([cast(Sentence, first)], cast(Iterator[Sentence], items)), target, to, done)
    done.notes = (*options.all_notes(), *done.notes)
    return done


def _convert_sentences(sentences: Iterator[Sentence], target: AnyPath, to: Format, done: Conversion) -> None:
    sentences = _plain(sentences, done, to)
    if to.holds_documents:
        made = _documents(sentences, done, to)
        write_documents(target, to, _without_empty_tokens(made, done) if to.name == SPACY else made)
    else:
        write_sentences(target, to, _numbered(sentences, to))


def _convert_documents(
    documents: Iterator[Document], source: AnyPath, target: AnyPath, to: Format, options: ReadOptions, done: Conversion
) -> None:
    """Write documents as they are, or as sentences."""
    if to.name == SPACY:
        documents = _without_empty_tokens(aligned_documents(documents, str(source), options), done)
    if to.holds_documents:
        write_documents(target, to, _unchanged(documents, done, to))
        return
    sentences = sentences_of_documents(documents, str(source), options, are_files=source.is_dir())
    write_sentences(target, to, _numbered(_plain(sentences, done, to), to))
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


def _plain(sentences: Iterable[Sentence], done: Conversion, to: Format) -> Iterator[Sentence]:
    """Yield sentences with tokens, and marks of documents in one form; count what is left out."""
    for sentence in sentences:
        if sentence.is_document_start:
            done.written["documents"] += 1
            done.lost["comments"] += len(sentence.rows) - 1
            yield Sentence([], [], sentence.line, [MARK])
        elif sentence.is_mark:
            done.lost["comments and header rows"] += len(sentence.rows)
        elif sentence.tokens:
            _refuse_not_annotated(sentence.tags.count(NOT_ANNOTATED) if sentence.tags else 0, sentence.line, to)
            _count(sentence, done)
            done.lost["tag probabilities of sentences"] += bool(sentence.probabilities) and to.name != JSON_LINES
            if sentence.extra and to.name not in ("jsonl", "spans", "label-studio"):
                done.lost["other keys of records"] += 1
            yield sentence


def _refuse_not_annotated(count: int, line: int, to: Format) -> None:
    """Refuse tokens that are not annotated, in a format that cannot say so."""
    if count and not to.says_not_annotated:
        able = ", ".join(format.name for format in FORMATS.values() if format.says_not_annotated)
        raise DataError(
            f"line {line}: {count_of(count, 'token')} not annotated, which {to.name} cannot say, expected --to {able}"
        )


def _count(sentence: Sentence, done: Conversion) -> None:
    done.written["sentences"] += 1
    done.written["tokens"] += len(sentence.tokens)
    if sentence.tags is not None:
        done.written["entities"] += len(encode_tags([sentence.tags]).spans().start)
    row = sentence.rows[0] if sentence.rows else ""
    if len(row.split("\t") if "\t" in row else row.split()) > 2:
        done.lost["other columns of sentences"] += 1


def _numbered(sentences: Iterable[Sentence], to: Format) -> Iterator[Sentence]:
    """Yield the sentences; in JSON Lines and Parquet, the number of its document is a key of each."""
    if to.name not in ("jsonl", PARQUET):
        yield from sentences
        return
    document = 0
    for sentence in sentences:
        if sentence.tokens:
            numbered = {"document": document} if document else {}
            yield sentence._replace(extra={**(sentence.extra or {}), **numbered})
        document += sentence.is_document_start


def _documents(sentences: Iterable[Sentence], done: Conversion, to: Format) -> Iterator[Document]:
    """Yield sentences of tokens as documents: one for each sentence, or for brat and spaCy for each marked document."""
    number = 0
    together: list[Sentence] = []
    between = " " if to.name == SPACY else "\n"  # spaCy makes a token of a line end
    for sentence in sentences:
        if sentence.is_document_start:
            if together:
                yield document_of(together, together[0].line, between)
            together = []
            number += 1
        elif to.name == BRAT or (to.name == SPACY and number):
            together.append(sentence)
            done.lost["tokens of sentences"] += to.name == BRAT
        else:
            document = document_of([sentence], sentence.line)
            extra = {**(sentence.extra or {}), **({"document": number} if number else {})}
            if to.name not in ("spans", SPACY):
                done.lost["tokens of sentences"] += 1
            yield replace(document, extra=extra)
    if together:
        yield document_of(together, together[0].line, between)


def _without_empty_tokens(documents: Iterable[Document], done: Conversion) -> Iterator[Document]:
    """Yield documents without tokens of no character, which spaCy cannot hold; count them."""
    for document in documents:
        given = document.sentences or []
        kept = [[(start, end) for start, end in offsets if start < end] for offsets in given]
        done.lost["empty tokens"] += sum(map(len, given)) - sum(map(len, kept))
        spans = document.spans and [span for span in document.spans if span.start < span.end]
        yield replace(document, sentences=kept, spans=spans)


def _unchanged(documents: Iterable[Document], done: Conversion, to: Format) -> Iterator[Document]:
    """Yield documents, and count them."""
    for document in documents:
        _refuse_not_annotated(len(document.not_annotated), document.line, to)
        done.written["documents"] += 1
        done.written["entities"] += len(document.spans or [])
        if document.sentences is not None and to.name not in ("spans", SPACY):
            done.lost["tokens of documents"] += 1
        if (to.name == BRAT and set(document.extra) - {"id"}) or (to.name == SPACY and document.extra):
            done.lost["other keys of records"] += 1
        yield document
