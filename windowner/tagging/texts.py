"""Raw text through a tagger: to tokens with tags, or to a JSON object per text with its spans."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

import msgspec

from windowner.formats.texts import TEXT, TEXT_READERS
from windowner.tagger.tagger import Tagger, chunks
from windowner.tagger.texts import count_tokens
from windowner.text.document import Document, Span
from windowner.text.sentence import Sentence
from windowner.text.tokenizers import TokenizedText, find_tokenizer

SPANS = "spans"
"""Name of the output that has one JSON object per text; and its key for the entities."""


class Record(NamedTuple):
    """A text with its tokens, what else its record holds, and its line."""

    tokenized: TokenizedText
    extra: Mapping[str, Any]
    line: int


def read_texts(tagger: Tagger, stream: BinaryIO, name: str, format: str, first_line: int) -> Iterator[Sentence]:
    """Read raw text as sentences to be tagged; a text without words is a sentence without tokens."""
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in TEXT_READERS[format](stream, name, first_line):
        extra = {key: value for key, value in document.extra.items() if key != SPANS} or None
        for tokens in tokenizer.split(document.text).sentences or [[]]:
            yield Sentence(tokens, None, document.line, [], extra=extra)


def tokenize_documents(tagger: Tagger, documents: Iterable[Document]) -> Iterator[Record]:
    """Yield documents with the tokens that the model's tokenizer finds."""
    tokenizer = find_tokenizer(tagger.model.tokenizer)
    for document in documents:
        yield Record(tokenizer.split(document.text), document.extra, document.line)


def join_tokens(sentences: Iterable[Sentence]) -> Iterator[Record]:
    """Yield each sentence of tokens as a text, in which spaces stand between the tokens."""
    for sentence in sentences:
        if not sentence.is_mark:
            text = TokenizedText(" ".join(sentence.tokens), [sentence.tokens])
            yield Record(text, sentence.extra or {}, sentence.line)


def tag_documents(
    tagger: Tagger, records: Iterable[Record], min_probability: float
) -> Iterator[tuple[list[Document], int]]:
    """Yield texts with their entities, some at a time, with their number of tokens."""
    for chunk in chunks(records, lambda record: count_tokens(record.tokenized)):
        found = tagger.find_spans([record.tokenized for record in chunk], min_probability)
        tokens = sum(count_tokens(record.tokenized) for record in chunk)
        pairs = zip(chunk, found, strict=True)
        yield (
            [Document(record.tokenized.text, spans, None, record.line, record.extra) for record, spans in pairs],
            tokens,
        )


def _document(record: Record, spans: list[Span]) -> Document:
    return Document(record.tokenized.text, spans, None, record.line, record.extra)


def span_line(document: Document) -> str:
    """Return `{"text": ..., "spans": [...]}` with the other keys of the text's record, as one line."""
    text = document.text
    described = [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "text": text[span.start : span.end],
            "probability": None if span.probability is None else round(span.probability, 4),
        }
        for span in document.spans or []
    ]
    return msgspec.json.encode({**document.extra, TEXT: text, SPANS: described}).decode() + "\n"
