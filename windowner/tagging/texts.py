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
    """A text with its tokens, and what else its record holds."""

    tokenized: TokenizedText
    extra: Mapping[str, Any]


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
        yield Record(tokenizer.split(document.text), document.extra)


def join_tokens(sentences: Iterable[Sentence]) -> Iterator[Record]:
    """Yield each sentence of tokens as a text, in which spaces stand between the tokens."""
    for sentence in sentences:
        if not sentence.is_mark:
            yield Record(TokenizedText(" ".join(sentence.tokens), [sentence.tokens]), sentence.extra or {})


def write_spans(tagger: Tagger, records: Iterable[Record], min_probability: float) -> Iterator[tuple[str, int]]:
    """Yield texts with their entities as JSON Lines, piece by piece, each with its number of tokens."""
    for chunk in chunks(records, lambda record: count_tokens(record.tokenized)):
        found = tagger.find_spans([record.tokenized for record in chunk], min_probability)
        tokens = sum(count_tokens(record.tokenized) for record in chunk)
        yield "".join(map(_span_line, chunk, found)), tokens


def _span_line(record: Record, spans: list[Span]) -> str:
    """Return `{"text": ..., "spans": [...]}` with the other keys of the text's record, as one line."""
    text = record.tokenized.text
    described = [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "text": text[span.start : span.end],
            "probability": None if span.probability is None else round(span.probability, 4),
        }
        for span in spans
    ]
    return msgspec.json.encode({**record.extra, TEXT: text, SPANS: described}).decode() + "\n"
