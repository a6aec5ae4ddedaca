"""Documents of a file as sentences: tokenized, with tags from their spans, and with marks where a document begins."""

from collections.abc import Iterable, Iterator

from windowner.formats.jsonl import DOCUMENT_ROW, document_of_record
from windowner.formats.options import ReadOptions
from windowner.text.alignment import aligned
from windowner.text.alignment_counts import AlignmentCounts
from windowner.text.choosing import AUTO, tokenizer_for_text
from windowner.text.conversion import sentences_of
from windowner.text.document import Document
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import Tokenizer, find_tokenizer

MAX_OVERLAPS = 5
"""This many overlapping spans are reported one by one."""


def sentences_of_documents(
    documents: Iterable[Document], name: str, options: ReadOptions, *, are_files: bool = False
) -> Iterator[Sentence]:
    """Yield the sentences of documents, and a `-DOCSTART-` row before each document.

    Records of one sentence each are no documents: there are no marks then. Records that say which document they belong
    to have a mark where a new one begins.

    Parameters
    ----------
    documents
        The documents.
    name
        Name of the file, for error messages.
    options
        Tokenizer, and what is done with a span that cuts a token; counts and notes are added.
    are_files
        Whether each document is a file, and so always has a mark.
    """
    counts = AlignmentCounts()
    single: list[Sentence] = []  # records of one sentence, as long as there are no others
    are_single = not are_files
    named: object = None
    for document in documents:
        sentences = _sentences(document, name, options, counts)
        here = document_of_record(document.extra)
        if here is not None:
            if here != named:
                yield _mark(document)
            named = here
            yield from sentences
        elif are_single and len(sentences) <= 1:
            single += sentences
        else:
            for sentence in single:
                yield from (_mark(sentence), sentence)
            single, are_single = [], False
            yield _mark(document)
            yield from sentences
    yield from single
    _report(counts, options)


def aligned_documents(documents: Iterable[Document], name: str, options: ReadOptions) -> Iterator[Document]:
    """Yield documents with tokens, and with spans that hold whole tokens and do not overlap; counts are added."""
    counts = AlignmentCounts()
    for document in documents:
        yield aligned(document, _tokenizer(document, options), options.misaligned, counts, name)
    _report(counts, options)


def _sentences(document: Document, name: str, options: ReadOptions, counts: AlignmentCounts) -> list[Sentence]:
    """Return the sentences of a document; without spans, they have no tags."""
    return sentences_of(document, _tokenizer(document, options), options.misaligned, counts, name)


def _tokenizer(document: Document, options: ReadOptions) -> Tokenizer:
    """Return the tokenizer of a file; the first document without tokens chooses it."""
    if document.sentences is None and not options.found:
        chosen = options.tokenizer
        options.found.append(tokenizer_for_text(document.text) if chosen == AUTO else chosen)
    return find_tokenizer(options.found[0] if options.found else "white-space")


def _mark(item: Document | Sentence) -> Sentence:
    return Sentence([], None, item.line, [DOCUMENT_ROW])


def _report(counts: AlignmentCounts, options: ReadOptions) -> None:
    for kind, number in counts.by_kind().items():
        options.count(kind, number)
    options.overlaps.extend(counts.overlaps[:MAX_OVERLAPS])
