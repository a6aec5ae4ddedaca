"""What a conversion carries over from one format to another, and what it counts as written or lost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from windowner.errors import UnholdableError
from windowner.formats.table import BRAT, FORMATS, JSON_LINES, PARQUET, SPACY, Format
from windowner.formats.writing import MARK
from windowner.text.conversion import document_of
from windowner.text.document import Document
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.sentence import Sentence
from windowner.text.spans import encode_tags
from windowner.text.wording import count_of


@dataclass
class Conversion:
    """What was written, and what was not carried over, by its description."""

    written: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()


def plain_sentences(sentences: Iterable[Sentence], done: Conversion, to: Format) -> Iterator[Sentence]:
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
    """Refuse tokens that are not annotated, in a format that cannot hold them."""
    if count and not to.says_not_annotated:
        able = ", ".join(format.name for format in FORMATS.values() if format.says_not_annotated)
        found = f"{count_of(count, 'token')} not annotated, which {to.name} cannot hold"
        raise UnholdableError(f"{found}, expected --to {able}", line)


def _count(sentence: Sentence, done: Conversion) -> None:
    done.written["sentences"] += 1
    done.written["tokens"] += len(sentence.tokens)
    if sentence.tags is not None:
        done.written["entities"] += len(encode_tags([sentence.tags]).spans().start)
    row = sentence.rows[0] if sentence.rows else ""
    if len(row.split("\t") if "\t" in row else row.split()) > 2:
        done.lost["other columns of sentences"] += 1


def numbered_sentences(sentences: Iterable[Sentence], to: Format) -> Iterator[Sentence]:
    """Yield the sentences. In JSON Lines and Parquet, each one holds the number of its document."""
    if to.name not in ("jsonl", PARQUET):
        yield from sentences
        return
    document = 0
    for sentence in sentences:
        if sentence.tokens:
            numbered = {"document": document} if document else {}
            yield sentence._replace(extra={**(sentence.extra or {}), **numbered})
        document += sentence.is_document_start


def documents_of_sentences(sentences: Iterable[Sentence], done: Conversion, to: Format) -> Iterator[Document]:
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


def without_empty_tokens(documents: Iterable[Document], done: Conversion) -> Iterator[Document]:
    """Yield documents without tokens of no character, which spaCy cannot hold; count them."""
    for document in documents:
        given = document.sentences or []
        kept = [[(start, end) for start, end in offsets if start < end] for offsets in given]
        done.lost["empty tokens"] += sum(map(len, given)) - sum(map(len, kept))
        spans = document.spans and [span for span in document.spans if span.start < span.end]
        yield replace(document, sentences=kept, spans=spans)


def counted_documents(documents: Iterable[Document], done: Conversion, to: Format) -> Iterator[Document]:
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
